// SPDX-License-Identifier: Apache-2.0
package io.multuseni.eniattach;

import static org.assertj.core.api.Assertions.assertThat;

import io.multuseni.aws.AwsClients;
import io.multuseni.base.Time;
import io.multuseni.core.attach.RefusalReason;
import io.multuseni.core.config.Tags;
import io.multuseni.core.report.AttachReport;
import io.multuseni.localcloud.Settings;
import io.multuseni.localcloud.autoscaling.ActionState;
import io.multuseni.localcloud.autoscaling.GroupSpec;
import io.multuseni.localcloud.autoscaling.HookSpec;
import io.multuseni.localcloud.ec2.AttachmentView;
import io.multuseni.localcloud.ec2.InterfaceView;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/**
 * Every reason for which a node can't get its interfaces: it is abandoned once, with a message that
 * names what stands in the way, and nothing of ours outlives it.
 */
class RefusalIT {
  private static final HookSpec HOOK = HookSpec.launching("multus-eni-launch");
  private static final String NO_PERMISSION = "You are not authorized to perform this operation.";

  // The configuration doesn't fit the node.

  @Test
  void refusesANetworkWithoutASubnetInTheInstancesZone() throws InterruptedException {
    try (Scene scene = alone("m5.xlarge")) {
      scene.configure(scene.config("create", "", List.of(scene.network("n3", scene.n3b))));

      String event = scene.launchOne();
      AttachReport report = scene.deliver(event);

      assertAbandoned(scene, event, report, RefusalReason.NO_SUBNET_IN_ZONE, "n3", Scene.ZONE_A);
      assertThat(creates(scene)).isZero();
    }
  }

  @Test
  void refusesASubnetThatDoesNotExist() throws InterruptedException {
    try (Scene scene = alone("m5.xlarge")) {
      String missing = "subnet-0123456789abcdef0";
      scene.configure(scene.config("create", "", List.of(scene.network("n3", missing, scene.n3b))));

      String event = scene.launchOne();
      AttachReport report = scene.deliver(event);

      assertAbandoned(scene, event, report, RefusalReason.SUBNET_NOT_FOUND, missing, "n3");
      assertThat(creates(scene)).isZero();
    }
  }

  @Test
  void refusesASubnetThatIsDeletedBeforeTheCreate() throws InterruptedException {
    try (Scene scene = alone("m5.xlarge")) {
      scene
          .cloud
          .faults()
          .fail("CreateNetworkInterface")
          .onCall(2)
          .with("InvalidSubnetID.NotFound", 400, "The subnet ID 'subnet-gone' does not exist");

      String event = scene.launchOne();
      AttachReport report = scene.deliver(event);

      assertAbandoned(scene, event, report, RefusalReason.SUBNET_NOT_FOUND, "subnet-gone");
      assertThat(creates(scene)).isEqualTo(2);
    }
  }

  @Test
  void refusesASubnetOfAnotherVpc() throws InterruptedException {
    try (Scene scene = alone("m5.xlarge")) {
      String otherVpc = scene.cloud.world().vpc("10.9.0.0/16");
      String otherSubnet = scene.cloud.world().subnet(otherVpc, Scene.ZONE_A, "10.9.3.0/24");
      scene.configure(scene.config("create", "", List.of(scene.network("n3", otherSubnet))));

      String event = scene.launchOne();
      AttachReport report = scene.deliver(event);

      assertAbandoned(
          scene,
          event,
          report,
          RefusalReason.SUBNET_IN_OTHER_VPC,
          otherSubnet,
          otherVpc,
          scene.vpc);
      assertThat(creates(scene)).isZero();
    }
  }

  @Test
  void refusesIpv6AddressesOfASubnetWithoutIpv6() throws InterruptedException {
    try (Scene scene = alone("m5.xlarge")) {
      scene.configure(
          scene.config("create", "", List.of(scene.networkWith("n3", "ipv6: 1", scene.n3a))));

      String event = scene.launchOne();
      AttachReport report = scene.deliver(event);

      assertAbandoned(scene, event, report, RefusalReason.SUBNET_WITHOUT_IPV6, "n3", scene.n3a);
      assertThat(creates(scene)).isZero();
    }
  }

