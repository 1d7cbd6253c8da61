// SPDX-License-Identifier: Apache-2.0
package io.multuseni.infra.bootgate;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.multuseni.core.config.NodeGroup;
import io.multuseni.core.config.NodeSetup;
import io.multuseni.infra.bootgate.FakeNode.Ended;
import io.multuseni.infra.bootgate.FakeNode.Eni;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The generated shell, run on a node that isn't one. */
@ParameterizedClass
@MethodSource("io.multuseni.infra.bootgate.Shells#all")
class BootGateIT {
  private static final Duration BRIEF = Duration.ofSeconds(20);

  @Parameter String shell = "sh";
  @TempDir Path folder = Path.of("");

  @SuppressWarnings("NullAway.Init") // set before each test
  private FakeNode node;

  @BeforeEach
  void boot() throws IOException {
    node = new FakeNode(folder, shell);
  }

  @AfterEach
  void end() {
    node.close();
  }

  // ---- waiting -------------------------------------------------------------------------------

  @Test
  void opensWhenEachInterfaceIsThere() throws Exception {
    bothLinks().reads(Eni.at(1), Eni.at(2));

    Ended ended = waitOn(Groups.two());

    assertThat(ended.code()).as(ended.output()).isZero();
    assertThat(node.exists("run/multus-eni/ready")).isTrue();
    assertThat(node.exists("run/multus-eni/failed")).isFalse();
    assertThat(node.readingsSoFar()).as("two equal readings").isEqualTo(2);
    assertThat(node.read("run/multus-eni/interfaces.tsv"))
        .isEqualTo(
            """
            network\tcard\tdevice\tlink\tmac\teni\tpci\tpredictedPci
            n3\t0\t1\tens6\t0a:00:00:00:00:01\teni-0a0000000001\t0000:00:06.0\t0000:00:06.0
            n6\t0\t2\tens7\t0a:00:00:00:00:02\teni-0a0000000002\t0000:00:07.0\t0000:00:07.0
            """);
    assertThat(ended.output())
        .contains("network n6: card 0, device index 2, ens7, 0a:00:00:00:00:02")
        .doesNotContain("WARNING");
    assertThat(node.read("var/log/multus-eni-boot-gate.log")).contains("all there; max-pods 30");
  }

  @Test
  void tellsProgramsTheTable() throws Exception {
    bothLinks().reads(Eni.at(1), Eni.at(2));

    waitOn(Groups.two());

    JsonNode table = new ObjectMapper().readTree(node.read("run/multus-eni/interfaces.json"));
    assertThat(table.get("instanceId").asText()).isEqualTo("i-0123456789abcdef0");
    assertThat(table.get("maxPods").asInt()).isEqualTo(30);
    assertThat(table.get("interfaces")).hasSize(2);
    JsonNode second = table.get("interfaces").get(1);
    assertThat(second.get("network").asText()).isEqualTo("n6");
    assertThat(second.get("deviceIndex").asInt()).isEqualTo(2);
    assertThat(second.get("interface").asText()).isEqualTo("ens7");
    assertThat(second.get("networkInterfaceId").asText()).isEqualTo("eni-0a0000000002");
    assertThat(second.get("pciBusId").asText()).isEqualTo("0000:00:07.0");
    assertThat(second.get("predictedPciBusId").asText()).isEqualTo("0000:00:07.0");
  }

  @Test
  void waitsForInterfacesThatComeLate() throws Exception {
    node.reads().reads().reads(Eni.at(1)).reads(Eni.at(1), Eni.at(2));
    node.beforeReading(3, () -> node.link("ens6", FakeNode.macOf(1), "0000:00:06.0"));
    node.beforeReading(4, () -> node.link("ens7", FakeNode.macOf(2), "0000:00:07.0"));

    Ended ended = waitOn(Groups.two());

    assertThat(ended.code()).as(ended.output()).isZero();
    assertThat(node.readingsSoFar()).isEqualTo(5);
    assertThat(ended.output())
        .contains("network n3 (network card 0, device index 1): no interface in the instance")
        .contains("network n6 (network card 0, device index 2): no interface in the instance");
  }

