// SPDX-License-Identifier: Apache-2.0
package io.multuseni.core.attach;

import static io.multuseni.core.attach.Facts.CLUSTER;
import static io.multuseni.core.attach.Facts.NODE_ID;
import static io.multuseni.core.attach.Facts.OTHER_ID;
import static org.assertj.core.api.Assertions.assertThat;

import io.multuseni.core.slot.Slot;
import java.util.HashSet;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class ClientTokenTest {
  /** Nodes that wait during a deployment must find the interfaces of the version before. */
  @Test
  void staysTheSameFromVersionToVersion() {
    assertThat(ClientToken.of(CLUSTER, NODE_ID, new Slot(0, 1), 0))
        .isEqualTo("7af4100e53a9df2e1c9d892f874c7b544a10ed3fb4149732d3ca326cead56da2");
  }

  @Test
  void differsWithEachPart() {
    Set<String> tokens = new HashSet<>();
    tokens.add(ClientToken.of(CLUSTER, NODE_ID, new Slot(0, 1), 0));
    tokens.add(ClientToken.of("edge", NODE_ID, new Slot(0, 1), 0));
    tokens.add(ClientToken.of(CLUSTER, OTHER_ID, new Slot(0, 1), 0));
    tokens.add(ClientToken.of(CLUSTER, NODE_ID, new Slot(1, 1), 0));
    tokens.add(ClientToken.of(CLUSTER, NODE_ID, new Slot(0, 2), 0));
    tokens.add(ClientToken.of(CLUSTER, NODE_ID, new Slot(0, 1), 1));
    // Numbers that would run together without a separator.
    tokens.add(ClientToken.of(CLUSTER, NODE_ID, new Slot(1, 11), 0));
    tokens.add(ClientToken.of(CLUSTER, NODE_ID, new Slot(11, 1), 0));
    tokens.add(ClientToken.of(CLUSTER, NODE_ID, new Slot(1, 1), 10));

    assertThat(tokens).hasSize(9);
  }

  @Property(tries = 200)
  void isSixtyFourAsciiCharactersWhateverTheClusterIsCalled(
      @ForAll String cluster, @ForAll @IntRange(max = 31) int index) {
    assertThat(ClientToken.of(cluster, NODE_ID, new Slot(0, index), 0)).matches("[0-9a-f]{64}");
  }
}
