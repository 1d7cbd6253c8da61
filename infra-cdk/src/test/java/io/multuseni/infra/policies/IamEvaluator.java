// SPDX-License-Identifier: Apache-2.0
package io.multuseni.infra.policies;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiPredicate;
import java.util.regex.Pattern;

/**
 * Says whether a role's policies allow a call, as the IAM user guide describes it (policy
 * evaluation logic, condition operators): as far as the policies here go, and an error beyond.
 */
final class IamEvaluator {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private final List<JsonNode> statements = new ArrayList<>();

  private IamEvaluator() {}

  /** For policies as JSON. */
  static IamEvaluator of(List<String> documents) {
    IamEvaluator evaluator = new IamEvaluator();
    for (String document : documents) {
      try {
        MAPPER.readTree(document).required("Statement").forEach(evaluator.statements::add);
      } catch (JsonProcessingException e) {
        throw new AssertionError(e);
      }
    }
    return evaluator;
  }

  /** For the policies of one role. */
  static IamEvaluator ofPolicies(List<List<Statement>> policies) {
    return of(policies.stream().map(PolicyDocuments::document).toList());
  }

  /** Whether each resource of the call is allowed and none denied. */
  boolean allows(IamCall call) {
    return !call.resources().isEmpty()
        && call.resources().stream()
            .allMatch(
                resource -> matches("Allow", call, resource) && !matches("Deny", call, resource));
  }

  private boolean matches(String effect, IamCall call, IamCall.Resource resource) {
    return statements.stream()
        .filter(statement -> statement.required("Effect").asText().equals(effect))
        .filter(statement ->
            texts(statement.required("Action")).stream()
                .anyMatch(action ->
                    glob(action.toLowerCase(Locale.ROOT), call.action().toLowerCase(Locale.ROOT))))
        .filter(statement ->
            texts(statement.required("Resource")).stream()
                .anyMatch(pattern -> arnLike(pattern, resource.arn())))
        .anyMatch(statement -> holds(statement.path("Condition"), context(call, resource)));
  }

  /** The values of all condition keys; key names are the same in any case. */
  private static Map<String, Set<String>> context(IamCall call, IamCall.Resource resource) {
    Map<String, Set<String>> context = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    call.keys().forEach((key, value) -> context.put(key, Set.of(value)));
    call.requestTags().forEach((key, value) -> context.put("aws:RequestTag/" + key, Set.of(value)));
    if (!call.requestTags().isEmpty()) {
      context.put("aws:TagKeys", call.requestTags().keySet());
    }
    resource.tags().forEach((key, value) -> context.put("aws:ResourceTag/" + key, Set.of(value)));
    return context;
  }

  private static boolean holds(JsonNode conditions, Map<String, Set<String>> context) {
    return conditions.properties().stream()
        .allMatch(operator ->
            operator.getValue().properties().stream()
                .allMatch(key ->
                    holds(
                        operator.getKey(),
                        texts(key.getValue()),
                        context.getOrDefault(key.getKey(), Set.of()))));
  }

  private static boolean holds(String operator, List<String> wanted, Set<String> values) {
    if (operator.equals("Null")) {
      return wanted.equals(List.of(Boolean.toString(values.isEmpty())));
    }
    if (operator.startsWith("ForAllValues:")) {
      return values.stream()
          .allMatch(value -> one(operator.substring("ForAllValues:".length()), wanted, value));
    }
    if (operator.startsWith("ForAnyValue:")) {
      return values.stream()
          .anyMatch(value -> one(operator.substring("ForAnyValue:".length()), wanted, value));
    }
    if (operator.endsWith("IfExists")) {
      return values.isEmpty()
          || holds(operator.substring(0, operator.length() - "IfExists".length()), wanted, values);
    }
    if (values.isEmpty()) {
      // A key that isn't there equals nothing, so that it also differs from everything.
      return operator.contains("Not");
    }
    if (values.size() > 1) {
      throw new AssertionError(operator + " takes one value: " + values);
    }
    return one(operator, wanted, values.iterator().next());
  }

  private static boolean one(String operator, List<String> wanted, String value) {
    return switch (operator) {
      case "StringEquals" -> any(wanted, value, IamEvaluator::equal);
      case "StringNotEquals" -> !any(wanted, value, IamEvaluator::equal);
      case "StringLike" -> any(wanted, value, IamEvaluator::glob);
      case "ArnLike", "ArnEquals" -> any(wanted, value, IamEvaluator::arnLike);
      default -> throw new AssertionError("this evaluator doesn't know " + operator);
    };
  }

  private static boolean any(
      List<String> wanted, String value, BiPredicate<String, String> matches) {
    return wanted.stream().anyMatch(one -> matches.test(one, value));
  }

  private static boolean equal(String wanted, String value) {
    refuseVariables(wanted);
    return wanted.replace("${*}", "*").replace("${?}", "?").replace("${$}", "$").equals(value);
  }

  /** Each of the six parts of an ARN by itself. */
  private static boolean arnLike(String pattern, String arn) {
    if (pattern.equals("*")) {
      return true;
    }
    String[] patterns = pattern.split(":", 6);
    String[] parts = arn.split(":", 6);
    if (patterns.length != parts.length) {
      return false;
    }
    for (int i = 0; i < parts.length; i++) {
      if (!glob(patterns[i], parts[i])) {
        return false;
      }
    }
    return true;
  }

  /** Only the three that stand for a character of their own are known here. */
  private static void refuseVariables(String text) {
    if (text.replace("${*}", "").replace("${?}", "").replace("${$}", "").contains("${")) {
      throw new AssertionError("this evaluator knows no policy variable: " + text);
    }
  }

  private static boolean glob(String pattern, String text) {
    refuseVariables(pattern);
    StringBuilder regex = new StringBuilder();
    for (int i = 0; i < pattern.length(); i++) {
      char c = pattern.charAt(i);
      if (c == '$' && i + 3 < pattern.length() && pattern.charAt(i + 3) == '}') {
        regex.append(Pattern.quote(pattern.substring(i + 2, i + 3)));
        i += 3;
      } else if (c == '*') {
        regex.append(".*");
      } else if (c == '?') {
        regex.append('.');
      } else {
        regex.append(Pattern.quote(String.valueOf(c)));
      }
    }
    return Pattern.compile(regex.toString(), Pattern.DOTALL).matcher(text).matches();
  }

  private static List<String> texts(JsonNode node) {
    List<String> texts = new ArrayList<>();
    if (node.isArray()) {
      node.forEach(one -> texts.add(one.asText()));
    } else {
      texts.add(node.asText());
    }
    return texts;
  }
}