  @Test
  void refusesMoreIpv6AddressesThanTheInstanceTypeAllows() throws InterruptedException {
    try (Scene scene = alone("t3.small")) {
      String dual =
          scene.cloud.world().subnet(scene.vpc, Scene.ZONE_A, "10.0.70.0/24", "fd00:10:0:70::/64");
      scene.configure(
          scene.config("create", "", List.of(scene.networkWith("n3", "ipv6: 5", dual))));

      String event = scene.launchOne();
      AttachReport report = scene.deliver(event);

      assertAbandoned(scene, event, report, RefusalReason.TOO_MANY_ADDRESSES, "n3", "t3.small");
      assertThat(creates(scene)).isZero();
    }
  }

  @Test
  void refusesMoreNetworksThanTheInstanceTypeHolds() throws InterruptedException {
    try (Scene scene = alone("t3.medium")) {
      scene.configure(threeNetworks(scene));

      String event = scene.launchOne();
      AttachReport report = scene.deliver(event);

      assertAbandoned(scene, event, report, RefusalReason.INSTANCE_TYPE_TOO_SMALL, "t3.medium");
      assertThat(creates(scene)).isZero();
    }
  }

  @Test
  void refusesANetworkCardThatTheInstanceTypeLacks() throws InterruptedException {
    try (Scene scene = alone("m5.xlarge")) {
      scene.configure(
          scene.config(
              "create", "", List.of(scene.networkWith("n3", "networkCardIndex: 1", scene.n3a))));

      String event = scene.launchOne();
      AttachReport report = scene.deliver(event);

      assertAbandoned(
          scene, event, report, RefusalReason.NETWORK_CARD_MISSING, "m5.xlarge", "network card 1");
      assertThat(creates(scene)).isZero();
    }
  }

  // Addresses.

  @Test
  void refusesASubnetThatIsOutOfAddresses() throws InterruptedException {
    try (Scene scene = alone("m5.xlarge")) {
      scene.cloud.world().fillSubnet(scene.n6a, 0);

      String event = scene.launchOne();
      AttachReport report = scene.deliver(event);

      assertAbandoned(scene, event, report, RefusalReason.SUBNET_OUT_OF_ADDRESSES, scene.n6a, "n6");
      assertThat(creates(scene)).isZero();
    }
  }

  @Test
  void refusesTwoNetworksThatShareTheLastAddressOfOneSubnet() throws InterruptedException {
    try (Scene scene = alone("m5.xlarge")) {
      scene.cloud.world().fillSubnet(scene.n3a, 1);
      scene.configure(
          scene.config(
              "create",
              "",
              List.of(scene.network("n3", scene.n3a), scene.network("n6", scene.n3a))));

      String event = scene.launchOne();
      AttachReport report = scene.deliver(event);

      assertAbandoned(scene, event, report, RefusalReason.SUBNET_OUT_OF_ADDRESSES, scene.n3a, "n6");
      assertThat(creates(scene)).isZero();
    }
  }

  @Test
  void refusesASubnetThatFillsUpBehindARememberedCount() throws InterruptedException {
    try (Scene scene = alone("m5.xlarge")) {
      EniAttachHandler warm = scene.attachHandler();
      scene.deliver(scene.launchOne(), warm);
      scene.cloud.world().fillSubnet(scene.n6a, 0);
      List<String> ofTheFirst = idsOf(scene.ours());
      scene.cloud.calls().clear();

      String event = scene.launchOne();
      AttachReport report = scene.deliver(event, warm);

      assertThat(creates(scene)).as("the remembered count lets it try").isEqualTo(2);
      assertAbandoned(
          scene, event, report, RefusalReason.SUBNET_OUT_OF_ADDRESSES, ofTheFirst, scene.n6a);
    }
  }

