// SPDX-License-Identifier: Apache-2.0
package io.multuseni.core.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class TagsTest {
  @Test
  void theTagsWeSetAreReservedAndCounted() {
    List<String> ours =
        List.of(
            Tags.CLUSTER,
            Tags.NODE_GROUP,
            Tags.INSTANCE,
            Tags.NETWORK,
            Tags.DEVICE_INDEX,
            Tags.NETWORK_CARD,
            Tags.GENERATION,
            Tags.AVAILABLE_SINCE,
            Tags.NO_MANAGE,
            Tags.NO_MANAGE_PLAIN);

    assertThat(ours).hasSize(Tags.OURS).allMatch(key -> Tags.reserved(key).isPresent());
  }

  @Test
  void aKeyThatOnlyLooksLikeOneOfOursIsFree() {
    assertThat(List.of("multus", "no_manage2", "awsome", "node.k8s.amazonaws.com/other"))
        .allMatch(key -> Tags.reserved(key).isEmpty());
  }
}
