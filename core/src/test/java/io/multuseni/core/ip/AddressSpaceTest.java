// SPDX-License-Identifier: Apache-2.0
package io.multuseni.core.ip;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

/** A set of addresses against the plainest model: every address of a small universe by itself. */
class AddressSpaceTest {
  private static final int TRIES = 500;

  /** Begins and ends of both families among them: there is nothing before and nothing behind. */
  private static final List<IpAddress> STARTS =
      List.of(
          IpAddress.of("0.0.0.0"),
          IpAddress.of("10.0.4.250"),
          IpAddress.of("255.255.255.240"),
          IpAddress.of("::"),
          IpAddress.of("fd00::ffff:ffff:ffff:fff8"),
          IpAddress.of("ffff:ffff:ffff:ffff:ffff:ffff:ffff:fff0"));

  private static final int LENGTH = 16;
  private static final List<IpAddress> UNIVERSE =
      STARTS.stream()
          .flatMap(start -> IntStream.range(0, LENGTH).mapToObj(i -> further(start, i)))
          .toList();

  @Test
  void nothingIsInTheEmptySpace() {
    assertThat(UNIVERSE).noneMatch(AddressSpace.EMPTY::contains);
    assertThat(AddressSpace.of(List.of()).intervals()).isEmpty();
    assertThat(AddressSpace.EMPTY.minus(List.of(AddressBlock.of("::/0").interval())).intervals())
        .isEmpty();
  }

  @Test
  void aHoleLeavesBothSides() {
    AddressSpace space =
        AddressSpace.of(List.of(AddressBlock.of("10.0.4.0/24").interval()))
            .minus(List.of(AddressBlock.of("10.0.4.64/26").interval()));

    assertThat(space).hasToString("[10.0.4.0-10.0.4.63, 10.0.4.128-10.0.4.255]");
  }

  @Test
  void aHoleOfAllLeavesNothingEvenAtTheEndsOfAFamily() {
    AddressSpace all =
        AddressSpace.of(
            List.of(AddressBlock.of("0.0.0.0/0").interval(), AddressBlock.of("::/0").interval()));

    assertThat(all.minus(List.of(AddressBlock.of("0.0.0.0/0").interval())))
        .hasToString("[::-ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff]");
    assertThat(all.minus(all.intervals()).intervals()).isEmpty();
  }

  @Property(tries = TRIES)
  void holdsWhatAnyOfItsPartsHolds(@ForAll("parts") List<AddressInterval> parts) {
    AddressSpace space = AddressSpace.of(parts);

    assertThat(held(space)).isEqualTo(model(parts));
    assertThat(space.intervals()).isSortedAccordingTo((a, b) -> a.first().compareTo(b.first()));
    assertThat(disjoint(space.intervals())).isTrue();
  }

  @Property(tries = TRIES)
  void holdsWhatIsLeftWithoutTheHoles(
      @ForAll("parts") List<AddressInterval> parts, @ForAll("parts") List<AddressInterval> holes) {
    AddressSpace space = AddressSpace.of(parts).minus(holes);

    Set<IpAddress> expected = model(parts);
    expected.removeAll(model(holes));
    assertThat(held(space)).isEqualTo(expected);
    assertThat(disjoint(space.intervals())).isTrue();
  }

  @Property(tries = TRIES)
  void doesNotDependOnTheOrderOfItsParts(
      @ForAll("parts") List<AddressInterval> parts, @ForAll Random random) {
    List<AddressInterval> other = new ArrayList<>(parts);
    Collections.shuffle(other, random);

    assertThat(AddressSpace.of(other).intervals()).isEqualTo(AddressSpace.of(parts).intervals());
  }

  @Provide
  Arbitrary<List<AddressInterval>> parts() {
    return Combinators.combine(
            Arbitraries.of(STARTS),
            Arbitraries.integers().between(0, LENGTH - 1),
            Arbitraries.integers().between(0, LENGTH - 1))
        .as((start, one, two) ->
            new AddressInterval(
                further(start, Math.min(one, two)), further(start, Math.max(one, two))))
        .list()
        .ofMaxSize(8);
  }

  private static IpAddress further(IpAddress start, int offset) {
    return start.plus(BigInteger.valueOf(offset)).orElseThrow();
  }

  private static Set<IpAddress> model(List<AddressInterval> parts) {
    Set<IpAddress> model = new TreeSet<>();
    for (IpAddress one : UNIVERSE) {
      if (parts.stream().anyMatch(part -> part.contains(one))) {
        model.add(one);
      }
    }
    return model;
  }

  private static Set<IpAddress> held(AddressSpace space) {
    Set<IpAddress> held = new TreeSet<>();
    UNIVERSE.stream().filter(space::contains).forEach(held::add);
    return held;
  }

  private static boolean disjoint(List<AddressInterval> intervals) {
    for (int i = 1; i < intervals.size(); i++) {
      if (intervals.get(i).first().compareTo(intervals.get(i - 1).last()) <= 0) {
        return false;
      }
    }
    return true;
  }
}