  @Test
  void takesAFragmentedSubnetForAFullOne() throws InterruptedException {
    try (Scene scene = alone("m5.xlarge")) {
      scene
          .cloud
          .faults()
          .fail("CreateNetworkInterface")
          .onCall(2)
          .with(
              "InvalidParameterValue",
              400,
              "There aren't sufficient free Ipv4 addresses or prefixes");

      String event = scene.launchOne();
      AttachReport report = scene.deliver(event);

      assertAbandoned(
          scene,
          event,
          report,
          RefusalReason.SUBNET_OUT_OF_ADDRESSES,
          "subnet-",
          Lifecycle.instanceOf(event));
      assertThat(creates(scene)).as("a full subnet is not tried again").isEqualTo(2);
    }
  }

  @Test
  void triesTheOtherSubnetOfTheZoneBeforeItRefuses() throws InterruptedException {
    try (Scene scene = alone("m5.xlarge")) {
      String second = scene.cloud.world().subnet(scene.vpc, Scene.ZONE_A, "10.0.33.0/28");
      scene.configure(scene.config("create", "", List.of(scene.network("n3", scene.n3a, second))));
      scene
          .cloud
          .faults()
          .fail("CreateNetworkInterface")
          .onCall(1)
          .with(
              "InvalidParameterValue",
              400,
              "There aren't sufficient free Ipv4 addresses or prefixes");

      AttachReport report = scene.deliver(scene.launchOne());

      assertThat(report.outcome()).as(report.message()).isEqualTo(AttachReport.Outcome.CONTINUE);
      assertThat(scene.ours()).extracting(InterfaceView::subnetId).containsExactly(second);
    }
  }

  // Slots.

  @Test
  void refusesWhenIndexOneBelongsToTheVpcCni() throws InterruptedException {
    try (Scene scene = alone("m5.xlarge")) {
      String event = scene.launchOne();
      String cni =
          scene
              .cloud
              .world()
              .kubeletStarts(Lifecycle.instanceOf(event), Scene.CLUSTER)
              .orElseThrow();

      AttachReport report = scene.deliver(event);

      assertAbandoned(
          scene,
          event,
          report,
          RefusalReason.DEVICE_INDEX_TAKEN,
          cni,
          "VPC CNI",
          Tags.CNI_INSTANCE + "=" + Lifecycle.instanceOf(event),
          "boot gate");
      assertThat(creates(scene)).isZero();
    }
  }

  @Test
  void refusesWhenTheVpcCniTakesIndexOneWhileTheInstanceBoots() throws InterruptedException {
    try (Scene scene = alone("m5.xlarge", s -> s.withBootTime(Duration.ofSeconds(8)))) {
      String event = scene.launchOne();
      String instance = Lifecycle.instanceOf(event);
      List<String> cni = new ArrayList<>();

      AttachReport report =
          scene.deliver(
              event,
              handlerWith(
                  scene,
                  () -> {
                    if (cni.isEmpty()
                        && scene.cloud.world().instance(instance).state().equals("running")) {
                      scene.cloud.world().kubeletStarts(instance).ifPresent(cni::add);
                    }
                  }));

      assertAbandoned(
          scene,
          event,
          report,
          RefusalReason.DEVICE_INDEX_TAKEN,
          cni.getFirst(),
          "VPC CNI",
          "boot gate");
      assertThat(creates(scene)).as("one create per slot").isEqualTo(2);
      assertThat(scene.cloud.calls().of("AttachNetworkInterface"))
          .as("the taken index is tried once")
          .hasSize(1);
    }
  }

  @Test
  void refusesWhenIndexTwoHoldsSomebodyElsesInterface() throws InterruptedException {
    try (Scene scene = alone("m5.xlarge")) {
      String event = scene.launchOne();
      String foreign =
          scene
              .cloud
              .world()
              .attachForeign(Lifecycle.instanceOf(event), 2, 0, Map.of("team", "dpi"));

      AttachReport report = scene.deliver(event);

      assertAbandoned(
          scene, event, report, RefusalReason.DEVICE_INDEX_TAKEN, foreign, "team=dpi", "n6");
      assertThat(scene.cloud.world().networkInterface(foreign))
          .as("somebody else's interface outlives the instance")
          .isPresent();
    }
  }

