// SPDX-License-Identifier: Apache-2.0
package io.multuseni.eniattach;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.multuseni.core.attach.RefusalReason;
import io.multuseni.core.config.Tags;
import io.multuseni.core.report.AttachReport;
import io.multuseni.core.report.AttachReport.AttachedInterface;
import io.multuseni.localcloud.Call;
import io.multuseni.localcloud.autoscaling.ActionState;
import io.multuseni.localcloud.autoscaling.HookSpec;
import io.multuseni.localcloud.ec2.AttachmentView;
import io.multuseni.localcloud.ec2.InterfaceView;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** What each key of a network does, and what a second run repairs. */
class AttachOptionsIT {
  private static final HookSpec HOOK = HookSpec.launching("multus-eni-launch");
  private static final String IPV6_BLOCK = "fd00:10:0:70::/64";

  // Source and destination check.

  @Test
  void leavesTheSourceDestCheckOnWithoutACallForIt() throws InterruptedException {
    try (Scene scene = with("sourceDestCheck: true")) {
      String instance = continued(scene);

      assertThat(Lifecycle.attachedTo(scene, instance)).allMatch(InterfaceView::sourceDestCheck);
      assertThat(modifiesOf(scene, "SourceDestCheck")).isZero();
      assertThat(modifiesOf(scene, "Attachment")).as("DeleteOnTermination").isEqualTo(1);
    }
  }

  @Test
  void turnsTheSourceDestCheckOffWithOneCallEach() throws InterruptedException {
    try (Scene scene = new Scene().withGroup()) {
      String instance = continued(scene);

      assertThat(Lifecycle.attachedTo(scene, instance)).noneMatch(InterfaceView::sourceDestCheck);
      assertThat(modifiesOf(scene, "SourceDestCheck")).isEqualTo(2);
      assertThat(modifiesOf(scene, "Attachment")).isEqualTo(2);
    }
  }

  // IPv6.

  @Test
  void givesOneIpv6AddressByItselfWhereTheSubnetHasThem() throws InterruptedException {
    try (Scene scene = withIpv6("")) {
      String instance = continued(scene);

      assertThat(Lifecycle.attachedTo(scene, instance).getFirst().ipv6Addresses()).hasSize(1);
    }
  }

  @Test
  void givesNoIpv6AddressByItselfWhereTheSubnetHasNone() throws InterruptedException {
    try (Scene scene = with("ipv6: auto")) {
      String instance = continued(scene);

      assertThat(Lifecycle.attachedTo(scene, instance).getFirst().ipv6Addresses()).isEmpty();
    }
  }

  @Test
  void givesNoIpv6AddressWhereNoneIsConfigured() throws InterruptedException {
    try (Scene scene = withIpv6("ipv6: none")) {
      String instance = continued(scene);

      assertThat(Lifecycle.attachedTo(scene, instance).getFirst().ipv6Addresses()).isEmpty();
    }
  }

  @Test
  void givesAsManyIpv6AddressesAsAreConfiguredAndReportsThem() throws InterruptedException {
    try (Scene scene = withIpv6("ipv6: 2")) {
      String event = scene.launchOne();
      AttachReport report = scene.deliver(event);

      assertThat(report.outcome()).as(report.message()).isEqualTo(AttachReport.Outcome.CONTINUE);
      List<String> addresses =
          Lifecycle.attachedTo(scene, Lifecycle.instanceOf(event)).getFirst().ipv6Addresses();
      assertThat(addresses).hasSize(2).allMatch(one -> one.startsWith("fd00:10:0:70:"));
      assertThat(report.interfaces().getFirst().ipv6Addresses()).isEqualTo(addresses);
    }
  }

  // Primary addresses.

  @Test
  void takesTheLowestFreeAddress() throws InterruptedException {
    try (Scene scene = with("primaryAddress: first-free")) {
      String first = continued(scene);
      String second = continued(scene);
      String third = continued(scene);

      // The group goes round its zones, so the first and the third are neighbours.
      assertThat(primaryOf(scene, first)).isEqualTo("10.0.30.4");
      assertThat(primaryOf(scene, second)).isEqualTo("10.0.31.4");
      assertThat(primaryOf(scene, third)).isEqualTo("10.0.30.5");
    }
  }

