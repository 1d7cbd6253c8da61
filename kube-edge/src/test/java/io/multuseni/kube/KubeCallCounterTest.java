// SPDX-License-Identifier: Apache-2.0
package io.multuseni.kube;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Requests in words. */
class KubeCallCounterTest {
  private final KubeCallCounter counter = new KubeCallCounter();

  @ParameterizedTest
  @CsvSource({
    "https://a/api/v1/pods?limit=500,list pods",
    "https://a/api/v1/pods?limit=500&continue=watch,list pods",
    "https://a/api/v1/pods?allowWatchBookmarks=true&watch=true,watch pods",
    "https://a/api/v1/nodes/worker-1,get nodes",
    "https://a/apis/whereabouts.cni.cncf.io/v1alpha1/ippools?limit=500,list ippools",
    "https://a/k8s/clusters/c-1/api/v1/pods?limit=500,list pods",
    "https://a/k8s/clusters/c-1/apis/k8s.cni.cncf.io/v1/network-attachment-definitions,"
        + "list network-attachment-definitions",
    "https://a/version,get /version"
  })
  void countsByVerbAndResource(String uri, String words) {
    counter.sent(URI.create(uri));

    assertThat(counter.byRequest()).containsOnlyKeys(words).containsValue(1);
  }

  @Test
  void givesACopyThatStandsStill() {
    counter.sent(URI.create("https://a/api/v1/pods"));
    var before = counter.byRequest();
    counter.sent(URI.create("https://a/api/v1/pods"));

    assertThat(before).containsEntry("list pods", 1);
    assertThat(counter.byRequest()).containsEntry("list pods", 2);
    assertThatThrownBy(() -> before.put("x", 1)).isInstanceOf(UnsupportedOperationException.class);
  }
}
