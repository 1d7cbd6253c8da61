// SPDX-License-Identifier: Apache-2.0
package io.multuseni.localcluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which objects of a type a list or a watch is about.
 *
 * @param namespace empty for all
 * @param conditions what its labels and fields must be like
 */
record Selection(String namespace, List<Predicate<ObjectNode>> conditions) {
  private static final Set<String> POD_FIELDS = Set.of("spec.nodeName", "status.phase");
  private static final Set<String> FIELDS = Set.of("metadata.name", "metadata.namespace");
  private static final Pattern SET_BASED =
      Pattern.compile("\\s*(\\S+)\\s+(in|notin)\\s*\\(([^)]*)\\)\\s*");
  private static final Pattern EQUALITY = Pattern.compile("\\s*([^\\s=!]+)\\s*(==|=|!=)(.*)");

  /**
   * The selection that a request asks for.
   *
   * @throws ApiException 400 if a selector can't be read or names a field that can't be selected by
   */
  static Selection of(ApiRequest request, ResourceType type) {
    List<Predicate<ObjectNode>> conditions = new ArrayList<>();
    request.param("labelSelector").ifPresent(s -> conditions.addAll(labels(s)));
    request.param("fieldSelector").ifPresent(s -> conditions.addAll(fields(s, type)));
    if (!request.name().isEmpty()) {
      conditions.addAll(fields("metadata.name=" + request.name(), type));
    }
    return new Selection(request.namespace(), List.copyOf(conditions));
  }

  boolean matches(StoredObject object) {
    if (!namespace.isEmpty() && !namespace.equals(object.namespace())) {
      return false;
    }
    if (conditions.isEmpty()) {
      return true;
    }
    ObjectNode tree = Json.parseObject(object.json());
    return conditions.stream().allMatch(c -> c.test(tree));
  }

  private static List<Predicate<ObjectNode>> fields(String selector, ResourceType type) {
    List<Predicate<ObjectNode>> conditions = new ArrayList<>();
    for (String part : selector.split(",", -1)) {
      Matcher equality = EQUALITY.matcher(part);
      if (!equality.matches()) {
        throw ApiException.badRequest(
            "field selector \"" + part + "\" can't be read: write field=value or field!=value");
      }
      String field = equality.group(1);
      if (!FIELDS.contains(field)
          && !(type.equals(ResourceType.PODS) && POD_FIELDS.contains(field))) {
        throw ApiException.badRequest(
            type.qualified() + " can't be selected by the field \"" + field + "\"");
      }
      String pointer = "/" + field.replace('.', '/');
      String wanted = equality.group(3).strip();
      boolean equal = !equality.group(2).equals("!=");
      conditions.add(o -> o.at(pointer).asText("").equals(wanted) == equal);
    }
    return conditions;
  }

  private static List<Predicate<ObjectNode>> labels(String selector) {
    // A comma in brackets parts values, any other one parts conditions.
    return Arrays.stream(selector.split(",(?![^(]*\\))")).map(Selection::label).toList();
  }

  private static Predicate<ObjectNode> label(String part) {
    Matcher setBased = SET_BASED.matcher(part);
    if (setBased.matches()) {
      Set<String> values = Set.of(setBased.group(3).strip().split("\\s*,\\s*"));
      boolean in = setBased.group(2).equals("in");
      return o -> {
        JsonNode label = o.path("metadata").path("labels").path(setBased.group(1));
        return (label.isTextual() && values.contains(label.textValue())) == in;
      };
    }
    Matcher equality = EQUALITY.matcher(part);
    if (equality.matches()) {
      String wanted = equality.group(3).strip();
      boolean equal = !equality.group(2).equals("!=");
      return o -> {
        JsonNode label = o.path("metadata").path("labels").path(equality.group(1));
        return (label.isTextual() && label.textValue().equals(wanted)) == equal;
      };
    }
    String key = part.strip();
    boolean present = !key.startsWith("!");
    String bare = present ? key : key.substring(1);
    if (!bare.matches("[\\w./-]+")) {
      throw ApiException.badRequest("label selector \"" + part + "\" can't be read");
    }
    return o -> o.path("metadata").path("labels").has(bare) == present;
  }
}
