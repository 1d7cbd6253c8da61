// SPDX-License-Identifier: Apache-2.0
package io.multuseni.infra;

import static org.assertj.core.api.Assertions.assertThat;

import io.multuseni.core.config.Deployment;
import io.multuseni.infra.functions.JavaFunction;
import io.multuseni.infra.policies.AccountScope;
import io.multuseni.infra.policies.Statement;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awscdk.Aws;
import software.amazon.awscdk.Stack;
import software.amazon.awscdk.services.iam.PolicyDocument;
import software.amazon.awscdk.services.iam.PolicyStatement;
import software.amazon.awscdk.services.iam.Role;
import software.amazon.awscdk.services.iam.ServicePrincipal;

final class NagTest {
  private static final String RULE = "AwsSolutions-IAM5";
  private static final String REASON = "EC2 knows no resources for describing.";

  @TempDir Path folder;

  @Test
  void suppressesWhatIsNamedAndNothingElse() {
    Cloud cloud = Cloud.in(folder);
    Stack bare = new Stack(cloud.app(), "bare");
    role(bare);
    Stack half = new Stack(cloud.app(), "half");
    Nag.suppress(role(half), RULE, REASON, "Resource::*");
    Stack full = new Stack(cloud.app(), "full");
    Role role = role(full);
    Nag.suppress(role, RULE, REASON, "Resource::*");
    Nag.suppress(role, RULE, "All objects are the function's own.", "Action::s3:Get*");

    assertThat(Cloud.findings(bare)).hasSize(2);
    assertThat(Cloud.findings(half)).hasSize(1).first().asString().contains("s3:Get*");
    assertThat(Cloud.findings(full)).isEmpty();
  }

  @Test
  void suppressesAWholeRuleWhereNothingIsNamed() {
    Cloud cloud = Cloud.in(folder);
    Stack stack = new Stack(cloud.app(), "all");
    role(stack);

    Nag.suppress(stack, RULE, REASON);

    assertThat(Cloud.findings(stack)).isEmpty();
  }

  @Test
  void explainsTheWildcardsThatStatementsExplainThemselves() {
    Cloud cloud = Cloud.in(folder);
    AccountScope scope = new AccountScope(Aws.PARTITION, Aws.REGION, Aws.ACCOUNT_ID);
    List<String> interfaces = List.of(scope.arn("ec2", "network-interface/*"));
    Statement ours =
        Statement.allow("Ours", List.of("ec2:DeleteNetworkInterface"), interfaces)
            .when("StringEquals", "aws:ResourceTag/multus-eni/cluster", List.of("core5g"));
    Statement describe = Statement.allow("Describe", List.of("ec2:DescribeSubnets"), List.of("*"));
    Statement deny = Statement.deny("Never", List.of("ec2:RunInstances"), List.of("*"));
    Statement tooWide =
        Statement.allow("TooWide", List.of("ec2:DeleteNetworkInterface"), interfaces);

    assertThat(findings(cloud, "meant", List.of(ours, describe, deny))).isEmpty();
    assertThat(findings(cloud, "not", List.of(describe, tooWide)))
        .hasSize(1)
        .first()
        .asString()
        .contains("network-interface/*");
  }

  @Test
  void keepsAFindingThatOnlyOneOfTwoStatementsExplains() {
    Statement describe = Statement.allow("Describe", List.of("ec2:DescribeSubnets"), List.of("*"));
    Statement change =
        Statement.allow("Change", List.of("ec2:CreateNetworkInterface"), List.of("*"));

    assertThat(findings(Cloud.in(folder), "half", List.of(describe, change))).hasSize(1);
  }

  private static List<String> findings(Cloud cloud, String id, List<Statement> statements) {
    Stack stack = new Stack(cloud.app(), id);
    new JavaFunction(
        stack,
        "Function",
        Deployment.DEFAULTS,
        new JavaFunction.Properties(
            "a-function",
            "For a test",
            cloud.jar(),
            "io.multuseni.Handler",
            Duration.ofMinutes(1),
            512,
            Optional.empty(),
            Map.of(),
            statements,
            Duration.ofMinutes(1),
            0,
            Optional.empty(),
            Optional.empty()));
    return Cloud.findings(stack);
  }

  private static Role role(Stack stack) {
    return Role.Builder.create(stack, "Role")
        .assumedBy(new ServicePrincipal("lambda.amazonaws.com"))
        .inlinePolicies(
            Map.of(
                "all",
                PolicyDocument.Builder.create()
                    .statements(
                        List.of(
                            PolicyStatement.Builder.create()
                                .actions(List.of("s3:Get*"))
                                .resources(List.of("*"))
                                .build()))
                    .build()))
        .build();
  }
}