  @Test
  void refusesWhenIndexOneHoldsAnotherClustersInterface() throws InterruptedException {
    try (Scene scene = alone("m5.xlarge")) {
      String event = scene.launchOne();
      String foreign =
          scene
              .cloud
              .world()
              .attachForeign(
                  Lifecycle.instanceOf(event),
                  1,
                  0,
                  Map.of(Tags.CLUSTER, "edge", Tags.INSTANCE, Lifecycle.instanceOf(event)));

      AttachReport report = scene.deliver(event);

      assertAbandoned(
          scene, event, report, RefusalReason.DEVICE_INDEX_TAKEN, foreign, "cluster edge");
      assertThat(scene.cloud.world().networkInterface(foreign).orElseThrow().tags())
          .containsEntry(Tags.CLUSTER, "edge");
      assertThat(scene.cloud.calls().of("ModifyNetworkInterfaceAttribute")).isEmpty();
    }
  }

  @Test
  void refusesASlotThatHoldsAnotherNetworkOfOurs() throws InterruptedException {
    try (Scene scene = alone("m5.xlarge")) {
      String event = scene.launchOne();
      String instance = Lifecycle.instanceOf(event);
      String ours =
          scene
              .cloud
              .world()
              .attachForeign(
                  instance,
                  1,
                  0,
                  Map.of(Tags.CLUSTER, Scene.CLUSTER, Tags.INSTANCE, instance, Tags.NETWORK, "n6"));

      AttachReport report = scene.deliver(event);

      assertAbandoned(
          scene, event, report, RefusalReason.SLOT_HOLDS_OTHER_NETWORK, ours, "n6", "n3");
      assertThat(creates(scene)).isZero();
    }
  }

  @Test
  void takesALimitThatEc2CountsOtherwiseAsFinal() throws InterruptedException {
    try (Scene scene = alone("m5.xlarge")) {
      scene
          .cloud
          .faults()
          .fail("AttachNetworkInterface")
          .onCall(2)
          .always()
          .with(
              "AttachmentLimitExceeded", 400, "Interface count 3 exceeds the limit for m5.xlarge");
      scene.configure(threeNetworks(scene));

      String event = scene.launchOne();
      AttachReport report = scene.deliver(event);

      assertAbandoned(scene, event, report, RefusalReason.INSTANCE_TYPE_TOO_SMALL, "m5.xlarge");
      assertThat(scene.cloud.calls().of("AttachNetworkInterface"))
          .as("no retry, and nothing after the first failure")
          .hasSize(2);
    }
  }

  @Test
  void leavesOnlyInterfacesThatGoWithTheInstanceBeforeItTellsTheRefusal()
      throws InterruptedException {
    try (Scene scene = alone("m5.xlarge")) {
      scene.configure(threeNetworks(scene));
      scene
          .cloud
          .faults()
          .fail("AttachNetworkInterface")
          .onCall(2)
          .always()
          .with(
              "AttachmentLimitExceeded", 400, "Interface count 3 exceeds the limit for m5.xlarge");
      // Three attempts of the SDK, so the first invocation can't tell and the world stays to be
      // seen.
      scene
          .cloud
          .faults()
          .fail("CompleteLifecycleAction")
          .times(3)
          .with("ServiceUnavailable", 503, "Service is unavailable");

      String event = scene.launchOne();
      AttachReport first = scene.deliver(event);

      assertThat(first.outcome()).isEqualTo(AttachReport.Outcome.RETRY);
      assertThat(scene.available()).isEmpty();
      List<InterfaceView> attached = Lifecycle.attachedTo(scene, Lifecycle.instanceOf(event));
      assertThat(attached)
          .extracting(one -> one.tags().get(Tags.NETWORK))
          .as("what is attached goes with the instance")
          .containsExactly("n3");
      assertThat(attached)
          .extracting(Lifecycle::attachment)
          .allMatch(AttachmentView::deleteOnTermination);

      scene.cloud.calls().clear();
      AttachReport second = scene.deliver(event);

      assertAbandoned(scene, event, second, RefusalReason.INSTANCE_TYPE_TOO_SMALL, "m5.xlarge");
    }
  }

  // Security groups, permissions, quotas.

