// SPDX-License-Identifier: Apache-2.0
package io.multuseni.core.slot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PciBusIdTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "00:05.0",
        "0000:00:05",
        "0000:00:05.8",
        "0000:00:20.0",
        "0000:00:0A.0",
        "0000:00:05.0 ",
        "0000-00:05.0",
        "g000:00:05.0"
      })
  void refusesWhatIsNoAddress(String value) {
    assertThatIllegalArgumentException().isThrownBy(() -> new PciBusId(value));
  }

  @Test
  void countsDevicesInHexadecimal() {
    assertThat(new PciBusId("0000:00:05.0").plus(5)).hasToString("0000:00:0a.0");
    assertThat(new PciBusId("0001:ff:0f.3").plus(1)).hasToString("0001:ff:10.3");
  }

  @Test
  void neverLeavesItsBus() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new PciBusId("0000:00:1f.0").plus(1))
        .withMessageContaining("a bus ends at device 1f");
    assertThatIllegalArgumentException().isThrownBy(() -> new PciBusId("0000:00:05.0").plus(-1));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new PciBusId("0000:00:05.0").plus(Integer.MAX_VALUE));
  }

  @Property(tries = 100)
  void keepsBusAndFunctionWhileCounting(@ForAll @IntRange(max = 31) int devices) {
    PciBusId further = new PciBusId("0000:2a:00.1").plus(devices);

    assertThat(further.device()).isEqualTo(devices);
    assertThat(further.bus()).isEqualTo(0x2a);
    assertThat(further.value()).startsWith("0000:2a:").endsWith(".1");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "Eth0", "5eth", "eth 0", "eth/0", "interfacename000"})
  void refusesWhatIsNoInterfaceName(String value) {
    assertThatIllegalArgumentException().isThrownBy(() -> new InterfaceName(value));
  }
}
