// SPDX-License-Identifier: Apache-2.0
package io.multuseni.infra.policies;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A role's statements as policies that IAM takes: what fits stands in the role, the rest in managed
 * policies beside it.
 *
 * @param inline what stands in the role itself
 * @param managed one list of statements for each managed policy; empty for most clusters
 * @param problem why IAM won't take them, and what to do; empty where it does
 */
public record PolicyDocuments(
    List<Statement> inline, List<List<Statement>> managed, Optional<String> problem) {
  /** Characters of all inline policies of a role together (IAM user guide, quotas). */
  public static final int INLINE_MAX = 10_240;

  /** Left in them for what the CDK grants by itself: sending to a queue for dead letters. */
  private static final int INLINE_ROOM = 512;

  /** Characters of a managed policy, not counting white space (IAM user guide, quotas). */
  public static final int MANAGED_MAX = 6_144;

  /** How many managed policies a role takes by default (IAM user guide, quotas). */
  public static final int MANAGED_POLICIES_MAX = 10;

  /** A longer statement is cut into several, so that policies fill up. */
  private static final int STATEMENT_MAX = 2_000;

  private static final int FRAME = document(List.of()).length();
  private static final Pattern TOKEN = Pattern.compile("\\$\\{Token\\[([^]]*)]}");

  /** {@code eks-<63 characters>-<36 characters>}: what else a token may stand for is shorter. */
  private static final int LONGEST_NAME = 104;

  /** Copies the lists. */
  public PolicyDocuments {
    inline = List.copyOf(inline);
    managed = managed.stream().map(List::copyOf).toList();
  }

  /**
   * Divides the statements of a role.
   *
   * @param statements all that the role has
   */
  public static PolicyDocuments of(List<Statement> statements) {
    if (size(statements) <= INLINE_MAX - INLINE_ROOM) {
      return new PolicyDocuments(statements, List.of(), Optional.empty());
    }
    List<Statement> parts =
        statements.stream().flatMap(one -> numbered(parts(one)).stream()).toList();
    List<List<Statement>> documents = new ArrayList<>();
    documents.add(new ArrayList<>());
    for (Statement part : parts) {
      firstWithRoom(documents, part)
          .orElseGet(() -> {
            List<Statement> next = new ArrayList<>();
            documents.add(next);
            return next;
          })
          .add(part);
    }
    List<List<Statement>> managed = documents.subList(1, documents.size());
    return new PolicyDocuments(documents.getFirst(), managed, problem(parts, managed));
  }

  private static Optional<String> problem(List<Statement> all, List<List<Statement>> managed) {
    if (managed.stream().anyMatch(one -> size(one) > MANAGED_MAX)) {
      return Optional.of(
          "a statement is longer than a managed policy may be, %d characters: %s"
              .formatted(
                  MANAGED_MAX,
                  all.stream()
                      .filter(one -> size(List.of(one)) > MANAGED_MAX)
                      .map(Statement::sid)
                      .collect(Collectors.joining(", "))));
    }
    if (managed.size() > MANAGED_POLICIES_MAX) {
      return Optional.of(
          ("the role's policies are %d characters long: more than fit into its inline policy (%d)"
                  + " and the %d managed policies (%d each) that IAM attaches to a role; name fewer"
                  + " subnets, security groups and Auto Scaling groups for this cluster")
              .formatted(size(all), INLINE_MAX, MANAGED_POLICIES_MAX, MANAGED_MAX));
    }
    return Optional.empty();
  }

  /** A policy with these statements, as IAM reads it, without white space. */
  public static String document(List<Statement> statements) {
    ObjectNode root = JsonNodeFactory.instance.objectNode().put("Version", "2012-10-17");
    ArrayNode all = root.putArray("Statement");
    statements.forEach(statement -> all.add(json(statement)));
    return root.toString();
  }

  private static ObjectNode json(Statement statement) {
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    node.put("Sid", statement.sid());
    node.put("Effect", statement.effect() == Statement.Effect.ALLOW ? "Allow" : "Deny");
    statement.actions().forEach(node.putArray("Action")::add);
    statement.resources().forEach(node.putArray("Resource")::add);
    if (!statement.conditions().isEmpty()) {
      ObjectNode conditions = node.putObject("Condition");
      statement
          .conditions()
          .forEach((operator, keys) -> {
            ObjectNode ofOperator = conditions.putObject(operator);
            keys.forEach((key, values) -> {
              if (values.size() == 1) {
                ofOperator.put(key, values.getFirst());
              } else {
                values.forEach(ofOperator.putArray(key)::add);
              }
            });
          });
    }
    return node;
  }

  private static Optional<List<Statement>> firstWithRoom(
      List<List<Statement>> documents, Statement part) {
    for (int i = 0; i < documents.size(); i++) {
      List<Statement> extended = new ArrayList<>(documents.get(i));
      extended.add(part);
      if (size(extended) <= (i == 0 ? INLINE_MAX - INLINE_ROOM : MANAGED_MAX)) {
        return Optional.of(documents.get(i));
      }
    }
    return Optional.empty();
  }

  /** Characters of a policy, with the longest that its tokens can stand for. */
  static int size(List<Statement> statements) {
    Matcher tokens = TOKEN.matcher(document(statements));
    return tokens.replaceAll(token -> "x".repeat(longest(token.group(1)))).length();
  }

  private static int longest(String token) {
    if (token.startsWith("AWS.AccountId.")) {
      return "123456789012".length();
    }
    if (token.startsWith("AWS.Partition.")) {
      return "aws-us-gov".length();
    }
    if (token.startsWith("AWS.Region.")) {
      return "ap-southeast-1".length();
    }
    return LONGEST_NAME;
  }

  /** Statements that say together what one says, none of them longer than need be. */
  private static List<Statement> parts(Statement statement) {
    if (size(List.of(statement)) - FRAME <= STATEMENT_MAX) {
      return List.of(statement);
    }
    List<String> resources = statement.resources();
    if (resources.size() > 1) {
      return halved(resources, half -> withResources(statement, half));
    }
    return longestChoice(statement)
        .map(choice ->
            halved(
                choice.getValue(), half -> statement.when("StringEquals", choice.getKey(), half)))
        .orElse(List.of(statement));
  }

  private static List<Statement> halved(
      List<String> items, Function<List<String>, Statement> statement) {
    int middle = items.size() / 2;
    return Stream.of(items.subList(0, middle), items.subList(middle, items.size()))
        .map(statement)
        .flatMap(half -> parts(half).stream())
        .toList();
  }

  private static Statement withResources(Statement statement, List<String> resources) {
    return new Statement(
        statement.sid(),
        statement.effect(),
        statement.actions(),
        resources,
        statement.conditions());
  }

  /**
   * The condition that can be cut in two: it allows where one of several values equals. A Deny by
   * one of several values could be cut as well, but there is none so long.
   */
  private static Optional<Map.Entry<String, List<String>>> longestChoice(Statement statement) {
    return Optional.of(statement)
        .filter(one -> one.effect() == Statement.Effect.ALLOW)
        .flatMap(one -> Optional.ofNullable(one.conditions().get("StringEquals")))
        .flatMap(keys ->
            keys.entrySet().stream()
                .filter(key -> key.getValue().size() > 1)
                .max(Comparator.comparingInt(key -> key.getValue().size())));
  }

  /** A part's sid has a number behind it, since sids are unique in a policy. */
  private static List<Statement> numbered(List<Statement> parts) {
    if (parts.size() == 1) {
      return parts;
    }
    List<Statement> numbered = new ArrayList<>();
    for (Statement part : parts) {
      numbered.add(
          new Statement(
              part.sid() + (numbered.size() + 1),
              part.effect(),
              part.actions(),
              part.resources(),
              part.conditions()));
    }
    return numbered;
  }
}
