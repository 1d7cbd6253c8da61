// SPDX-License-Identifier: Apache-2.0
package io.multuseni.core.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.multuseni.core.cluster.AttachmentDefinition.ByMac;
import io.multuseni.core.cluster.AttachmentDefinition.ByName;
import io.multuseni.core.cluster.AttachmentDefinition.ByPciBusId;
import io.multuseni.core.cluster.IpamRange.Kind;
import io.multuseni.core.slot.PciBusId;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AttachmentDefinitionTest {
  @Test
  void readsASinglePlugin() {
    AttachmentDefinition read =
        read(
            "{'type': 'ipvlan', 'master': 'eth2', 'ipam': {'type': 'whereabouts', 'range': '10.0.4.0/24'}}");

    assertThat(read.key()).isEqualTo("ns/n6");
    assertThat(read.uplinks()).containsExactly(new ByName("eth2"));
    assertThat(ranges(read)).isEqualTo("WHEREABOUTS 10.0.4.0/24 10.0.4.0-10.0.4.255 []");
    assertThat(read.uses(Kind.WHEREABOUTS)).isTrue();
    assertThat(read.uses(Kind.STATIC)).isFalse();
    assertThat(read.problem()).isEmpty();
  }

  @Test
  void searchesAllPluginsOfAList() {
    AttachmentDefinition read =
        read(
            """
            {'cniVersion': '0.3.1', 'name': 'n6', 'plugins': [
              {'type': 'ipvlan', 'master': 'eth1',
               'ipam': {'type': 'whereabouts', 'range': '10.0.4.0/24'}},
              {'type': 'sbr'},
              {'type': 'tuning', 'master': 'eth1'}]}
            """);

    assertThat(read.uplinks()).containsExactly(new ByName("eth1"));
    assertThat(ranges(read)).isEqualTo("WHEREABOUTS 10.0.4.0/24 10.0.4.0-10.0.4.255 []");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "   ", "\n"})
  void anEmptyConfigurationStandsOnTheNodeAndIsNoProblem(String config) {
    AttachmentDefinition read = AttachmentDefinition.read("ns", "n6", Optional.of(config));

    assertThat(read)
        .isEqualTo(new AttachmentDefinition("ns", "n6", List.of(), List.of(), Optional.empty()))
        .isEqualTo(AttachmentDefinition.read("ns", "n6", Optional.empty()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"not json", "[]", "5", "\"eth1\"", "{", "null", "{'master': 'eth1'}"})
  void tellsWhatAConfigurationThatIsNoJsonObjectMeans(String config) {
    AttachmentDefinition read = AttachmentDefinition.read("ns", "n6", Optional.of(config));

    assertThat(read.uplinks()).isEmpty();
    assertThat(read.ranges()).isEmpty();
    assertThat(read.problem())
        .contains(
            "network-attachment-definition ns/n6: spec.config is not a JSON object; its pods'"
                + " addresses are placed by subnet alone");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "{'type': 'host-device'}",
        "{'plugins': 'ipvlan'}",
        "{'plugins': [5, null, 'x', []]}",
        "{'master': 7, 'pciBusID': {}, 'hwaddr': [], 'ipam': 'whereabouts'}",
        "{'master': '', 'pciBusID': '00:06.0', 'kernelpath': '/sys/devices/virtio'}",
        "{'ipam': {'type': 'dhcp', 'range': '10.0.4.0/24'}}",
        "{'ipam': {'range': '10.0.4.0/24'}}",
        "{'ipam': {'type': 'whereabouts', 'range': '10.0.4/24'}}",
        "{'ipam': {'type': 'whereabouts', 'range': 5, 'ipRanges': {'range': '10.0.4.0'}}}",
        "{'ipam': {'type': 'host-local', 'subnet': 'x', 'ranges': [5, [{}], [[]]]}}",
        "{'ipam': {'type': 'static', 'addresses': [5, {}, {'address': 'x/24'}]}}"
      })
  void leavesOutWhatMeansNothing(String config) {
    AttachmentDefinition read = read(config);

    assertThat(read.uplinks()).isEmpty();
    assertThat(read.ranges()).isEmpty();
    assertThat(read.problem()).isEmpty();
  }

  @Test
  void readsEveryWayInWhichHostDeviceNamesAnInterface() {
    assertThat(read("{'type': 'host-device', 'device': ' ens6 '}").uplinks())
        .containsExactly(new ByName("ens6"));
    assertThat(read("{'type': 'host-device', 'pciBusID': '0000:00:0A.0'}").uplinks())
        .containsExactly(new ByPciBusId(new PciBusId("0000:00:0a.0")));
    assertThat(read("{'type': 'host-device', 'hwaddr': '02:AB:CD:00:00:06'}").uplinks())
        .containsExactly(new ByMac("02:ab:cd:00:00:06"));
    assertThat(
            read("{'type': 'host-device', 'kernelpath': '/sys/devices/pci0000:00/0000:00:06.0'}")
                .uplinks())
        .containsExactly(new ByPciBusId(new PciBusId("0000:00:06.0")));
  }

  @Test
  void keepsEveryDifferentInterfaceThatIsNamed() {
    assertThat(
            read("{'plugins': [{'master': 'eth1'}, {'master': 'eth2'}, {'master': 'eth1'},"
                    + " {'pciBusID': '0000:00:06.0'}]}")
                .uplinks())
        .containsExactly(
            new ByName("eth1"), new ByName("eth2"), new ByPciBusId(new PciBusId("0000:00:06.0")));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        // Only the range.
        "'range': '10.0.4.0/24' | 10.0.4.0/24 10.0.4.0-10.0.4.255 []",
        "'range': ' 10.0.4.5/24 ' | 10.0.4.0/24 10.0.4.0-10.0.4.255 []",
        "'range': 'CAA5::/112' | caa5::/112 caa5::-caa5::ffff []",
        // First and last address to give.
        "'range': '10.0.4.0/24', 'range_start': '10.0.4.70', 'range_end': '10.0.4.90'"
            + " | 10.0.4.0/24 10.0.4.70-10.0.4.90 []",
        "'range': '10.0.4.0/24', 'range_start': '10.0.4.70' | 10.0.4.0/24 10.0.4.70-10.0.4.255 []",
        "'range': '10.0.4.0/24', 'range_end': '10.0.4.90' | 10.0.4.0/24 10.0.4.0-10.0.4.90 []",
        "'range': '10.0.4.70-10.0.4.90/24' | 10.0.4.0/24 10.0.4.70-10.0.4.90 []",
        "'range': '10.0.4.70 - 10.0.4.90/24' | 10.0.4.0/24 10.0.4.70-10.0.4.90 []",
        "'range': 'fd00:10::70-fd00:10::90/116' | fd00:10::/116 fd00:10::70-fd00:10::90 []",
        // What makes no sense is as if it weren't there.
        "'range': '10.0.4.0/24', 'range_start': '10.0.5.70', 'range_end': 'x'"
            + " | 10.0.4.0/24 10.0.4.0-10.0.4.255 []",
        "'range': '10.0.4.0/24', 'range_start': '10.0.4.90', 'range_end': '10.0.4.70'"
            + " | 10.0.4.0/24 10.0.4.0-10.0.4.255 []",
        "'range': '10.0.4.0/24', 'range_start': 'fd00::1' | 10.0.4.0/24 10.0.4.0-10.0.4.255 []",
        // Exclusions: blocks and single addresses.
        "'range': 'caa5::/112', 'exclude': ['caa5::/113']"
            + " | caa5::/112 caa5::-caa5::ffff [caa5::-caa5::7fff]",
        "'range': '10.0.4.0/24', 'exclude': ['10.0.4.0/30', '10.0.4.9', 'x', 5]"
            + " | 10.0.4.0/24 10.0.4.0-10.0.4.255 [10.0.4.0-10.0.4.3, 10.0.4.9-10.0.4.9]",
        // Both add up, and each range has its own exclusions.
        "'range': '10.0.4.0/24', 'exclude': ['10.0.4.0/30'],"
            + " 'ipRanges': [{'range': 'fd00:10::/116', 'range_start': 'fd00:10::70'},"
            + " {'range': 'x'}, 5]"
            + " | 10.0.4.0/24 10.0.4.0-10.0.4.255 [10.0.4.0-10.0.4.3]; fd00:10::/116"
            + " fd00:10::70-fd00:10::fff []",
        "'ipRanges': [{'range': '10.0.4.0/24', 'exclude': ['10.0.4.128/25']}]"
            + " | 10.0.4.0/24 10.0.4.0-10.0.4.255 [10.0.4.128-10.0.4.255]"
      })
  void readsTheRangesOfWhereabouts(String ipam, String expected) {
    String kind = Kind.WHEREABOUTS + " ";

    assertThat(ranges(read("{'type': 'ipvlan', 'ipam': {'type': 'whereabouts', " + ipam + "}}")))
        .isEqualTo(kind + expected.replace("; ", "; " + kind));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'type': 'host-local', 'subnet': '10.0.4.0/24' | HOST_LOCAL 10.0.4.0/24"
            + " 10.0.4.0-10.0.4.255 []",
        "'type': 'host-local', 'subnet': '10.0.4.0/24', 'rangeStart': '10.0.4.70',"
            + " 'rangeEnd': '10.0.4.90' | HOST_LOCAL 10.0.4.0/24 10.0.4.70-10.0.4.90 []",
        "'type': 'host-local', 'ranges': [[{'subnet': '10.0.4.0/24', 'rangeStart': '10.0.4.70'}],"
            + " [{'subnet': 'fd00:10::/116'}]] | HOST_LOCAL 10.0.4.0/24 10.0.4.70-10.0.4.255 [];"
            + " HOST_LOCAL fd00:10::/116 fd00:10::-fd00:10::fff []",
        "'type': 'static', 'addresses': [{'address': '10.0.4.70/24'}, {'address': 'fd00:10::70'}]"
            + " | STATIC 10.0.4.70/32 10.0.4.70-10.0.4.70 []; STATIC fd00:10::70/128"
            + " fd00:10::70-fd00:10::70 []"
      })
  void readsTheRangesOfTheOtherPlugins(String ipam, String expected) {
    assertThat(ranges(read("{'type': 'ipvlan', 'ipam': {" + ipam + "}}"))).isEqualTo(expected);
  }

  @Property(tries = 300)
  void anyTextIsReadOrTold(@ForAll("configs") String config) {
    AttachmentDefinition read = AttachmentDefinition.read("ns", "n6", Optional.of(config));

    if (read.problem().isPresent()) {
      assertThat(read.uplinks()).isEmpty();
      assertThat(read.ranges()).isEmpty();
    } else if (!config.isBlank()) {
      assertThat(config.strip()).startsWith("{");
    }
  }

  @Provide
  Arbitrary<String> configs() {
    return Arbitraries.oneOf(
        Arbitraries.strings().ofMaxLength(30),
        Arbitraries.of(
                "{",
                "}",
                "[",
                "]",
                ",",
                ":",
                "\"master\"",
                "\"plugins\"",
                "\"ipam\"",
                "\"type\"",
                "\"whereabouts\"",
                "\"range\"",
                "\"10.0.4.0/24\"",
                "\"eth1\"",
                "null",
                "5")
            .list()
            .ofMaxSize(14)
            .map(list -> String.join("", list)));
  }

  private static AttachmentDefinition read(String config) {
    return AttachmentDefinition.read("ns", "n6", Optional.of(config.replace('\'', '"')));
  }

  private static String ranges(AttachmentDefinition definition) {
    return definition.ranges().stream()
        .map(range ->
            "%s %s %s %s".formatted(range.kind(), range.block(), range.usable(), range.excluded()))
        .collect(Collectors.joining("; "));
  }
}
