// SPDX-License-Identifier: Apache-2.0
package io.multuseni.localcluster;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * One request as Kubernetes sees it.
 *
 * @param verb {@code get}, {@code list}, {@code watch}, {@code create}, {@code update}, {@code
 *     patch}, {@code delete} or {@code deletecollection}; for a path that is no resource the HTTP
 *     method in lower case
 * @param group API group, empty for the core group
 * @param version for example {@code v1}; empty if the path is no resource
 * @param resource plural of the type, or the path itself if it is no resource
 * @param namespace empty for all of them or none
 * @param name empty for all objects
 * @param subresource for example {@code status}; mostly empty
 * @param params the query, decoded
 * @param uri path and query as sent
 */
record ApiRequest(
    String verb,
    String group,
    String version,
    String resource,
    String namespace,
    String name,
    String subresource,
    Map<String, String> params,
    String uri) {

  /**
   * Reads a request line.
   *
   * @param method HTTP method
   * @param uri path and query
   * @throws ApiException 400 if an escape in it is broken
   */
  static ApiRequest parse(String method, String uri) {
    int mark = uri.indexOf('?');
    String path = mark < 0 ? uri : uri.substring(0, mark);
    Map<String, String> params = params(mark < 0 ? "" : uri.substring(mark + 1));
    List<String> parts =
        Arrays.stream(path.split("/")).filter(p -> !p.isEmpty()).map(ApiRequest::decode).toList();

    int head = headLength(parts);
    if (head == 0 || parts.size() <= head) {
      return new ApiRequest(
          method.toLowerCase(Locale.ROOT),
          "",
          "",
          "/" + String.join("/", parts),
          "",
          "",
          "",
          params,
          uri);
    }
    String group = head == 3 ? parts.get(1) : "";
    String version = parts.get(head - 1);
    List<String> rest = parts.subList(head, parts.size());
    String namespace = "";
    if (rest.size() > 2 && rest.getFirst().equals("namespaces")) {
      namespace = rest.get(1);
      rest = rest.subList(2, rest.size());
    }
    String name = rest.size() > 1 ? rest.get(1) : "";
    String subresource = String.join("/", rest.subList(Math.min(2, rest.size()), rest.size()));
    return new ApiRequest(
        verb(method, name, params),
        group,
        version,
        rest.getFirst(),
        namespace,
        name,
        subresource,
        params,
        uri);
  }

  /** Stands for a request line that can't be read. */
  static ApiRequest unreadable(String method, String uri) {
    return new ApiRequest(method.toLowerCase(Locale.ROOT), "", "", uri, "", "", "", Map.of(), uri);
  }

  /** The page of a list that is asked for, from 1; 1 also for everything that isn't a list. */
  int page() {
    return param("continue")
        .map(token -> {
          try {
            return ContinueToken.parse(token).page();
          } catch (ApiException invalid) {
            return 1; // The state refuses it.
          }
        })
        .orElse(1);
  }

  /** A parameter of the query, if it is there and not empty. */
  Optional<String> param(String key) {
    return Optional.ofNullable(params.get(key)).filter(v -> !v.isEmpty());
  }

  boolean isResource() {
    return !version.isEmpty();
  }

  /** How many segments name group and version; 0 if the path is none of the API's. */
  private static int headLength(List<String> parts) {
    if (parts.isEmpty()) {
      return 0;
    }
    return switch (parts.getFirst()) {
      case "api" -> 2;
      case "apis" -> 3;
      default -> 0;
    };
  }

  private static String verb(String method, String name, Map<String, String> params) {
    return switch (method) {
      case "GET", "HEAD" -> {
        String watch = params.getOrDefault("watch", "");
        if (watch.equals("true") || watch.equals("1")) {
          yield "watch";
        }
        yield name.isEmpty() ? "list" : "get";
      }
      case "POST" -> "create";
      case "PUT" -> "update";
      case "PATCH" -> "patch";
      case "DELETE" -> name.isEmpty() ? "deletecollection" : "delete";
      default -> method.toLowerCase(Locale.ROOT);
    };
  }

  private static Map<String, String> params(String query) {
    Map<String, String> params = new LinkedHashMap<>();
    for (String pair : query.split("&", -1)) {
      if (!pair.isEmpty()) {
        int equals = pair.indexOf('=');
        String key = equals < 0 ? pair : pair.substring(0, equals);
        String value = equals < 0 ? "" : pair.substring(equals + 1);
        params.put(decode(key), decode(value));
      }
    }
    return Map.copyOf(params);
  }

  private static String decode(String text) {
    try {
      return URLDecoder.decode(text, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw ApiException.badRequest("\"" + text + "\" is escaped wrongly");
    }
  }
}