  @Test
  void waitsWhileAPlaceBeforeAnotherIsEmpty() throws Exception {
    bothLinks().reads(Eni.at(2)).reads(Eni.at(2)).reads(Eni.at(1), Eni.at(2));

    Ended ended = waitOn(Groups.two());

    assertThat(ended.code()).as(ended.output()).isZero();
    assertThat(node.readingsSoFar()).as("the gap twice, then all twice").isEqualTo(4);
  }

  @Test
  void waitsWhileTwoInterfacesSeemToHaveOnePlace() throws Exception {
    Eni wrong = new Eni(FakeNode.macOf(2), 1, Optional.empty());
    bothLinks().reads(Eni.at(1), wrong).reads(Eni.at(1), Eni.at(2));

    Ended ended = waitOn(Groups.two());

    assertThat(ended.code()).as(ended.output()).isZero();
    assertThat(ended.output()).contains("device index 1): 2 interfaces have this place");
    assertThat(node.readingsSoFar()).isEqualTo(3);
    assertThat(node.read("run/multus-eni/interfaces.tsv")).contains("n6\t0\t2\tens7");
  }

  @Test
  void believesNoReadingThatTheNextOneDenies() throws Exception {
    Eni swappedOne = new Eni(FakeNode.macOf(2), 1, Optional.empty());
    Eni swappedTwo = new Eni(FakeNode.macOf(1), 2, Optional.empty());
    bothLinks().reads(swappedOne, swappedTwo).reads(Eni.at(1), Eni.at(2));

    Ended ended = waitOn(Groups.two());

    assertThat(ended.code()).as(ended.output()).isZero();
    assertThat(node.readingsSoFar()).isEqualTo(3);
    assertThat(node.read("run/multus-eni/interfaces.tsv")).contains("n3\t0\t1\tens6");
  }

  @Test
  void waitsForTheLink() throws Exception {
    node.link("ens6", FakeNode.macOf(1), "0000:00:06.0")
        .virtualLink("net1", FakeNode.macOf(2))
        .reads(Eni.at(1), Eni.at(2))
        .beforeReading(4, () -> node.link("ens7", FakeNode.macOf(2), "0000:00:07.0"));

    Ended ended = waitOn(Groups.two());

    assertThat(ended.code()).as(ended.output()).isZero();
    assertThat(ended.output()).contains("no link has its MAC address 0a:00:00:00:00:02 yet");
    assertThat(node.readingsSoFar()).isEqualTo(5);
  }

  @Test
  void tellsNetworkCardsApart() throws Exception {
    NodeGroup group = Groups.group("", "n3: 0", "n6: 1");
    node.type("c6in.32xlarge").arrange("aws-answer", "8\t50\n");
    bothLinks().reads(Eni.at(0, 1), Eni.at(0, 2)).reads(Eni.at(0, 1), Eni.at(1, 2));

    Ended ended = waitOn(group);

    assertThat(ended.code()).as(ended.output()).isZero();
    assertThat(node.read("run/multus-eni/interfaces.tsv"))
        .contains("n6\t1\t2\tens7\t0a:00:00:00:00:02\teni-0a0000000002\t0000:00:07.0\t-\n");
    assertThat(node.read("run/multus-eni/max-pods"))
        .as("the VPC CNI has card 0 but for one network: 7 x 49 + 2")
        .isEqualTo("345\n");
    assertThat(ended.output()).as("no prediction, no warning").doesNotContain("WARNING");
  }

  @Test
  void getsANewTokenWhenTheOldOneIsTooOld() throws Exception {
    bothLinks().reads().reads().reads(Eni.at(1), Eni.at(2));
    node.beforeReading(3, node::expiresTokens);

    Ended ended = waitOn(Groups.two());

    assertThat(ended.code()).as(ended.output()).isZero();
    assertThat(node.unauthorized()).isEqualTo(1);
    assertThat(node.tokensGiven()).isEqualTo(2);
  }

  @Test
  void goesOnWhenTheMetadataServiceComesBack() throws Exception {
    bothLinks().reads(Eni.at(1), Eni.at(2));
    node.beforeReading(1, () -> node.down(true)).beforeReading(3, () -> node.down(false));

    Ended ended = waitOn(Groups.two());

    assertThat(ended.code()).as(ended.output()).isZero();
    assertThat(ended.output()).contains("no complete answer from the instance metadata");
  }

  // ---- giving up -----------------------------------------------------------------------------

