// SPDX-License-Identifier: Apache-2.0
package io.multuseni.localcluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is read from a request line. */
class ApiRequestTest {

  @ParameterizedTest
  @CsvSource({
    "GET, /api/v1/pods, list, '', v1, pods, '', '', ''",
    "GET, /api/v1/pods?watch=true, watch, '', v1, pods, '', '', ''",
    "GET, /api/v1/pods?watch=false, list, '', v1, pods, '', '', ''",
    "GET, /api/v1/namespaces/ns/pods, list, '', v1, pods, ns, '', ''",
    "GET, /api/v1/namespaces/ns/pods/a, get, '', v1, pods, ns, a, ''",
    "PUT, /api/v1/namespaces/ns/pods/a/status, update, '', v1, pods, ns, a, status",
    "GET, /api/v1/nodes/n, get, '', v1, nodes, '', n, ''",
    "GET, /api/v1/namespaces, list, '', v1, namespaces, '', '', ''",
    "GET, /api/v1/namespaces/ns, get, '', v1, namespaces, '', ns, ''",
    "POST, /apis/g.io/v2/namespaces/ns/things, create, g.io, v2, things, ns, '', ''",
    "PATCH, /apis/g.io/v2/namespaces/ns/things/a%3Ab, patch, g.io, v2, things, ns, a:b, ''",
    "DELETE, /apis/g.io/v2/things/a, delete, g.io, v2, things, '', a, ''",
    "DELETE, /apis/g.io/v2/things, deletecollection, g.io, v2, things, '', '', ''",
    "GET, /apis/g.io/v2/, get, '', '', /apis/g.io/v2, '', '', ''",
    "GET, /version, get, '', '', /version, '', '', ''",
    "GET, /, get, '', '', /, '', '', ''"
  })
  void readsVerbTypeAndPlace(
      String method,
      String uri,
      String verb,
      String group,
      String version,
      String resource,
      String namespace,
      String name,
      String subresource) {
    ApiRequest request = ApiRequest.parse(method, uri);

    assertThat(request)
        .isEqualTo(
            new ApiRequest(
                verb,
                group,
                version,
                resource,
                namespace,
                name,
                subresource,
                request.params(),
                uri));
  }

  @Test
  void readsThePageFromTheTokenThatTheServerGave() {
    String token = new ContinueToken(7, 3, "ns/a pod").text();

    ApiRequest request = ApiRequest.parse("GET", "/api/v1/pods?limit=5&continue=" + token);

    assertThat(request.page()).isEqualTo(3);
    assertThat(request.param("limit")).hasValue("5");
    assertThat(ContinueToken.parse(token)).isEqualTo(new ContinueToken(7, 3, "ns/a pod"));
    assertThat(ApiRequest.parse("GET", "/api/v1/pods?continue=x&limit=").page()).isEqualTo(1);
    assertThat(ApiRequest.parse("GET", "/api/v1/pods?limit=").param("limit")).isEmpty();
  }

  @Test
  void refusesABrokenEscape() {
    assertThatThrownBy(() -> ApiRequest.parse("GET", "/api/v1/pods?limit=%zz"))
        .isInstanceOfSatisfying(ApiException.class, e -> assertThat(e.code).isEqualTo(400));
  }
}
