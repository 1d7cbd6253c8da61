// SPDX-License-Identifier: Apache-2.0
package io.multuseni.infra;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;

final class RbacManifestTest {
  private static final YAMLMapper YAML = new YAMLMapper();

  @Test
  void isTheReconcileFunctionsOwn() {
    assertThat(Path.of("..", "lambda-ip-reconcile", "rbac.yaml"))
        .content()
        .isEqualTo(RbacManifest.text());
  }

  @Test
  void letsTheGroupReadSixResourcesAndNothingElse() throws IOException {
    JsonNode role = only("ClusterRole");
    Map<String, List<String>> verbsByResource = new TreeMap<>();
    for (JsonNode rule : role.path("rules")) {
      assertThat(rule.properties())
          .extracting(Map.Entry::getKey)
          .containsExactlyInAnyOrder("apiGroups", "resources", "verbs");
      for (String group : texts(rule.path("apiGroups"))) {
        for (String resource : texts(rule.path("resources"))) {
          verbsByResource.put(group + "/" + resource, texts(rule.path("verbs")));
        }
      }
    }

    List<String> reading = List.of("get", "list", "watch");
    assertThat(verbsByResource)
        .isEqualTo(
            Map.of(
                "/nodes", reading,
                "/pods", reading,
                "k8s.cni.cncf.io/network-attachment-definitions", reading,
                "whereabouts.cni.cncf.io/ippools", reading,
                "whereabouts.cni.cncf.io/nodeslicepools", reading,
                "whereabouts.cni.cncf.io/overlappingrangeipreservations", reading));
  }

  @Test
  void bindsTheGroupOfTheAccessEntry() throws IOException {
    JsonNode binding = only("ClusterRoleBinding");

    assertThat(binding.path("roleRef").path("name"))
        .isEqualTo(only("ClusterRole").path("metadata").path("name"));
    assertThat(binding.path("subjects")).hasSize(1);
    JsonNode subject = binding.path("subjects").get(0);
    assertThat(subject.path("kind").asText()).isEqualTo("Group");
    assertThat(subject.path("name").asText()).isEqualTo(Names.KUBERNETES_GROUP);
  }

  private static JsonNode only(String kind) throws IOException {
    List<JsonNode> documents =
        YAML.readerFor(JsonNode.class).<JsonNode>readValues(RbacManifest.text()).readAll();
    assertThat(documents).hasSize(2);
    return documents.stream()
        .filter(one -> one.path("kind").asText().equals(kind))
        .findFirst()
        .orElseThrow();
  }

  private static List<String> texts(JsonNode array) {
    return StreamSupport.stream(array.spliterator(), false).map(JsonNode::asText).toList();
  }
}