  @Test
  void keepsKubeletOffWhenTheTimeIsOver() throws Exception {
    bothLinks().reads(Eni.at(1));

    Ended ended = run(BootGate.of(Groups.two(), BRIEF, OptionalInt.empty()), "wait");

    assertThat(ended.code()).isEqualTo(1);
    assertThat(node.exists("run/multus-eni/ready")).isFalse();
    assertThat(node.exists("run/multus-eni/max-pods")).isFalse();
    assertThat(node.calls()).as("nothing was touched").isEmpty();
    assertThat(ended.output())
        .contains("FAILED: The Multus interfaces were not all there within 20 s: network n6")
        .contains("(network card 0, device index 2): no interface in the instance metadata")
        .contains("the log of the attach function")
        .contains("systemctl restart multus-eni-boot-gate && systemctl start nodeadm-run");
    assertThat(node.read("run/multus-eni/failed")).contains("within 20 s: network n6");
    assertThat(node.read("var/log/multus-eni-boot-gate.log")).contains("FAILED: ");
  }

  @Test
  void keepsKubeletOffWhenMetadataNeverAnswers() throws Exception {
    node.down(true);

    Ended ended = run(BootGate.of(Groups.two(), BRIEF, OptionalInt.empty()), "wait");

    assertThat(ended.code()).isEqualTo(1);
    assertThat(ended.output())
        .contains("FAILED: ")
        .contains("no complete answer from the instance");
    assertThat(node.exists("run/multus-eni/ready")).isFalse();
  }

  @Test
  void keepsKubeletOffWhenNothingListensForMetadata() throws Exception {
    node.env("MULTUS_ENI_TEST_IMDS", "http://127.0.0.1:1");

    Ended ended = run(BootGate.of(Groups.two(), BRIEF, OptionalInt.empty()), "wait");

    assertThat(ended.code()).isEqualTo(1);
    assertThat(ended.output()).contains("no complete answer from the instance metadata at http://");
  }

  @Test
  void keepsKubeletOffWhenALinkCanNotComeUp() throws Exception {
    bothLinks().reads(Eni.at(1), Eni.at(2)).arrange("ip-refuses", "link set dev ens7 up\n");

    Ended ended = waitOn(Groups.two());

    assertThat(ended.code()).isEqualTo(1);
    assertThat(ended.output()).contains("FAILED: Failed: ip link set dev ens7 up");
    assertThat(node.exists("run/multus-eni/ready")).isFalse();
  }

  @Test
  void keepsKubeletOffWhenNetworkdWouldStillHaveTheLinks() throws Exception {
    bothLinks().reads(Eni.at(1), Eni.at(2)).arrange("networkctl-fails", "");

    Ended ended = waitOn(Groups.two());

    assertThat(ended.code()).isEqualTo(1);
    assertThat(ended.output()).contains("systemd-networkd did not take");
    assertThat(node.exists("run/multus-eni/ready")).isFalse();
  }

  // ---- links ---------------------------------------------------------------------------------

  @Test
  void bringsLinksUpWithoutAddresses() throws Exception {
    bothLinks().reads(Eni.at(1), Eni.at(2));

    waitOn(Groups.two());

    assertThat(node.calls())
        .startsWith("networkctl reload")
        .containsSubsequence(
            "ip link set dev ens6 addrgenmode none",
            "ip addr flush dev ens6",
            "ip -4 rule del table 10001",
            "ip link set dev ens6 mtu 9001",
            "ip link set dev ens6 up",
            "ip link set dev ens7 addrgenmode none",
            "ip link set dev ens7 up")
        .noneMatch(call -> call.contains("ens5"));
    assertThat(node.read("run/systemd/network/10-multus-eni.network"))
        .isEqualTo(
            """
            [Match]
            PermanentMACAddress=0a:00:00:00:00:01 0a:00:00:00:00:02

            [Link]
            Unmanaged=yes
            """);
    assertThat(node.read("proc/sys/net/ipv4/conf/ens7/rp_filter")).isEqualTo("2\n");
    assertThat(node.read("proc/sys/net/ipv6/conf/ens7/accept_ra")).isEqualTo("0\n");
    assertThat(node.read("proc/sys/net/ipv6/conf/ens7/autoconf")).isEqualTo("0\n");
    assertThat(node.read("proc/sys/net/ipv4/conf/ens5/rp_filter")).isEqualTo("1\n");
  }