  @Test
  void takesTheNextAddressWhereOneIsOccupiedByWhatNobodySees() throws InterruptedException {
    try (Scene scene = with("primaryAddress: first-free")) {
      scene.cloud.world().occupy(scene.n3a, "10.0.30.4");
      scene.cloud.world().occupy(scene.n3a, "10.0.30.5");

      String instance = continued(scene);

      assertThat(primaryOf(scene, instance)).isEqualTo("10.0.30.6");
      assertThat(scene.ours()).hasSize(1);
      assertThat(scene.cloud.calls().of("CreateNetworkInterface")).hasSize(3);
    }
  }

  @Test
  void takesTheNextAddressWhateverWordsEc2HasForATakenOne() throws InterruptedException {
    try (Scene scene = with("primaryAddress: first-free")) {
      scene
          .cloud
          .faults()
          .fail("CreateNetworkInterface")
          .onCall(1)
          .with("InvalidParameterValue", 400, "10.0.30.4 is already assigned.");

      String instance = continued(scene);

      assertThat(primaryOf(scene, instance)).isEqualTo("10.0.30.5");
    }
  }

  @Test
  void givesNodesThatLaunchAtOnceDistinctLowAddresses() throws Exception {
    try (Scene scene = with("primaryAddress: first-free")) {
      List<String> events = scene.launch(8);

      try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
        List<Future<AttachReport>> reports =
            events.stream().map(event -> threads.submit(() -> scene.deliver(event))).toList();
        for (Future<AttachReport> report : reports) {
          assertThat(report.get().outcome())
              .as(report.get().message())
              .isEqualTo(AttachReport.Outcome.CONTINUE);
        }
      }

      assertThat(scene.ours())
          .extracting(InterfaceView::primaryAddress)
          .containsExactlyInAnyOrder(
              "10.0.30.4",
              "10.0.30.5",
              "10.0.30.6",
              "10.0.30.7",
              "10.0.31.4",
              "10.0.31.5",
              "10.0.31.6",
              "10.0.31.7");
    }
  }

  @Test
  void refusesAFirstFreeAddressInASubnetThatIsFull() throws InterruptedException {
    try (Scene scene = new Scene(s -> s.withReplaceAbandoned(false)).withGroup()) {
      String small = scene.cloud.world().subnet(scene.vpc, Scene.ZONE_A, "10.0.34.0/28");
      scene.configure(
          scene.config(
              "create", "", List.of(scene.networkWith("n3", "primaryAddress: first-free", small))));
      EniAttachHandler warm = scene.attachHandler();
      scene.cloud.world().fillSubnet(small, 0);

      AttachReport report = scene.deliver(scene.launchOne(), warm);

      assertThat(report.outcome()).isEqualTo(AttachReport.Outcome.ABANDON);
      assertThat(report.reason()).isEqualTo(RefusalReason.SUBNET_OUT_OF_ADDRESSES.name());
      assertThat(report.message()).contains(small);
    }
  }

  // Tags.

  @Test
  void setsEveryTagInTheCallThatCreates() throws InterruptedException {
    try (Scene scene = with("tags: {cnf: upf, owner: core team}")) {
      String instance = continued(scene);

      assertThat(Lifecycle.attachedTo(scene, instance).getFirst().tags())
          .containsExactlyInAnyOrderEntriesOf(
              Map.ofEntries(
                  Map.entry("cnf", "upf"),
                  Map.entry("owner", "core team"),
                  Map.entry(Tags.NO_MANAGE, "true"),
                  Map.entry(Tags.NO_MANAGE_PLAIN, "true"),
                  Map.entry(Tags.CLUSTER, Scene.CLUSTER),
                  Map.entry(Tags.NODE_GROUP, "upf"),
                  Map.entry(Tags.INSTANCE, instance),
                  Map.entry(Tags.NETWORK, "n3"),
                  Map.entry(Tags.DEVICE_INDEX, "1"),
                  Map.entry(Tags.NETWORK_CARD, "0"),
                  Map.entry(Tags.GENERATION, "0")));
      assertThat(scene.cloud.calls().of("CreateTags")).isEmpty();
    }
  }

  // Slots.

  @Test
  void isNotPushedAsideByAnInterfaceOnAnotherCard() throws InterruptedException {
    try (Scene scene = new Scene().withGroup("c6in.32xlarge", HOOK)) {
      String event = scene.launchOne();
      String instance = Lifecycle.instanceOf(event);
      String foreign = scene.cloud.world().attachForeign(instance, 1, 1, Map.of("team", "dpi"));

      AttachReport report = scene.deliver(event);

      assertThat(report.outcome()).as(report.message()).isEqualTo(AttachReport.Outcome.CONTINUE);
      assertThat(Lifecycle.attachedTo(scene, instance))
          .filteredOn(one -> !one.id().equals(foreign))
          .extracting(AttachOptionsIT::slotOf)
          .containsExactly("0/1", "0/2");
      assertThat(scene.cloud.calls().of("AttachNetworkInterface"))
          .as("the card is named in every call")
          .allSatisfy(call -> assertThat(call.params()).containsEntry("NetworkCardIndex", "0"));
    }
  }

  @Test
  void attachesToTheNetworkCardThatTheNetworkNames() throws InterruptedException {
    try (Scene scene = new Scene().withGroup("c6in.32xlarge", HOOK)) {
      scene.configure(
          scene.config(
              "create",
              "",
              List.of(
                  scene.network("n3", scene.n3a),
                  scene.networkWith("n6", "networkCardIndex: 1", scene.n6a))));

      String instance = continued(scene);

      assertThat(Lifecycle.attachedTo(scene, instance))
          .extracting(one -> one.tags().get(Tags.NETWORK) + " " + slotOf(one))
          .containsExactly("n3 0/1", "n6 1/2");
    }
  }

  @Test
  void keepsTheOrderOfTheConfigurationWhateverTheSubnetsAreCalled() throws InterruptedException {
    try (Scene scene = new Scene().withGroup()) {
      scene.configure(
          scene.config(
              "create",
              "",
              List.of(
                  scene.network("z-first", scene.n6a),
                  scene.network("m-second", scene.n3a),
                  scene.network("a-third", scene.n6a))));

      String instance = continued(scene);

      assertThat(Lifecycle.attachedTo(scene, instance))
          .extracting(InterfaceView::subnetId)
          .as("a subnet may serve several networks")
          .containsExactly(scene.n6a, scene.n3a, scene.n6a);
      assertThat(Lifecycle.attachedTo(scene, instance))
          .extracting(one -> one.tags().get(Tags.NETWORK))
          .containsExactly("z-first", "m-second", "a-third");
      assertThat(scene.cloud.calls().of("AttachNetworkInterface"))
          .extracting(call -> call.params().get("DeviceIndex"))
          .containsExactly("1", "2", "3");
    }
  }

  @Test
  void choosesTheSubnetsOfTheInstancesZoneInOrder() throws InterruptedException {
    try (Scene scene = new Scene().withGroup()) {
      String inA = continued(scene);
      String inB = continued(scene);

      assertThat(Lifecycle.attachedTo(scene, inA))
          .extracting(InterfaceView::subnetId)
          .containsExactly(scene.n3a, scene.n6a);
      assertThat(Lifecycle.attachedTo(scene, inB))
          .extracting(InterfaceView::subnetId)
          .containsExactly(scene.n3b, scene.n6b);
    }
  }

  @Test
  void choosesTheSubnetWithTheMostFreeAddresses() throws InterruptedException {
    try (Scene scene = new Scene().withGroup()) {
      String roomy = scene.cloud.world().subnet(scene.vpc, Scene.ZONE_A, "10.0.128.0/20");
      scene.configure(scene.config("create", "", List.of(scene.network("n3", scene.n3a, roomy))));

      String instance = continued(scene);

      assertThat(Lifecycle.attachedTo(scene, instance))
          .extracting(InterfaceView::subnetId)
          .containsExactly(roomy);
    }
  }

  @Test
  void attachesOneOnlyOnceTheOneBeforeIsAttached() throws InterruptedException {
    try (Scene scene = new Scene(s -> s.withAttachTime(Duration.ofSeconds(2))).withGroup()) {
      continued(scene);

      List<Call> attaches = scene.cloud.calls().of("AttachNetworkInterface");
      assertThat(attaches).hasSize(2);
      assertThat(Duration.between(attaches.get(0).at(), attaches.get(1).at()))
          .isGreaterThanOrEqualTo(Duration.ofSeconds(2));
    }
  }

  // What EC2 shows late.

  @Test
  void waitsForNewInterfacesThatAreNotVisibleYet() throws InterruptedException {
    try (Scene scene = new Scene(s -> s.withVisibilityDelay(Duration.ofSeconds(3))).withGroup()) {
      String event = scene.launchOne();

      AttachReport report = scene.deliver(event);

      assertThat(report.outcome()).as(report.message()).isEqualTo(AttachReport.Outcome.CONTINUE);
      assertThat(Lifecycle.attachedTo(scene, Lifecycle.instanceOf(event))).hasSize(2);
      assertThat(scene.cloud.calls().of("CreateNetworkInterface")).as("one create each").hasSize(2);
      assertThat(scene.cloud.calls().of("AttachNetworkInterface"))
          .anyMatch(call ->
              call.errorCode().filter("InvalidNetworkInterfaceID.NotFound"::equals).isPresent());
    }
  }

  @Test
  void createsNoSecondInterfaceWhenAttachDoesNotFindTheFirstTwice() throws InterruptedException {
    try (Scene scene = new Scene().withGroup()) {
      scene
          .cloud
          .faults()
          .fail("AttachNetworkInterface")
          .times(2)
          .with(
              "InvalidNetworkInterfaceID.NotFound",
              400,
              "The networkInterface ID 'eni-0b' does not exist");

      continued(scene);

      assertThat(scene.cloud.calls().of("CreateNetworkInterface")).hasSize(2);
      assertThat(scene.cloud.calls().of("AttachNetworkInterface")).hasSize(4);
    }
  }

  // A second run.

  @Test
  void repairsWhatSomebodyChangedAndFindsNothingToDoThen() throws InterruptedException {
    try (Scene scene = new Scene().withGroup()) {
      String event = scene.launchOne();
      scene.deliver(event);
      String instance = Lifecycle.instanceOf(event);
      String one = Lifecycle.attachedTo(scene, instance).getFirst().id();
      String other = Lifecycle.attachedTo(scene, instance).get(1).id();
      scene.cloud.world().removeTag(one, Tags.NO_MANAGE);
      scene.cloud.world().setDeleteOnTermination(one, false);
      scene.cloud.world().setTag(other, Tags.NO_MANAGE, "yes");
      scene.cloud.calls().clear();

      AttachReport repaired = scene.deliver(event);

      assertThat(repaired.outcome())
          .as(repaired.message())
          .isEqualTo(AttachReport.Outcome.CONTINUE);
      List<InterfaceView> now = Lifecycle.attachedTo(scene, instance);
      assertThat(now).extracting(InterfaceView::id).containsExactly(one, other);
      assertThat(now)
          .allSatisfy(each -> assertThat(each.tags()).containsEntry(Tags.NO_MANAGE, "true"));
      assertThat(now)
          .extracting(Lifecycle::attachment)
          .allMatch(AttachmentView::deleteOnTermination);
      assertThat(scene.cloud.calls().of("CreateTags")).hasSize(2);
      assertThat(scene.cloud.calls().of("ModifyNetworkInterfaceAttribute")).hasSize(1);

      assertNothingToDo(scene, event);
    }
  }

  @Test
  void putsBackTheSecurityGroupsThatSomethingElseSet() throws InterruptedException {
    try (Scene scene = new Scene().withGroup()) {
      String event = scene.launchOne();
      scene.deliver(event);
      // The world can't change them by hand; a changed configuration differs just the same.
      String dedicated = scene.cloud.world().securityGroup(scene.vpc, "dedicated");
      scene.configure(
          scene
              .config(
                  "create",
                  "",
                  List.of(
                      scene.network("n3", scene.n3a, scene.n3b),
                      scene.network("n6", scene.n6a, scene.n6b)))
              .replace(scene.securityGroup, dedicated));
      scene.cloud.calls().clear();

      AttachReport report = scene.deliver(event);

      assertThat(report.outcome()).as(report.message()).isEqualTo(AttachReport.Outcome.CONTINUE);
      assertThat(Lifecycle.attachedTo(scene, Lifecycle.instanceOf(event)))
          .extracting(InterfaceView::groupIds)
          .containsOnly(List.of(dedicated));
      assertThat(modifiesOf(scene, "SecurityGroupId.1")).isEqualTo(2);

      assertNothingToDo(scene, event);
    }
  }

  @Test
  void setsDeleteOnTerminationInALaterRunWhenItWasThrottled() throws InterruptedException {
    try (Scene scene = new Scene().withGroup()) {
      scene
          .cloud
          .faults()
          .fail("ModifyNetworkInterfaceAttribute")
          .times(12)
          .with("RequestLimitExceeded", 503, "Request limit exceeded.");
      String event = scene.launchOne();

      AttachReport first = scene.deliver(event);

      assertThat(first.outcome()).isEqualTo(AttachReport.Outcome.RETRY);
      assertThat(scene.onlyAction().state())
          .as("never CONTINUE while an interface would outlive its node")
          .isEqualTo(ActionState.WAITING);
      assertThat(scene.onlyAction().heartbeats()).isEqualTo(1);

      AttachReport second = scene.deliver(event);

      assertThat(second.outcome()).as(second.message()).isEqualTo(AttachReport.Outcome.CONTINUE);
      assertThat(scene.ours())
          .extracting(Lifecycle::attachment)
          .hasSize(2)
          .allMatch(AttachmentView::deleteOnTermination);
      assertThat(scene.cloud.calls().of("CreateNetworkInterface")).hasSize(2);
      assertThat(scene.cloud.calls().of("AttachNetworkInterface")).hasSize(2);
    }
  }

  // Dry run.

  @Test
  void reportsThePlanInADryRunAndChangesNothing() throws InterruptedException {
    try (Scene scene = new Scene().withGroup()) {
      AttachReport report = dryRun(scene, scene.launchOne());

      assertThat(report.outcome()).as(report.message()).isEqualTo(AttachReport.Outcome.CONTINUE);
      assertThat(report.dryRun()).isTrue();
      assertThat(report.message()).contains("dry run", "2 of 2");
      assertThat(report.interfaces())
          .extracting(
              AttachedInterface::network,
              AttachedInterface::deviceIndex,
              AttachedInterface::subnetId,
              AttachedInterface::pciBusId,
              AttachedInterface::networkInterfaceId,
              AttachedInterface::created)
          .containsExactly(
              tuple("n3", 1, scene.n3a, "0000:00:06.0", null, false),
              tuple("n6", 2, scene.n6a, "0000:00:07.0", null, false));
      assertDry(scene);
    }
  }

  @Test
  void reportsARefusalInADryRunAndDoesNotTellIt() throws InterruptedException {
    try (Scene scene = new Scene().withGroup()) {
      scene.cloud.world().fillSubnet(scene.n6a, 0);

      AttachReport report = dryRun(scene, scene.launchOne());

      assertThat(report.outcome()).isEqualTo(AttachReport.Outcome.ABANDON);
      assertThat(report.reason()).isEqualTo(RefusalReason.SUBNET_OUT_OF_ADDRESSES.name());
      assertThat(report.message()).contains("dry run", scene.n6a);
      assertDry(scene);
    }
  }

  @Test
  void doesNotTellAMissingPermissionInADryRun() throws InterruptedException {
    try (Scene scene = new Scene().withGroup()) {
      scene
          .cloud
          .faults()
          .fail("DescribeInstances")
          .always()
          .with("UnauthorizedOperation", 403, "You are not authorized to perform this operation.");

      AttachReport report = dryRun(scene, scene.launchOne());

      assertThat(report.outcome()).isEqualTo(AttachReport.Outcome.ABANDON);
      assertThat(report.reason()).isEqualTo(RefusalReason.ACCESS_DENIED.name());
      assertThat(report.dryRun()).isTrue();
      assertDry(scene);
    }
  }

  @Test
  void changesNothingForATerminationInADryRun() throws InterruptedException {
    try (Scene scene =
        new Scene().withGroup("m5.xlarge", HOOK, HookSpec.terminating("multus-eni-terminate"))) {
      String instance = continued(scene);
      String one = Lifecycle.attachedTo(scene, instance).getFirst().id();
      scene.cloud.world().setDeleteOnTermination(one, false);
      String event = Lifecycle.eventOf(scene, () -> scene.cloud.world().scaleIn(instance));
      scene.cloud.calls().clear();

      AttachReport report = dryRun(scene, event);

      assertThat(report.dryRun()).isTrue();
      assertThat(scene.cloud.world().networkInterface(one).map(Lifecycle::attachment))
          .get()
          .matches(attachment -> !attachment.deleteOnTermination());
      assertThat(Lifecycle.actionOf(scene, event).state()).isEqualTo(ActionState.WAITING);
      assertOnlyDescribes(scene);
    }
  }

  // The scenes and what is common.

  /** One network with these further keys, in both zones. */
  private static Scene with(String keys) {
    Scene scene = new Scene().withGroup();
    scene.configure(
        scene.config("create", "", List.of(scene.networkWith("n3", keys, scene.n3a, scene.n3b))));
    return scene;
  }

  private static Scene withIpv6(String keys) {
    Scene scene = new Scene().withGroup();
    String dual = scene.cloud.world().subnet(scene.vpc, Scene.ZONE_A, "10.0.70.0/24", IPV6_BLOCK);
    scene.configure(scene.config("create", "", List.of(scene.networkWith("n3", keys, dual))));
    return scene;
  }

  /** Launches a node and sees it through; gives the instance. */
  private static String continued(Scene scene) throws InterruptedException {
    String event = Lifecycle.eventOf(scene, () -> scene.cloud.world().scaleOut(Scene.GROUP, 1));
    AttachReport report = scene.deliver(event);
    assertThat(report.outcome()).as(report.message()).isEqualTo(AttachReport.Outcome.CONTINUE);
    assertThat(Lifecycle.actionOf(scene, event).state()).isEqualTo(ActionState.CONTINUED);
    return Lifecycle.instanceOf(event);
  }

  private static void assertNothingToDo(Scene scene, String event) {
    scene.cloud.calls().clear();
    AttachReport report = scene.deliver(event);
    assertThat(report.outcome()).as(report.message()).isEqualTo(AttachReport.Outcome.CONTINUE);
    assertThat(scene.cloud.calls().counts().keySet())
        .filteredOn(action -> !action.startsWith("Describe"))
        .containsExactly("CompleteLifecycleAction");
  }

  private static AttachReport dryRun(Scene scene, String event) {
    Sandbox sandbox = scene.sandbox();
    return scene.deliver(
        event,
        new EniAttachHandler(
            new Sandbox(
                sandbox.config(), sandbox.clients(), sandbox.time(), Telemetry.none(), true)));
  }

  private static void assertDry(Scene scene) {
    assertThat(scene.ours()).isEmpty();
    assertThat(scene.onlyAction().state()).isEqualTo(ActionState.WAITING);
    assertOnlyDescribes(scene);
  }

  private static void assertOnlyDescribes(Scene scene) {
    assertThat(scene.cloud.calls().counts().keySet())
        .isNotEmpty()
        .allMatch(action -> action.startsWith("Describe"));
  }

  /** Calls that modify an interface and have a parameter that begins so. */
  private static long modifiesOf(Scene scene, String parameter) {
    return scene.cloud.calls().of("ModifyNetworkInterfaceAttribute").stream()
        .filter(call -> call.params().keySet().stream().anyMatch(key -> key.startsWith(parameter)))
        .count();
  }

  private static String primaryOf(Scene scene, String instance) {
    return Lifecycle.attachedTo(scene, instance).getFirst().primaryAddress();
  }

  private static String slotOf(InterfaceView one) {
    AttachmentView attachment = Lifecycle.attachment(one);
    return attachment.networkCardIndex() + "/" + attachment.deviceIndex();
  }
}