  @Test
  void refusesASecurityGroupThatIsGone() throws InterruptedException {
    try (Scene scene = alone("m5.xlarge")) {
      scene.cloud.world().dropSecurityGroup(scene.securityGroup);

      String event = scene.launchOne();
      AttachReport report = scene.deliver(event);

      assertAbandoned(
          scene, event, report, RefusalReason.SECURITY_GROUP_NOT_FOUND, scene.securityGroup);
    }
  }

  @Test
  void refusesASecurityGroupOfAnotherVpc() throws InterruptedException {
    try (Scene scene = alone("m5.xlarge")) {
      String otherGroup =
          scene.cloud.world().securityGroup(scene.cloud.world().vpc("10.9.0.0/16"), "other");
      scene.configure(
          scene
              .config("create", "", List.of(scene.network("n3", scene.n3a)))
              .replace(scene.securityGroup, otherGroup));

      String event = scene.launchOne();
      AttachReport report = scene.deliver(event);

      assertAbandoned(scene, event, report, RefusalReason.SECURITY_GROUP_NOT_FOUND, scene.n3a);
    }
  }

  @Test
  void deletesTheOtherInterfaceWhenOneSecurityGroupIsGone() throws InterruptedException {
    try (Scene scene = alone("m5.xlarge")) {
      String second = scene.cloud.world().securityGroup(scene.vpc, "second");
      scene.configure(
          scene.config(
              "create",
              "",
              List.of(
                  scene.network("n3", scene.n3a),
                  scene.network("n6", scene.n6a).replace(scene.securityGroup, second))));
      scene.cloud.world().dropSecurityGroup(second);

      String event = scene.launchOne();
      AttachReport report = scene.deliver(event);

      assertAbandoned(scene, event, report, RefusalReason.SECURITY_GROUP_NOT_FOUND, second);
      assertThat(scene.cloud.calls().of("DeleteNetworkInterface")).hasSize(1);
    }
  }

  @Test
  void refusesWhenCreatingIsNotPermitted() throws InterruptedException {
    try (Scene scene = alone("m5.xlarge")) {
      denied(scene, "CreateNetworkInterface");

      String event = scene.launchOne();
      AttachReport report = scene.deliver(event);

      assertAbandoned(
          scene, event, report, RefusalReason.ACCESS_DENIED, "CreateNetworkInterface", "subnet-");
      assertThat(creates(scene)).as("no permission is not asked for twice").isEqualTo(2);
    }
  }

  @Test
  void refusesWhenDescribingTheInstanceIsNotPermitted() throws InterruptedException {
    try (Scene scene = alone("m5.xlarge")) {
      denied(scene, "DescribeInstances");

      String event = scene.launchOne();
      AttachReport report = scene.deliver(event);

      assertAbandoned(
          scene,
          event,
          report,
          RefusalReason.ACCESS_DENIED,
          "DescribeInstances",
          Lifecycle.instanceOf(event));
      assertThat(creates(scene)).isZero();
    }
  }

  @Test
  void cleansUpAfterAnEarlierRunWhenDescribingIsNoLongerPermitted() throws InterruptedException {
    try (Scene scene = alone("m5.xlarge")) {
      scene
          .cloud
          .faults()
          .fail("AttachNetworkInterface")
          .times(3)
          .with("InternalError", 500, "An internal error has occurred");
      String event = scene.launchOne();
      AttachReport first = scene.deliver(event);
      assertThat(first.outcome()).isEqualTo(AttachReport.Outcome.RETRY);
      assertThat(scene.available()).as("created, not attached yet").hasSize(2);
      denied(scene, "DescribeInstances");
      scene.cloud.calls().clear();

      AttachReport report = scene.deliver(event);

      assertAbandoned(scene, event, report, RefusalReason.ACCESS_DENIED, "DescribeInstances");
    }
  }

  @Test
  void refusesWhenAttachingIsNotPermitted() throws InterruptedException {
    try (Scene scene = alone("m5.xlarge")) {
      denied(scene, "AttachNetworkInterface");

      String event = scene.launchOne();
      AttachReport report = scene.deliver(event);

      assertAbandoned(
          scene, event, report, RefusalReason.ACCESS_DENIED, "AttachNetworkInterface", "eni-");
      assertThat(scene.cloud.calls().of("DeleteNetworkInterface")).hasSize(2);
    }
  }