  @Test
  void leavesNetworkdAloneOnAmazonLinux2() throws Exception {
    bothLinks().reads(Eni.at(1), Eni.at(2));

    Ended ended = waitOn(Groups.group("nodeOs: al2", "n3: 0", "n6: 0"));

    assertThat(ended.code()).as(ended.output()).isZero();
    assertThat(node.exists("run/systemd/network")).isFalse();
    assertThat(node.calls()).noneMatch(call -> call.startsWith("networkctl"));
    assertThat(node.calls()).contains("ip link set dev ens6 up", "ip link set dev ens7 up");
  }

  @Test
  void warnsOfAPciAddressThatWasPredictedOtherwise() throws Exception {
    node.link("ens6", FakeNode.macOf(1), "0000:00:06.0")
        .link("ens8", FakeNode.macOf(2), "0000:00:08.0")
        .reads(Eni.at(1), Eni.at(2));

    Ended ended = waitOn(Groups.two());

    assertThat(ended.code()).as(ended.output()).isZero();
    assertThat(ended.output())
        .contains(
            "WARNING: network n6: ens8 is at PCI address 0000:00:08.0, not at 0000:00:07.0 as"
                + " predicted for m5.xlarge")
        .doesNotContain("WARNING: network n3");
    assertThat(node.read("run/multus-eni/interfaces.tsv")).contains("0000:00:08.0\t0000:00:07.0\n");
  }

  @ParameterizedTest
  @CsvSource({"m7i.xlarge", "m5.metal", "m5"})
  void predictsNothingForTypesItDoesNotKnow(String type) throws Exception {
    bothLinks().reads(Eni.at(1), Eni.at(2)).type(type);

    Ended ended = waitOn(Groups.two());

    assertThat(ended.code()).as(ended.output()).isZero();
    assertThat(node.read("run/multus-eni/interfaces.tsv")).contains("0000:00:07.0\t-\n");
    assertThat(ended.output()).doesNotContain("WARNING");
  }

  @Test
  void goesByAConfiguredBaseForEachType() throws Exception {
    bothLinks().reads(Eni.at(1), Eni.at(2)).type("m7i.xlarge");

    Ended ended = waitOn(Groups.group("pciBase: '0000:00:06.0'", "n3: 0", "n6: 0"));

    assertThat(ended.output()).contains("not at 0000:00:07.0 as predicted for m7i.xlarge");
  }

  // ---- max-pods ------------------------------------------------------------------------------

  @ParameterizedTest
  @CsvSource({"m5.xlarge, 4, 15, 30", "c5.4xlarge, 8, 30, 176", "m5.24xlarge, 15, 50, 639"})
  void takesTheMultusInterfacesOffMaxPods(String type, int enis, int addresses, String pods)
      throws Exception {
    bothLinks().reads(Eni.at(1), Eni.at(2)).type(type);
    node.arrange("aws-answer", enis + "\t" + addresses + "\n");

    Ended ended = waitOn(Groups.two());

    assertThat(ended.code()).as(ended.output()).isZero();
    assertThat(node.read("run/multus-eni/max-pods").strip()).isEqualTo(pods);
    assertThat(node.calls())
        .filteredOn(call -> call.startsWith("aws "))
        .singleElement()
        .asString()
        .contains("describe-instance-types --region eu-central-1 --instance-types " + type);
  }

  @Test
  void asksAgainWhenEc2Refuses() throws Exception {
    bothLinks().reads(Eni.at(1), Eni.at(2));
    node.arrange("aws-errors", "RequestLimitExceeded\nUnable to locate credentials\n");

    Ended ended = waitOn(Groups.two());

    assertThat(ended.code()).as(ended.output()).isZero();
    assertThat(node.calls()).filteredOn(call -> call.startsWith("aws ")).hasSize(3);
  }

  @Test
  void asksNobodyWhereMaxPodsIsConfigured() throws Exception {
    bothLinks().reads(Eni.at(1), Eni.at(2)).arrange("aws-errors", "down\n".repeat(100));

    Ended ended =
        run(
            BootGate.of(Groups.two(), NodeSetup.BootGate.WAIT_DEFAULT, OptionalInt.of(110)),
            "wait");

    assertThat(ended.code()).as(ended.output()).isZero();
    assertThat(node.read("run/multus-eni/max-pods")).isEqualTo("110\n");
    assertThat(node.calls()).noneMatch(call -> call.startsWith("aws "));
  }

