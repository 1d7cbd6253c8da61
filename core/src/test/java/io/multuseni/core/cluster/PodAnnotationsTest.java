// SPDX-License-Identifier: Apache-2.0
package io.multuseni.core.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.multuseni.core.cluster.PodFacts.Phase;
import io.multuseni.core.ip.IpAddress;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PodAnnotationsTest {
  private static final PodRef POD = new PodRef("ns", "p");

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "n6                         | ns/n6@net1",
        "core/n6                    | core/n6@net1",
        "n6@eth1                    | ns/n6@eth1",
        "core/n6@eth1               | core/n6@eth1",
        "n3,n6                      | ns/n3@net1 ns/n6@net2",
        "' n3 , core/n6@u1,n9 '     | ns/n3@net1 core/n6@u1 ns/n9@net3",
        "n6,n6                      | ns/n6@net1 ns/n6@net2",
        "'[{\"name\": \"n6\"}]'     | ns/n6@net1",
        "'[{\"name\": \"n6\", \"namespace\": \"core\", \"interface\": \"u1\"}, {\"name\": \"n3\"}]'"
            + " | core/n6@u1 ns/n3@net2",
        "' [ ] '                    | ''",
        "'   '                      | ''"
      })
  void readsTheNetworksThatAPodAsksFor(String annotation, String networks) {
    PodFacts pod = withNetworks(annotation);

    assertThat(
            pod.selections().stream()
                .map(one -> one.definition() + "@" + one.interfaceName())
                .toList())
        .isEqualTo(networks.isEmpty() ? List.of() : List.of(networks.split(" ", -1)));
    assertThat(pod.problems()).isEmpty();
  }

  @Test
  void keepsThePositionOfTheOthersWhenOneNetworkCannotBeRead() {
    PodFacts words = withNetworks("n3,,a/b/c,n6");
    PodFacts json =
        withNetworks("[{\"name\": \"n3\"}, {\"namespace\": \"core\"}, 5, {\"name\": \"n6\"}]");

    assertThat(words.selections())
        .containsExactly(
            new NetworkSelection("ns", "n3", "net1"), new NetworkSelection("ns", "n6", "net4"));
    assertThat(words.problems())
        .containsExactly(
            "pod ns/p: annotation k8s.v1.cni.cncf.io/networks can't be read: '' is not of the form"
                + " namespace/name@interface",
            "pod ns/p: annotation k8s.v1.cni.cncf.io/networks can't be read: 'a/b/c' is not of the"
                + " form namespace/name@interface");
    assertThat(json.selections()).isEqualTo(words.selections());
    assertThat(json.problems())
        .containsExactly(
            "pod ns/p: annotation k8s.v1.cni.cncf.io/networks can't be read: element 2 has no name",
            "pod ns/p: annotation k8s.v1.cni.cncf.io/networks can't be read: element 3 has no"
                + " name");
  }

  @ParameterizedTest
  @ValueSource(strings = {"[", "[{\"name\": \"n6\"", "[n6]", "[\"n6\", "})
  void tellsThatNetworksAreNoJsonList(String annotation) {
    PodFacts pod = withNetworks(annotation);

    assertThat(pod.selections()).isEmpty();
    assertThat(pod.problems())
        .containsExactly(
            "pod ns/p: annotation k8s.v1.cni.cncf.io/networks can't be read: it is not a JSON list");
  }

  @Test
  void readsAllThatMultusWrites() {
    PodFacts pod =
        withStatus(
            """
            [{"name": "aws-cni", "interface": "eth0", "ips": ["10.0.1.9"], "default": true,
              "dns": {}},
             {"name": "ns/n6", "interface": "net1", "ips": ["10.0.4.70/24", "fd00:10::70"],
              "mac": "02:AB:CD:00:00:06", "dns": {},
              "device-info": {"type": "pci", "version": "1.1.0",
                              "pci": {"pci-address": "0000:00:0A.0"}}}]
            """);

    assertThat(pod.attachments())
        .containsExactly(
            new NetworkAttachment(
                "aws-cni",
                Optional.of("eth0"),
                List.of(IpAddress.of("10.0.1.9")),
                Optional.empty(),
                Optional.empty(),
                true),
            new NetworkAttachment(
                "ns/n6",
                Optional.of("net1"),
                List.of(IpAddress.of("10.0.4.70"), IpAddress.of("fd00:10::70")),
                Optional.of("02:ab:cd:00:00:06"),
                Optional.of("0000:00:0a.0"),
                false));
    assertThat(pod.problems()).isEmpty();
  }

  @Test
  void readsAnAttachmentThatHasNothing() {
    PodFacts pod = withStatus("[{}, 7, {\"name\": 5, \"ips\": \"10.0.4.70\", \"mac\": \" \"}]");

    NetworkAttachment bare =
        new NetworkAttachment(
            "", Optional.empty(), List.of(), Optional.empty(), Optional.empty(), false);
    assertThat(pod.attachments()).containsExactly(bare, bare, bare);
  }

  @Test
  void keepsTheOtherAddressesWhenOneCannotBeRead() {
    PodFacts pod =
        withStatus("[{\"name\": \"ns/n6\", \"ips\": [\"10.0.4.70\", \"10.0.4\", \"fd00::7\"]}]");

    assertThat(pod.attachments().getFirst().addresses())
        .containsExactly(IpAddress.of("10.0.4.70"), IpAddress.of("fd00::7"));
    assertThat(pod.problems())
        .containsExactly(
            "pod ns/p: annotation k8s.v1.cni.cncf.io/network-status can't be read: '10.0.4' is not"
                + " an address");
  }

  @ParameterizedTest
  @ValueSource(strings = {"not json", "{}", "\"[]\"", "null", "[{\"name\":", "5"})
  void tellsThatANetworkStatusIsNoJsonList(String annotation) {
    PodFacts pod = withStatus(annotation);

    assertThat(pod.attachments()).isEmpty();
    assertThat(pod.problems())
        .containsExactly(
            "pod ns/p: annotation k8s.v1.cni.cncf.io/network-status can't be read: it is not a JSON"
                + " list");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "[]"})
  void anEmptyNetworkStatusIsNoProblem(String annotation) {
    assertThat(withStatus(annotation).attachments()).isEmpty();
    assertThat(withStatus(annotation).problems()).isEmpty();
  }

  @Test
  void aPodWithoutAnnotationsHasNoNetworksAndNoProblems() {
    PodFacts pod =
        PodFacts.read(
            POD, Phase.PENDING, Optional.of("node-a"), Optional.empty(), Optional.empty());

    assertThat(pod)
        .isEqualTo(
            new PodFacts(
                POD, Phase.PENDING, Optional.of("node-a"), List.of(), List.of(), List.of()));
  }

  @Test
  void survivesJsonThatIsNestedTooDeep() {
    String deep = "[".repeat(100_000);

    assertThat(withStatus(deep).problems()).hasSize(1);
    assertThat(withNetworks(deep).problems()).hasSize(1);
  }

  @Property(tries = 500)
  void anyTextIsReadOrTold(@ForAll("annotations") String text) {
    PodFacts pod =
        PodFacts.read(POD, Phase.RUNNING, Optional.empty(), Optional.of(text), Optional.of(text));

    assertThat(pod.problems()).allMatch(problem -> problem.startsWith("pod ns/p: annotation "));
    if (pod.selections().isEmpty() && pod.attachments().isEmpty() && pod.problems().isEmpty()) {
      assertThat(text).matches(one -> one.isBlank() || one.strip().startsWith("["));
    }
  }

  @Provide
  Arbitrary<String> annotations() {
    Arbitrary<String> pieces =
        Arbitraries.of(
                "[",
                "]",
                "{",
                "}",
                ",",
                ":",
                "\"name\"",
                "\"ips\"",
                "\"10.0.4.7\"",
                "n6",
                "/",
                "@",
                " ",
                "null",
                "5",
                "\"mac\"",
                "\"device-info\"",
                "\"pci\"")
            .list()
            .ofMaxSize(12)
            .map(list -> String.join("", list));
    return Arbitraries.oneOf(Arbitraries.strings().ofMaxLength(30), pieces);
  }

  @ParameterizedTest
  @CsvSource({
    "Pending, PENDING, false",
    "Running, RUNNING, false",
    "Succeeded, SUCCEEDED, true",
    "Failed, FAILED, true",
    "Unknown, UNKNOWN, false",
    "Hibernated, UNKNOWN, false",
    "running, UNKNOWN, false",
    "'', UNKNOWN, false"
  })
  void anUnknownPhaseKeepsItsAddresses(String word, Phase phase, boolean finished) {
    assertThat(Phase.of(word)).isEqualTo(phase);
    assertThat(Phase.of(word).isFinished()).isEqualTo(finished);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "p", "/p", "ns/", "/", "ns/p/q", "ns//p"})
  void refusesAPodReferenceOfAnotherForm(String text) {
    assertThat(PodRef.parse(text)).isEmpty();
  }

  @Test
  void readsAPodReferenceAndPrintsItTheSame() {
    assertThat(PodRef.parse("ns/p")).contains(POD);
    assertThat(POD).hasToString("ns/p").isLessThan(new PodRef("ns", "q"));
    assertThat(new PodRef("z", "a")).isGreaterThan(new PodRef("ns", "q"));
  }

  private static PodFacts withNetworks(String annotation) {
    return PodFacts.read(
        POD, Phase.RUNNING, Optional.of("node-a"), Optional.of(annotation), Optional.empty());
  }

  private static PodFacts withStatus(String annotation) {
    return PodFacts.read(
        POD, Phase.RUNNING, Optional.of("node-a"), Optional.empty(), Optional.of(annotation));
  }
}
