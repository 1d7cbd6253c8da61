// SPDX-License-Identifier: Apache-2.0
package io.multuseni.localcluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.zjsonpatch.JsonPatch;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Answers requests from the store, without faults. */
final class Api {
  private final Store store;
  private final Predicate<String> missing;

  /**
   * @param missing plurals whose definition is missing
   */
  Api(Store store, Predicate<String> missing) {
    this.store = store;
    this.missing = missing;
  }

  /** Answers everything but a watch. */
  Answer answer(ApiRequest request, String contentType, byte[] body) {
    try {
      if (!request.isResource()) {
        return discovery(request.resource());
      }
      Optional<ResourceType> type = type(request);
      if (type.isEmpty()) {
        return Answer.unknownPath();
      }
      if (!request.subresource().isEmpty()) {
        throw new ApiException(
            404, "local-cluster has no subresources, and so no \"" + request.subresource() + "\"");
      }
      return switch (request.verb()) {
        case "list" -> list(type.get(), request);
        case "get" -> Answer.json(200, existing(type.get(), request).json());
        case "create" -> create(type.get(), request, body);
        case "update" -> update(type.get(), request, body);
        case "patch" -> patch(type.get(), request, contentType, body);
        case "delete" -> delete(type.get(), request);
        default ->
            throw new ApiException(
                405, "local-cluster doesn't know the verb \"" + request.verb() + "\"");
      };
    } catch (ApiException refused) {
      return Answer.refusal(refused);
    }
  }

  /** The type a request is about, unless it isn't served. */
  Optional<ResourceType> type(ApiRequest request) {
    return store
        .find(request.group(), request.version(), request.resource())
        .filter(t -> !missing.test(t.plural()));
  }

  /**
   * Where a watch is to begin: nothing for the state of now and what follows.
   *
   * @throws ApiException 400 or 422 if its parameters can't be granted
   */
  OptionalLong watchFrom(ApiRequest request) {
    if (request.param("sendInitialEvents").isPresent()) {
      throw new ApiException(422, "sendInitialEvents is not served: list, then watch");
    }
    return request
        .param("resourceVersion")
        .map(Api::version)
        .filter(v -> v != 0)
        .map(OptionalLong::of)
        .orElseGet(OptionalLong::empty);
  }

  // ---- reading -------------------------------------------------------------------------------

  private Answer list(ResourceType type, ApiRequest request) {
    int limit = request.param("limit").map(Api::limit).orElse(0);
    Optional<ContinueToken> from = request.param("continue").map(ContinueToken::parse);
    Optional<Long> asked = request.param("resourceVersion").map(Api::version).filter(v -> v != 0);
    if (from.isPresent() && asked.isPresent()) {
      throw ApiException.badRequest("a list with a continue token can't name a resourceVersion");
    }
    Selection selection = Selection.of(request, type);
    Page page = store.list(type, selection, limit, from.orElse(null));
    if (asked.isPresent() && from.isEmpty()) {
      boolean exact = request.param("resourceVersionMatch").filter("Exact"::equals).isPresent();
      if (asked.get() > page.version()) {
        throw new ApiException(
            504, "resourceVersion " + asked.get() + " is too large: now is " + page.version());
      }
      if (exact && asked.get() != page.version()) {
        throw ApiException.expired(
            "resourceVersion " + asked.get() + " is too old: now is " + page.version());
      }
    }
    return Answer.json(200, listText(type, page, selection.conditions().isEmpty()));
  }

  /** Puts the texts of the objects together as they are: a list is as fast as copying them. */
  private static byte[] listText(ResourceType type, Page page, boolean tellRemaining) {
    ObjectNode metadata = Json.object();
    metadata.put("resourceVersion", Long.toString(page.version()));
    page.next()
        .ifPresent(next -> {
          metadata.put("continue", next.text());
          if (tellRemaining) {
            metadata.put("remainingItemCount", page.remaining());
          }
        });
    int size = 256 + page.items().stream().mapToInt(o -> o.json().length + 1).sum();
    ByteArrayOutputStream out = new ByteArrayOutputStream(size);
    String head =
        "{\"kind\":\"" + type.kind() + "List\",\"apiVersion\":\"" + type.apiVersion() + "\",";
    out.writeBytes(head.getBytes(StandardCharsets.UTF_8));
    out.writeBytes("\"metadata\":".getBytes(StandardCharsets.UTF_8));
    out.writeBytes(Json.bytes(metadata));
    out.writeBytes(",\"items\":[".getBytes(StandardCharsets.UTF_8));
    boolean first = true;
    for (StoredObject item : page.items()) {
      if (!first) {
        out.write(',');
      }
      first = false;
      out.writeBytes(item.json());
    }
    out.writeBytes("]}".getBytes(StandardCharsets.UTF_8));
    return out.toByteArray();
  }