  @Test
  void refusesWhenTheQuotaOfInterfacesIsUsedUp() throws InterruptedException {
    try (Scene scene = alone("m5.xlarge")) {
      scene
          .cloud
          .faults()
          .fail("CreateNetworkInterface")
          .onCall(2)
          .with(
              "NetworkInterfaceLimitExceeded",
              400,
              "The maximum number of network interfaces has been reached.");

      String event = scene.launchOne();
      AttachReport report = scene.deliver(event);

      assertAbandoned(
          scene,
          event,
          report,
          RefusalReason.QUOTA_EXCEEDED,
          "subnet-",
          Lifecycle.instanceOf(event));
      assertThat(creates(scene)).isEqualTo(2);
    }
  }

  // The scene and the common end.

  private static Scene alone(String instanceType) {
    return alone(instanceType, settings -> settings);
  }

  /** One zone, and a group that doesn't replace what is abandoned, so that one node is seen. */
  private static Scene alone(String instanceType, UnaryOperator<Settings> change) {
    Scene scene = new Scene(s -> change.apply(s.withReplaceAbandoned(false)));
    scene
        .cloud
        .world()
        .autoScalingGroup(Scene.GROUP, GroupSpec.of(instanceType, scene.nodesA).withHook(HOOK));
    return scene;
  }

  private static String threeNetworks(Scene scene) {
    return scene.config(
        "create",
        "",
        List.of(
            scene.network("n3", scene.n3a),
            scene.network("n4", scene.n3a),
            scene.network("n6", scene.n6a)));
  }

  private static void denied(Scene scene, String action) {
    scene.cloud.faults().fail(action).always().with("UnauthorizedOperation", 403, NO_PERMISSION);
  }

  /** A handler that lets something happen each time it waits. */
  private static EniAttachHandler handlerWith(Scene scene, Runnable happening) {
    Time time =
        new Time() {
          @Override
          public Instant now() {
            return scene.clock.now();
          }

          @Override
          public void pause(Duration duration) {
            scene.clock.sleep(duration);
            happening.run();
          }
        };
    AwsClients clients = scene.sandbox().clients();
    return new EniAttachHandler(
        new Sandbox(scene.config(), clients, time, Telemetry.none(), false));
  }

  private static void assertAbandoned(
      Scene scene, String event, AttachReport report, RefusalReason reason, String... named) {
    assertAbandoned(scene, event, report, reason, List.of(), named);
  }

  /**
   * The common end of every refusal.
   *
   * @param others interfaces of ours that belong to other instances
   * @param named what the message must name
   */
  private static void assertAbandoned(
      Scene scene,
      String event,
      AttachReport report,
      RefusalReason reason,
      List<String> others,
      String... named) {
    assertThat(report.outcome()).as(report.message()).isEqualTo(AttachReport.Outcome.ABANDON);
    assertThat(Lifecycle.actionOf(scene, event).state()).isEqualTo(ActionState.ABANDONED);
    assertThat(scene.cloud.world().instance(Lifecycle.instanceOf(event)).state())
        .isEqualTo("terminated");
    // An attached interface without DeleteOnTermination would have become available just now.
    assertThat(idsOf(scene.ours())).as("nothing of ours outlives the node").isEqualTo(others);
    assertThat(Lifecycle.toldResults(scene)).containsExactly("ABANDON");
    assertThat(scene.cloud.calls().of("RecordLifecycleActionHeartbeat")).isEmpty();
    assertThat(report.reason()).isEqualTo(reason.name());
    assertThat(report.message()).contains(named).contains(reason.remedy());
    assertThat(report.interfaces()).isEmpty();
    assertThat(report.instanceId()).isEqualTo(Lifecycle.instanceOf(event));
  }

  private static List<String> idsOf(List<InterfaceView> interfaces) {
    return interfaces.stream().map(InterfaceView::id).toList();
  }

  private static int creates(Scene scene) {
    return scene.cloud.calls().of("CreateNetworkInterface").size();
  }
}
