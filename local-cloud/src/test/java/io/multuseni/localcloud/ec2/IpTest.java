// SPDX-License-Identifier: Apache-2.0
package io.multuseni.localcloud.ec2;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.multuseni.localcloud.wire.ApiError;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class IpTest {
  @ParameterizedTest
  @CsvSource({
    "10.0.0.1, 10.0.0.1",
    "255.255.255.255, 255.255.255.255",
    "2001:DB8:0:0:1:0:0:1, 2001:db8::1:0:0:1",
    "2001:db8:0:1:1:1:1:1, 2001:db8:0:1:1:1:1:1",
    "0:0:0:0:0:0:0:1, ::1",
    "::, ::",
    "fe80:0:0:0:0:0:0:0, fe80::"
  })
  void writesAddressesInTheirCanonicalForm(String text, String canonical) {
    assertThat(Ip.parse(text)).hasToString(canonical);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "10.0.0", "10.0.0.256", "10.0.0.1/32", "host", "::ffff:1.2.3.4", ":::"})
  void refusesWhatIsNoAddress(String text) {
    assertThatThrownBy(() -> Ip.parse(text))
        .isInstanceOf(ApiError.class)
        .hasMessage("InvalidParameterValue: invalid value for parameter address: " + text);
  }

  @Test
  void knowsWhatABlockHolds() {
    Cidr block = Cidr.parse("10.0.1.0/24");

    assertThat(block.contains(Ip.parse("10.0.1.255"))).isTrue();
    assertThat(block.contains(Ip.parse("10.0.2.0"))).isFalse();
    assertThat(block.contains(Ip.parse("::1"))).isFalse();
    assertThat(block.reserves(Ip.parse("10.0.1.3"))).isTrue();
    assertThat(block.reserves(Ip.parse("10.0.1.4"))).isFalse();
    assertThat(block.reserves(Ip.parse("10.0.1.255"))).isTrue();
    assertThat(block.overlaps(Cidr.parse("10.0.0.0/16"))).isTrue();
    assertThat(block.overlaps(Cidr.parse("10.0.2.0/24"))).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"10.0.1.0", "10.0.1.1/24", "10.0.1.0/33", "10.0.1.0/x", "/24"})
  void refusesWhatIsNoBlock(String text) {
    assertThatThrownBy(() -> Cidr.parse(text)).isInstanceOf(ApiError.class);
  }
}