  private StoredObject existing(ResourceType type, ApiRequest request) {
    return store
        .get(type, request.namespace(), request.name())
        .orElseThrow(() -> ApiException.notFound(type, request.name()));
  }

  private static int limit(String text) {
    try {
      int limit = Integer.parseInt(text);
      if (limit >= 0) {
        return limit;
      }
    } catch (NumberFormatException e) {
      throw ApiException.badRequest("limit \"" + text + "\" is no number");
    }
    throw ApiException.badRequest("limit " + text + " is negative");
  }

  private static long version(String text) {
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException e) {
      throw ApiException.badRequest("resourceVersion \"" + text + "\" is none of this server");
    }
  }

  // ---- writing -------------------------------------------------------------------------------

  private Answer create(ResourceType type, ApiRequest request, byte[] body) {
    ObjectNode object = object(body);
    String name = object.path("metadata").path("name").asText("");
    if (name.isEmpty()) {
      throw new ApiException(422, "metadata.name is missing (generateName is not served)");
    }
    if (type.namespaced() && request.namespace().isEmpty()) {
      throw ApiException.badRequest(type.qualified() + " are created in a namespace");
    }
    return written(
        201,
        store.change(
            type,
            request.namespace(),
            name,
            current -> {
              if (current != null) {
                throw new ApiException(
                    409, "AlreadyExists", type.qualified() + " \"" + name + "\" already exists");
              }
              return object;
            }));
  }

  private Answer update(ResourceType type, ApiRequest request, byte[] body) {
    ObjectNode object = object(body);
    return written(
        200,
        store.change(
            type,
            request.namespace(),
            request.name(),
            current -> {
              present(current, type, request);
              sameVersion(current, object, type, request.name());
              return object;
            }));
  }

  private Answer patch(ResourceType type, ApiRequest request, String contentType, byte[] body) {
    String media = contentType.split(";", 2)[0].strip();
    JsonNode patch = tree(body);
    return written(
        200,
        store.change(
            type,
            request.namespace(),
            request.name(),
            current -> {
              ObjectNode known = present(current, type, request);
              JsonNode patched =
                  switch (media) {
                    case "application/merge-patch+json" -> merged(known.deepCopy(), patch);
                    case "application/json-patch+json" -> JsonPatch.apply(patch, known);
                    default ->
                        throw new ApiException(
                            415,
                            "local-cluster takes application/merge-patch+json and"
                                + " application/json-patch+json, not "
                                + media);
                  };
              if (!(patched instanceof ObjectNode object)) {
                throw ApiException.badRequest("the patch leaves no object");
              }
              sameVersion(known, object, type, request.name());
              return object;
            }));
  }

  private Answer delete(ResourceType type, ApiRequest request) {
    return written(
        200,
        store.change(
            type,
            request.namespace(),
            request.name(),
            current -> {
              present(current, type, request);
              return null;
            }));
  }

  private static Answer written(int status, Optional<StoredObject> object) {
    return Answer.json(
        status,
        object.orElseThrow(() -> new IllegalStateException("a change without an object")).json());
  }

  private static ObjectNode present(
      @Nullable ObjectNode current, ResourceType type, ApiRequest request) {
    if (current == null) {
      throw ApiException.notFound(type, request.name());
    }
    return current;
  }

  /** Refuses a change that was made to another version than the one there is. */
  private static void sameVersion(
      @Nullable ObjectNode current, ObjectNode changed, ResourceType type, String name) {
    String based = changed.path("metadata").path("resourceVersion").asText("");
    if (current != null
        && !based.isEmpty()
        && !based.equals(current.path("metadata").path("resourceVersion").asText())) {
      throw ApiException.conflict(type, name, "it changed since version " + based + ": read again");
    }
  }

  /** RFC 7396: null removes, objects merge, everything else replaces. */
  private static JsonNode merged(ObjectNode target, JsonNode patch) {
    if (!patch.isObject()) {
      return patch;
    }
    for (Map.Entry<String, JsonNode> field : patch.properties()) {
      if (field.getValue().isNull()) {
        target.remove(field.getKey());
      } else if (field.getValue().isObject()) {
        ObjectNode inner =
            target.get(field.getKey()) instanceof ObjectNode known ? known : Json.object();
        target.set(field.getKey(), merged(inner, field.getValue()));
      } else {
        target.set(field.getKey(), field.getValue());
      }
    }
    return target;
  }

  private static ObjectNode object(byte[] body) {
    if (tree(body) instanceof ObjectNode object) {
      return object;
    }
    throw ApiException.badRequest("the body is no JSON object");
  }

  private static JsonNode tree(byte[] body) {
    try {
      return Json.parse(body);
    } catch (IllegalArgumentException e) {
      throw ApiException.badRequest("the body: " + e.getMessage());
    }
  }

  // ---- discovery -----------------------------------------------------------------------------

  /** What tools ask before they ask for objects. */
  private Answer discovery(String path) {
    List<ResourceType> types =
        store.types().stream()
            .filter(t -> !missing.test(t.plural()))
            .sorted(Comparator.comparing(ResourceType::qualified))
            .toList();
    return switch (path) {
      case "/healthz", "/livez", "/readyz" -> Answer.text(200, "ok");
      case "/version" -> Answer.json(200, version());
      case "/api" -> Answer.json(200, coreVersions());
      case "/apis" -> Answer.json(200, groups(types));
      default ->
          types.stream()
              .filter(t -> path.equals(head(t)))
              .findFirst()
              .map(t -> Answer.json(200, resources(t.apiVersion(), types)))
              .or(() ->
                  types.stream()
                      .filter(t -> path.equals("/apis/" + t.group()))
                      .findFirst()
                      .map(t -> Answer.json(200, group(t.group(), types))))
              .orElseGet(Answer::unknownPath);
    };
  }

  private static String head(ResourceType type) {
    return (type.group().isEmpty() ? "/api/" : "/apis/") + type.apiVersion();
  }

  private static ObjectNode version() {
    ObjectNode version = Json.object();
    version.put("major", "1");
    version.put("minor", "33");
    version.put("gitVersion", "v1.33.0+local-cluster");
    version.put("gitCommit", "");
    version.put("platform", "linux/amd64");
    return version;
  }

  private static ObjectNode coreVersions() {
    ObjectNode answer = Json.object();
    answer.put("kind", "APIVersions");
    answer.putArray("versions").add("v1");
    answer.putArray("serverAddressByClientCIDRs");
    return answer;
  }

  private static ObjectNode groups(List<ResourceType> types) {
    ObjectNode answer = Json.object();
    answer.put("kind", "APIGroupList");
    answer.put("apiVersion", "v1");
    ArrayNode groups = answer.putArray("groups");
    types.stream()
        .map(ResourceType::group)
        .filter(g -> !g.isEmpty())
        .distinct()
        .forEach(g -> groups.add(group(g, types)));
    return answer;
  }

  private static ObjectNode group(String name, List<ResourceType> types) {
    ObjectNode group = Json.object();
    group.put("kind", "APIGroup");
    group.put("apiVersion", "v1");
    group.put("name", name);
    ArrayNode versions = group.putArray("versions");
    types.stream()
        .filter(t -> t.group().equals(name))
        .map(ResourceType::version)
        .distinct()
        .forEach(v -> versions.addObject().put("groupVersion", name + "/" + v).put("version", v));
    group.set("preferredVersion", versions.get(0).deepCopy());
    return group;
  }

  private static ObjectNode resources(String apiVersion, List<ResourceType> types) {
    ObjectNode answer = Json.object();
    answer.put("kind", "APIResourceList");
    answer.put("apiVersion", "v1");
    answer.put("groupVersion", apiVersion);
    ArrayNode resources = answer.putArray("resources");
    types.stream()
        .filter(t -> t.apiVersion().equals(apiVersion))
        .forEach(t -> {
          ObjectNode entry = resources.addObject();
          entry.put("name", t.plural());
          entry.put("singularName", t.kind().toLowerCase(Locale.ROOT));
          entry.put("namespaced", t.namespaced());
          entry.put("kind", t.kind());
          ArrayNode verbs = entry.putArray("verbs");
          List.of("create", "delete", "get", "list", "patch", "update", "watch")
              .forEach(verbs::add);
        });
    return answer;
  }
}