  @Test
  void keepsKubeletOffWhenMaxPodsCanNotBeTold() throws Exception {
    bothLinks().reads(Eni.at(1), Eni.at(2));
    node.arrange("aws-errors", "UnauthorizedOperation: not authorized\n".repeat(100));

    Ended ended = run(BootGate.of(Groups.two(), BRIEF, OptionalInt.empty()), "wait");

    assertThat(ended.code()).isEqualTo(1);
    assertThat(ended.output())
        .contains("FAILED: max-pods is not known")
        .contains("UnauthorizedOperation: not authorized")
        .contains("set bootGate.maxPods of node group upf");
    assertThat(node.exists("run/multus-eni/ready")).isFalse();
  }

  @ParameterizedTest
  @CsvSource({"None\tNone, tells no interface limits", "2\t10, leave none for the VPC CNI"})
  void keepsKubeletOffWhenNoPodWouldHaveAnAddress(String answer, String reason) throws Exception {
    bothLinks().reads(Eni.at(1), Eni.at(2)).arrange("aws-answer", answer + "\n");

    Ended ended = waitOn(Groups.two());

    assertThat(ended.code()).isEqualTo(1);
    assertThat(ended.output()).contains("FAILED: ").contains(reason).contains("bootGate.maxPods");
    assertThat(node.exists("run/multus-eni/ready")).isFalse();
  }

  // ---- kubelet -------------------------------------------------------------------------------

  @ParameterizedTest
  @CsvSource({"al2023, NODEADM_KUBELET_ARGS", "al2, KUBELET_EXTRA_ARGS"})
  void givesKubeletMaxPodsAsItsLastFlag(String os, String variable) throws Exception {
    BootGate gate =
        BootGate.of(
            Groups.group("nodeOs: " + os, "n3: 0"),
            NodeSetup.BootGate.WAIT_DEFAULT,
            OptionalInt.of(30));
    node.link("ens6", FakeNode.macOf(1), "0000:00:06.0").reads(Eni.at(1));
    run(gate, "wait");
    String flags =
        "--max-pods=58 --node-labels=a=b --register-with-taints=\"x=\\\"$HOME\":NoSchedule";
    node.env(variable, flags);

    Ended ended = run(gate, "kubelet");

    assertThat(ended.code()).as(ended.output()).isZero();
    Ended read =
        node.run(
            ". \"$MULTUS_ENI_TEST_ROOT/run/multus-eni/kubelet.env\"; printf %s \"$"
                + variable
                + "\"");
    assertThat(read.output()).isEqualTo(flags + " --max-pods=30");
  }

  @Test
  void startsNoKubeletBeforeTheGateIsOpen() throws Exception {
    Ended ended = run(BootGate.of(Groups.two(), BRIEF, OptionalInt.empty()), "kubelet");

    assertThat(ended.code()).isEqualTo(1);
    assertThat(node.exists("run/multus-eni/kubelet.env")).isFalse();
    assertThat(ended.output()).contains("The boot gate has left no ");
  }

  // ---- installing ----------------------------------------------------------------------------

  @Test
  void holdsEachLaterBootToo() throws Exception {
    BootGate gate = BootGate.of(Groups.two(), BRIEF, OptionalInt.empty());
    bothLinks().reads(Eni.at(1), Eni.at(2));
    assertThat(node.run(gate.boothook()).code()).isZero();
    String installed = node.read("usr/local/sbin/multus-eni-boot-gate");
    assertThat(installed).isEqualTo(gate.script());
    assertThat(node.run(installed, "wait").code()).isZero();

    node.reboots();

    assertThat(node.exists("run/multus-eni/ready")).isFalse();
    assertThat(node.read("etc/systemd/system/kubelet.service.d/90-multus-eni.conf"))
        .contains("Requires=multus-eni-boot-gate.service\nAfter=multus-eni-boot-gate.service\n")
        .contains("AssertPathExists=/run/multus-eni/ready")
        .contains("EnvironmentFile=-/run/multus-eni/kubelet.env\n")
        .contains("ExecStartPre=/usr/local/sbin/multus-eni-boot-gate kubelet\n")
        .contains("ExecStopPost=/bin/rm -f /run/multus-eni/kubelet.env\n");
    // Without cloud-init this time: metadata lists all at once when an instance comes out of a
    // pool.
    Ended again = node.run(installed, "wait");
    assertThat(again.code()).as(again.output()).isZero();
    assertThat(node.readingsSoFar()).isEqualTo(2);
    assertThat(node.exists("run/multus-eni/ready")).isTrue();
    assertThat(node.calls()).contains("ip link set dev ens7 up");
  }

