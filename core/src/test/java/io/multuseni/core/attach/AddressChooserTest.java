// SPDX-License-Identifier: Apache-2.0
package io.multuseni.core.attach;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class AddressChooserTest {
  @Test
  void leavesTheFirstFourAndTheLastAddressOutAndGoesUpFromThere() {
    assertThat(AddressChooser.lowestFree("10.0.4.16/28", Set.of()))
        .containsExactly(
            "10.0.4.20",
            "10.0.4.21",
            "10.0.4.22",
            "10.0.4.23",
            "10.0.4.24",
            "10.0.4.25",
            "10.0.4.26",
            "10.0.4.27",
            "10.0.4.28",
            "10.0.4.29",
            "10.0.4.30");
  }

  @Test
  void skipsWhatIsUsed() {
    assertThat(
            AddressChooser.lowestFree(
                "10.0.4.16/28",
                Set.of("10.0.4.20", "10.0.4.22", "10.0.4.30", "10.0.5.21", "2001:db8::1")))
        .startsWith("10.0.4.21", "10.0.4.23")
        .doesNotContain("10.0.4.20", "10.0.4.22", "10.0.4.30")
        .hasSize(8);
  }

  @Test
  void afterAnAddressThatIsInUseComesTheNext() {
    assertThat(AddressChooser.lowestFree("10.0.4.0/24", Set.of("10.0.4.4")).getFirst())
        .isEqualTo("10.0.4.5");
  }

  @Test
  void aFullSubnetHasNone() {
    Set<String> used = new HashSet<>(AddressChooser.lowestFree("10.0.4.16/28", Set.of()));

    assertThat(AddressChooser.lowestFree("10.0.4.16/28", used)).isEmpty();
  }

  @Test
  void ordersByNumberAndNotByText() {
    List<String> free = AddressChooser.lowestFree("10.0.4.0/24", Set.of());

    assertThat(free)
        .hasSize(AddressChooser.CANDIDATES)
        .startsWith("10.0.4.4")
        .endsWith("10.0.4.67");
  }

  @Test
  void carriesIntoTheNextOctet() {
    Set<String> used = new HashSet<>();
    for (int last = 4; last < 256; last++) {
      used.add("172.31.254." + last);
    }

    assertThat(AddressChooser.lowestFree("172.31.254.0/23", used)).startsWith("172.31.255.0");
  }

  @Test
  void readsAddressesAboveTheMiddleOfTheRange() {
    assertThat(AddressChooser.lowestFree("192.168.255.240/28", Set.of()))
        .startsWith("192.168.255.244")
        .endsWith("192.168.255.254");
  }

  @Test
  void theLargestSubnetIsNoBurden() {
    assertThat(AddressChooser.lowestFree("10.0.0.0/16", Set.of())).hasSize(64);
  }
}
