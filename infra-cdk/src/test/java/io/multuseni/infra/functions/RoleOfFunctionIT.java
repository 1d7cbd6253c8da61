// SPDX-License-Identifier: Apache-2.0
package io.multuseni.infra.functions;

import static org.assertj.core.api.Assertions.assertThat;

import io.multuseni.core.config.Deployment;
import io.multuseni.infra.policies.PolicyDocuments;
import io.multuseni.infra.policies.Statement;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awscdk.App;
import software.amazon.awscdk.Stack;
import software.amazon.awscdk.assertions.Annotations;
import software.amazon.awscdk.assertions.Match;
import software.amazon.awscdk.assertions.Template;

/** A function's role in the template. */
class RoleOfFunctionIT {
  @TempDir private Path folder;

  private Stack stackWith(List<Statement> statements) throws Exception {
    Stack stack = new Stack(new App(), "stack");
    Path jar = Files.writeString(folder.resolve("function.jar"), "no code");
    new JavaFunction(
        stack,
        "Attach",
        Deployment.DEFAULTS,
        new JavaFunction.Properties(
            "multus-eni-attach-core5g",
            "Attaches",
            jar,
            "a.Handler",
            Duration.ofMinutes(2),
            1024,
            Optional.empty(),
            Map.of(),
            statements,
            Duration.ofMinutes(25),
            2,
            Optional.empty(),
            Optional.empty()));
    return stack;
  }

  private static List<Statement> inSubnets(int count) {
    return List.of(
        Statement.allow(
            "Create",
            List.of("ec2:CreateNetworkInterface"),
            IntStream.range(0, count)
                .mapToObj("arn:aws:ec2:us-east-1:123456789012:subnet/subnet-%017x"::formatted)
                .toList()));
  }

  @Test
  void holdsWhatFits() throws Exception {
    Template template = Template.fromStack(stackWith(inSubnets(3)));

    template.resourceCountIs("AWS::IAM::ManagedPolicy", 0);
    template.hasResourceProperties(
        "AWS::IAM::Role",
        Map.of(
            "Policies",
            List.of(
                Match.objectLike(
                    Map.of(
                        "PolicyDocument",
                        Map.of(
                            "Statement",
                            Match.arrayWith(List.of(Match.objectLike(Map.of("Sid", "Create")))),
                            "Version",
                            "2012-10-17"))))));
  }

  @Test
  void takesManagedPoliciesForTheRest() throws Exception {
    Template template = Template.fromStack(stackWith(inSubnets(300)));

    int policies = template.findResources("AWS::IAM::ManagedPolicy").size();
    assertThat(policies).isBetween(1, PolicyDocuments.MANAGED_POLICIES_MAX);
    assertThat(template.findResources("AWS::IAM::Role").values())
        .singleElement()
        .satisfies(role ->
            assertThat(role.toString().split("\\{Ref=AttachPolicy", -1))
                .as("all of them are attached")
                .hasSize(policies + 1));
    assertThat(template.toJSON().toString())
        .contains(IntStream.range(0, 300).mapToObj("subnet-%017x"::formatted).toList());
  }

  @Test
  void writesASingleValueOfAConditionAsText() throws Exception {
    Template template =
        Template.fromStack(
            stackWith(
                List.of(inSubnets(1).getFirst().when("StringEquals", "ec2:Vpc", List.of("one")))));

    assertThat(template.toJSON().toString()).contains("Condition={StringEquals={ec2:Vpc=one}}");
  }

  @Test
  void isAnErrorOfSynthWhereARoleCanNotHoldIt() throws Exception {
    Annotations.fromStack(stackWith(inSubnets(3000)))
        .hasError("*", Match.stringLikeRegexp(".*name fewer subnets.*"));
  }
}
