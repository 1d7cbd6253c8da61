// SPDX-License-Identifier: Apache-2.0
package io.multuseni.core.ip;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.multuseni.core.ip.IpAddress.Family;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class IpAddressTest {
  private static final int TRIES = 500;

  @ParameterizedTest
  @CsvSource({
    "0.0.0.0, 0.0.0.0",
    "10.0.4.70, 10.0.4.70",
    "255.255.255.255, 255.255.255.255",
    "::, ::",
    "::1, ::1",
    "1::, 1::",
    "0:0:0:0:0:0:0:0, ::",
    "FD00:10::00AF, fd00:10::af",
    "2001:0db8:0000:0000:0000:0000:0002:0001, 2001:db8::2:1",
    // Of two runs of equal length the first is shortened.
    "2001:db8:0:0:1:0:0:1, 2001:db8::1:0:0:1",
    // Of two runs of different length the longer one.
    "2001:0:0:1:0:0:0:1, 2001:0:0:1::1",
    "0:0:1:0:0:0:0:0, 0:0:1::",
    // A single group of zeros stays.
    "2001:db8:0:1:1:1:1:1, 2001:db8:0:1:1:1:1:1",
    "2001:db8::1:1:1:1:1, 2001:db8:0:1:1:1:1:1",
    "0:1:1:1:1:1:1:1, 0:1:1:1:1:1:1:1",
    "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff, ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"
  })
  void printsWhatRfc5952Asks(String written, String printed) {
    assertThat(IpAddress.of(written)).hasToString(printed);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "10.0.4",
        "10.0.4.5.6",
        "10.0.4.",
        ".10.0.4",
        "10.0.4.256",
        "10.0.4.999",
        // Leading zeros are octal to some programs and decimal to others.
        "010.0.4.5",
        "10.0.4.05",
        "10.0.4.00",
        "10.0.4.-1",
        "10.0.4.5 ",
        " 10.0.4.5",
        "10.0.4.5/24",
        "10.0.4.5%eth0",
        "0x0a.0.4.5",
        "167773254",
        "localhost",
        "example.com",
        ":",
        ":::",
        "1:2:3:4:5:6:7",
        "1:2:3:4:5:6:7:8:9",
        "1::2::3",
        "12345::",
        "g::1",
        "[::1]",
        "fe80::1%eth0",
        "fe80::1%1",
        "::1/128"
      })
  void refusesWhatIsNoAddress(String text) {
    assertThat(IpAddress.parse(text)).isEmpty();
    assertThatIllegalArgumentException()
        .isThrownBy(() -> IpAddress.of(text))
        .withMessage("not an IP address: " + text);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "::ffff:1.2.3.4",
        "::FFFF:1.2.3.4",
        "::ffff:102:304",
        "::1.2.3.4",
        "64:ff9b::1.2.3.4",
        "1:2:3:4:5:6:1.2.3.4"
      })
  void refusesAnIpv4AddressInsideOfAnIpv6Address(String text) {
    assertThat(IpAddress.parse(text)).isEmpty();
  }

  @Test
  void refusesNumbersThatIpv4CannotHold() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new IpAddress(Family.IPV4, 0, 0x1_0000_0000L));
    assertThatIllegalArgumentException().isThrownBy(() -> new IpAddress(Family.IPV4, 0, -1));
    assertThatIllegalArgumentException().isThrownBy(() -> new IpAddress(Family.IPV4, 1, 0));
  }

  @Test
  void ordersIpv4BeforeIpv6AndHighAddressesAsUnsignedNumbers() {
    assertThat(IpAddress.of("255.255.255.255")).isLessThan(IpAddress.of("::"));
    assertThat(IpAddress.of("127.255.255.255")).isLessThan(IpAddress.of("128.0.0.0"));
    assertThat(IpAddress.of("7fff::")).isLessThan(IpAddress.of("8000::"));
    assertThat(IpAddress.of("::7fff:ffff:ffff:ffff")).isLessThan(IpAddress.of("::8000:0:0:0"));
  }

  @ParameterizedTest
  @CsvSource({
    "10.0.4.0, 70, 10.0.4.70",
    "10.0.4.255, 1, 10.0.5.0",
    "10.0.5.0, -1, 10.0.4.255",
    "255.255.255.254, 1, 255.255.255.255",
    "caa5::, 32768, caa5::8000",
    "fd00:10::, 112, fd00:10::70",
    "::ffff:ffff:ffff:ffff, 1, 0:0:0:1::",
    "0:0:0:1::, -1, ::ffff:ffff:ffff:ffff",
    "::, 340282366920938463463374607431768211455, ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"
  })
  void countsFromTheAddress(String from, BigInteger offset, String to) {
    assertThat(IpAddress.of(from).plus(offset).map(IpAddress::toString)).contains(to);
  }

  @ParameterizedTest
  @CsvSource({
    "255.255.255.255, 1",
    "0.0.0.0, -1",
    "10.0.4.0, 4294967296",
    "10.0.4.0, 18446744073709551616",
    "10.0.4.0, 340282366920938463463374607431768211456",
    "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff, 1",
    "::, -1",
    "::, 340282366920938463463374607431768211456"
  })
  void hasNoAddressBeyondItsFamily(String from, BigInteger offset) {
    assertThat(IpAddress.of(from).plus(offset)).isEmpty();
  }

  @Property(tries = TRIES)
  void readsBackWhatItPrints(@ForAll("addresses") IpAddress address) {
    assertThat(IpAddress.parse(address.toString())).contains(address);
  }

  @Property(tries = TRIES)
  void meansTheSameAddressAsJava(@ForAll("addresses") IpAddress address)
      throws UnknownHostException {
    InetAddress java = InetAddress.getByAddress(bytes(address));

    assertThat(InetAddress.ofLiteral(address.toString())).isEqualTo(java);
    assertThat(IpAddress.parse(java.getHostAddress())).contains(address);
    assertThat(address.number()).isEqualTo(new BigInteger(1, java.getAddress()));
  }

  @Property(tries = TRIES)
  void anyTextIsAnAddressOrNone(@ForAll("almost") String text) {
    Optional<IpAddress> parsed = IpAddress.parse(text);

    parsed.ifPresent(address -> {
      assertThat(InetAddress.ofLiteral(text).getAddress()).isEqualTo(bytes(address));
      assertThat(IpAddress.parse(address.toString())).contains(address);
    });
  }

  @Property(tries = TRIES)
  void aSumIsTheNumberOrNothing(
      @ForAll("addresses") IpAddress address, @ForAll("offsets") BigInteger offset) {
    BigInteger sum = address.number().add(offset);
    boolean held =
        sum.signum() >= 0 && sum.compareTo(BigInteger.TWO.pow(address.family().bits())) < 0;

    Optional<IpAddress> found = address.plus(offset);

    assertThat(found.isPresent()).isEqualTo(held);
    found.ifPresent(one -> {
      assertThat(one.number()).isEqualTo(sum);
      assertThat(one.family()).isEqualTo(address.family());
      assertThat(one.plus(offset.negate())).contains(address);
      assertThat(Integer.signum(one.compareTo(address))).isEqualTo(offset.signum());
    });
  }

  @Provide
  Arbitrary<IpAddress> addresses() {
    return arbitrary();
  }

  /** Addresses of both families, with many zero groups; none that Java takes for IPv4. */
  static Arbitrary<IpAddress> arbitrary() {
    Arbitrary<IpAddress> v4 =
        Arbitraries.longs()
            .between(0, 0xffff_ffffL)
            .map(number -> new IpAddress(Family.IPV4, 0, number));
    Arbitrary<Integer> group =
        Arbitraries.frequencyOf(
            Tuple.of(3, Arbitraries.just(0)),
            Tuple.of(1, Arbitraries.of(1, 0xffff)),
            Tuple.of(2, Arbitraries.integers().between(0, 0xffff)));
    Arbitrary<Long> half =
        group
            .list()
            .ofSize(4)
            .map(groups -> {
              long bits = 0;
              for (int one : groups) {
                bits = bits << 16 | one;
              }
              return bits;
            });
    Arbitrary<IpAddress> v6 =
        Combinators.combine(half, half)
            .as((high, low) -> new IpAddress(Family.IPV6, high, low))
            .filter(address -> address.high() != 0 || address.low() >>> 32 != 0xffffL);
    return Arbitraries.oneOf(v4, v6);
  }

  @Provide
  Arbitrary<String> almost() {
    return Arbitraries.oneOf(
        Arbitraries.strings().ofMaxLength(20),
        Arbitraries.strings().withChars("0123456789.").ofMaxLength(16),
        Arbitraries.strings().withChars("01af:.%").ofMaxLength(24));
  }

  @Provide
  Arbitrary<BigInteger> offsets() {
    return Arbitraries.oneOf(
        Arbitraries.integers().between(-300, 300).map(BigInteger::valueOf),
        Arbitraries.bigIntegers()
            .between(BigInteger.TWO.pow(129).negate(), BigInteger.TWO.pow(129)));
  }

  private static byte[] bytes(IpAddress address) {
    return address.isIpv6()
        ? ByteBuffer.allocate(16).putLong(address.high()).putLong(address.low()).array()
        : ByteBuffer.allocate(4).putInt((int) address.low()).array();
  }
}