  @Test
  void keepsKubeletOffOnALaterBootWithoutAnInterface() throws Exception {
    BootGate gate = BootGate.of(Groups.two(), BRIEF, OptionalInt.empty());
    bothLinks().reads(Eni.at(1), Eni.at(2));
    assertThat(run(gate, "wait").code()).isZero();

    // As if /run had outlived the boot: what an earlier boot left opens nothing.
    node.reads(Eni.at(1));
    Ended again = run(gate, "wait");

    assertThat(again.code()).as(again.output()).isEqualTo(1);
    assertThat(node.exists("run/multus-eni/ready")).isFalse();
  }

  @Test
  void installsAndStartsTheGateWithoutWaitingForIt() throws Exception {
    BootGate gate = BootGate.of(Groups.two(), BRIEF, OptionalInt.empty());

    Ended first = node.run(gate.boothook());
    Ended second = node.run(gate.boothook());

    assertThat(first.code()).as(first.output()).isZero();
    assertThat(second.code()).as(second.output()).isZero();
    assertThat(node.calls())
        .startsWith(
            "systemctl daemon-reload",
            "systemctl daemon-reload",
            "systemctl -q enable multus-eni-boot-gate.service",
            "systemctl --no-block start multus-eni-boot-gate.service");
    assertThat(node.read("etc/systemd/system/multus-eni-boot-gate.service"))
        .contains("Before=kubelet.service nodeadm-run.service\n")
        .contains("ExecStart=/usr/local/sbin/multus-eni-boot-gate wait\n")
        .contains("RemainAfterExit=yes")
        .contains("StandardOutput=journal+console")
        .contains("WantedBy=multi-user.target");
    assertThat(node.read("etc/systemd/system/nodeadm-run.service.d/90-multus-eni.conf"))
        .isEqualTo(
            """
            [Unit]
            Requires=multus-eni-boot-gate.service
            After=multus-eni-boot-gate.service
            AssertPathExists=/run/multus-eni/ready
            """);
  }

  @Test
  void knowsNoNodeadmOnAmazonLinux2() throws Exception {
    BootGate gate = BootGate.of(Groups.group("nodeOs: al2", "n3: 0"), BRIEF, OptionalInt.empty());

    Ended ended = node.run(gate.boothook());

    assertThat(ended.code()).as(ended.output()).isZero();
    assertThat(node.read("etc/systemd/system/multus-eni-boot-gate.service"))
        .contains("Before=kubelet.service\n");
    assertThat(node.exists("etc/systemd/system/nodeadm-run.service.d")).isFalse();
  }

  @Test
  void barsKubeletWhenTheGateCanNotBeInstalled() throws Exception {
    BootGate gate = BootGate.of(Groups.two(), BRIEF, OptionalInt.empty());
    node.write("usr/local", "a file where a folder has to be");

    Ended ended = node.run(gate.boothook());

    assertThat(ended.code()).isNotZero();
    assertThat(node.read("run/systemd/system/kubelet.service.d/80-multus-eni-bar.conf"))
        .isEqualTo("[Unit]\nAssertPathExists=/run/multus-eni/ready\n");
    assertThat(node.calls()).contains("systemctl daemon-reload");
    assertThat(node.exists("run/multus-eni/ready")).isFalse();
  }

  private FakeNode bothLinks() {
    return node.link("ens6", FakeNode.macOf(1), "0000:00:06.0")
        .link("ens7", FakeNode.macOf(2), "0000:00:07.0");
  }

  private Ended waitOn(NodeGroup group) throws Exception {
    return run(BootGate.of(group, NodeSetup.BootGate.WAIT_DEFAULT, OptionalInt.empty()), "wait");
  }

  private Ended run(BootGate gate, String verb) throws Exception {
    return node.run(gate.script(), verb);
  }
}
