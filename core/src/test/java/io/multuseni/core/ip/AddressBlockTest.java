// SPDX-License-Identifier: Apache-2.0
package io.multuseni.core.ip;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.math.BigInteger;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AddressBlockTest {
  private static final int TRIES = 500;

  @ParameterizedTest
  @CsvSource({
    "10.0.4.0/24, 10.0.4.0/24, 10.0.4.0, 10.0.4.255",
    "10.0.4.5/24, 10.0.4.0/24, 10.0.4.0, 10.0.4.255",
    "172.16.1.64/26, 172.16.1.64/26, 172.16.1.64, 172.16.1.127",
    "10.0.4.7/32, 10.0.4.7/32, 10.0.4.7, 10.0.4.7",
    "1.2.3.4/0, 0.0.0.0/0, 0.0.0.0, 255.255.255.255",
    "fd00:10::70/116, fd00:10::/116, fd00:10::, fd00:10::fff",
    "CAA5::/112, caa5::/112, caa5::, caa5::ffff",
    "fd00::1/64, fd00::/64, fd00::, fd00::ffff:ffff:ffff:ffff",
    "fd00:0:0:1::1/63, fd00::/63, fd00::, fd00::1:ffff:ffff:ffff:ffff",
    "ffff::/0, ::/0, ::, ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
    "::1/128, ::1/128, ::1, ::1"
  })
  void reachesFromItsFirstToItsLastAddress(
      String written, String printed, String first, String last) {
    AddressBlock block = AddressBlock.of(written);

    assertThat(block).hasToString(printed);
    assertThat(block.first()).isEqualTo(IpAddress.of(first));
    assertThat(block.last()).isEqualTo(IpAddress.of(last));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "/",
        "10.0.4.0",
        "10.0.4.0/",
        "/24",
        "10.0.4.0/33",
        "10.0.4.0/-1",
        "10.0.4.0/+24",
        "10.0.4.0/24/24",
        "10.0.4.0/255.255.255.0",
        "10.0.4.0/1000",
        "10.0.4/24",
        "10.0.4.0 /24",
        "fd00::/129",
        "fd00::%1/64",
        "net/24"
      })
  void refusesWhatIsNoBlock(String text) {
    assertThat(AddressBlock.parse(text)).isEmpty();
    assertThatIllegalArgumentException()
        .isThrownBy(() -> AddressBlock.of(text))
        .withMessage("not a CIDR block: " + text);
  }

  @Test
  void refusesAPrefixThatTheFamilyHasNot() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new AddressBlock(IpAddress.of("10.0.4.0"), 33));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new AddressBlock(IpAddress.of("fd00::"), -1));
  }

  @Test
  void refusesAnIntervalThatEndsBeforeItBeginsOrChangesItsFamily() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new AddressInterval(IpAddress.of("10.0.4.2"), IpAddress.of("10.0.4.1")))
        .withMessage("not an interval: 10.0.4.2 to 10.0.4.1");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new AddressInterval(IpAddress.of("10.0.4.2"), IpAddress.of("::")));
  }

  @Test
  void holdsNoAddressOfTheOtherFamily() {
    assertThat(AddressBlock.of("0.0.0.0/0").contains(IpAddress.of("::a00:405"))).isFalse();
    assertThat(AddressBlock.of("::/0").contains(IpAddress.of("10.0.4.5"))).isFalse();
    assertThat(AddressBlock.of("::/0").interval().contains(IpAddress.of("10.0.4.5"))).isFalse();
    assertThat(AddressBlock.of("0.0.0.0/0").contains(AddressBlock.of("::/0"))).isFalse();
  }

  @Property(tries = TRIES)
  void holdsWhatIsBetweenItsFirstAndItsLastAddressAndNothingElse(
      @ForAll("addresses") IpAddress address,
      @ForAll("addresses") IpAddress other,
      @ForAll @IntRange(max = 128) int prefixLength) {
    int length = Math.min(prefixLength, address.family().bits());
    AddressBlock block = new AddressBlock(address, length);

    assertThat(block.contains(address)).isTrue();
    assertThat(block.contains(block.first())).isTrue();
    assertThat(block.contains(block.last())).isTrue();
    assertThat(block.first().previous().filter(block::contains)).isEmpty();
    assertThat(block.last().next().filter(block::contains)).isEmpty();
    assertThat(block.contains(other)).isEqualTo(block.interval().contains(other));
    assertThat(block.last().number().subtract(block.first().number()))
        .isEqualTo(BigInteger.TWO.pow(address.family().bits() - length).subtract(BigInteger.ONE));
    assertThat(AddressBlock.parse(block.toString())).contains(block);
  }

  @Property(tries = TRIES)
  void holdsABlockWhenItHoldsBothOfItsEnds(
      @ForAll("addresses") IpAddress address,
      @ForAll @IntRange(max = 128) int one,
      @ForAll @IntRange(max = 128) int two) {
    int bits = address.family().bits();
    AddressBlock a = new AddressBlock(address, Math.min(one, bits));
    AddressBlock b = new AddressBlock(address, Math.min(two, bits));

    assertThat(a.contains(b)).isEqualTo(a.contains(b.first()) && a.contains(b.last()));
    assertThat(a.contains(b) || b.contains(a)).isTrue();
  }

  @Provide
  Arbitrary<IpAddress> addresses() {
    return IpAddressTest.arbitrary();
  }
}
