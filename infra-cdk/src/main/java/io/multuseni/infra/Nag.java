// SPDX-License-Identifier: Apache-2.0
package io.multuseni.infra;

import io.multuseni.infra.policies.Statement;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import software.amazon.awscdk.CfnResource;
import software.amazon.awscdk.Stack;
import software.constructs.IConstruct;

/**
 * Tells cdk-nag which of its findings are meant, and why. It writes the same metadata as cdk-nag's
 * own class (its README, "Suppressing a rule"), so that only the tests need that library.
 */
public final class Nag {
  private static final String METADATA = "cdk_nag";
  private static final String SUPPRESSIONS = "rules_to_suppress";

  private Nag() {}

  /**
   * Suppresses a rule for all resources of a construct.
   *
   * @param construct a resource, or what holds resources
   * @param rule such as {@code AwsSolutions-IAM5}
   * @param reason why the finding is meant, at least 10 characters
   * @param findings which findings of the rule, such as {@code Resource::*}; all where none is
   *     named
   */
  public static void suppress(
      IConstruct construct, String rule, String reason, String... findings) {
    Map<String, Object> suppression = new LinkedHashMap<>();
    suppression.put("id", rule);
    suppression.put("reason", reason);
    if (findings.length > 0) {
      suppression.put("applies_to", List.of(findings));
    }
    for (IConstruct part : construct.getNode().findAll()) {
      if (part instanceof CfnResource resource) {
        add(resource, suppression);
      }
    }
  }

  /**
   * Suppresses the wildcards of a role's statements where the statements themselves say why they
   * are meant: AWS knows no resources for reading, or a condition limits them. A wildcard that even
   * one statement leaves unexplained stays a finding.
   */
  public static void suppressWildcards(IConstruct role, List<Statement> statements) {
    SortedMap<String, List<String>> reasons = new TreeMap<>();
    Set<String> unexplained = new HashSet<>();
    for (Statement statement : statements) {
      if (statement.effect() == Statement.Effect.DENY) {
        continue;
      }
      for (String resource : statement.resources()) {
        String named = named(Stack.of(role).resolve(resource));
        if (!named.contains("*")) {
          continue;
        }
        reason(statement, named)
            .ifPresentOrElse(
                reason -> reasons.computeIfAbsent(named, _ -> new ArrayList<>()).add(reason),
                () -> unexplained.add(named));
      }
    }
    reasons.keySet().removeAll(unexplained);
    reasons.forEach((resource, all) ->
        suppress(role, "AwsSolutions-IAM5", String.join("; ", all), "Resource::" + resource));
  }

  private static Optional<String> reason(Statement statement, String resource) {
    if (resource.contains(":autoScalingGroup:*:autoScalingGroupName/")
        && !resource.endsWith("/*")) {
      return Optional.of(
          statement.sid() + ": the group is named, and only the id that AWS gives it is open");
    }
    if (resource.endsWith(":log-stream:*")) {
      return Optional.of(
          statement.sid() + ": Lambda names the streams of the function's log group");
    }
    if (!statement.conditions().isEmpty()) {
      Set<String> keys = new TreeSet<>();
      statement.conditions().values().forEach(byKey -> keys.addAll(byKey.keySet()));
      return Optional.of(statement.sid() + ": limited by " + String.join(", ", keys));
    }
    return statement.actions().stream().allMatch(Nag::hasNoResources)
        ? Optional.of(
            statement.sid()
                + ": AWS knows no resources for "
                + String.join(", ", statement.actions()))
        : Optional.empty();
  }

  private static boolean hasNoResources(String action) {
    return action.matches("(ec2|autoscaling):Describe\\w+|xray:Put\\w+");
  }

  /** As cdk-nag names a resource: what a deployment fills in stands in angle brackets. */
  private static String named(Object resolved) {
    return switch (resolved) {
      case List<?> parts -> parts.stream().map(Nag::named).collect(Collectors.joining());
      case Map<?, ?> call when call.get("Ref") instanceof String name -> "<" + name + ">";
      case Map<?, ?> call when call.get("Fn::GetAtt") instanceof List<?> path ->
          path.stream().map(String::valueOf).collect(Collectors.joining(".", "<", ">"));
      case Map<?, ?> call when call.get("Fn::Join") instanceof List<?> join ->
          named(join.getLast());
      default -> resolved.toString();
    };
  }

  private static void add(CfnResource resource, Map<String, Object> suppression) {
    List<Object> all = new ArrayList<>();
    if (resource.getMetadata(METADATA) instanceof Map<?, ?> known
        && known.get(SUPPRESSIONS) instanceof List<?> earlier) {
      all.addAll(earlier);
    }
    all.add(suppression);
    resource.addMetadata(METADATA, Map.of(SUPPRESSIONS, all));
  }
}
