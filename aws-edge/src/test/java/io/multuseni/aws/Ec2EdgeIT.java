// SPDX-License-Identifier: Apache-2.0
package io.multuseni.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.multuseni.core.attach.AttachPlanner;
import io.multuseni.core.attach.AttachmentPlan;
import io.multuseni.core.attach.ClientToken;
import io.multuseni.core.attach.PlannedInterface;
import io.multuseni.core.config.Network;
import io.multuseni.core.config.NodeGroup;
import io.multuseni.core.config.Tags;
import io.multuseni.core.error.CallFailure;
import io.multuseni.core.error.ErrorMeaning;
import io.multuseni.core.node.Attachment;
import io.multuseni.core.node.InstanceSummary;
import io.multuseni.core.node.InterfaceFacts;
import io.multuseni.core.node.NodeFacts;
import io.multuseni.core.node.SubnetFacts;
import io.multuseni.core.slot.Slot;
import io.multuseni.localcloud.ec2.InterfaceView;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What the EC2 edge asks and tells, seen from the other side of the wire. */
class Ec2EdgeIT {
  private final EdgeScene scene = new EdgeScene();
  private final Ec2Edge ec2 = scene.ec2;

  @AfterEach
  void close() {
    scene.close();
  }

  private NodeGroup group() {
    return new NodeGroup(
        "upf",
        new NodeGroup.AutoScalingGroups(List.of("upf-a")),
        new NodeGroup.CreateHook(),
        Duration.ofMinutes(30),
        Duration.ofHours(1),
        NodeGroup.OnRepeatedFailure.HOLD,
        false,
        NodeGroup.NodeOs.AL2023,
        Optional.empty(),
        List.of(network("n3", scene.n3), network("n6", scene.n6)));
  }

  private Network network(String name, String subnet) {
    return new Network(
        name,
        List.of(subnet),
        List.of(scene.securityGroup),
        false,
        new Network.AutoIpv6(),
        Network.PrimaryAddress.ANY,
        0,
        new TreeMap<>(Map.of("cnf", "upf")));
  }

  private List<PlannedInterface> planned(String instance) {
    return AttachPlanner.plan(
                EdgeScene.CLUSTER,
                group(),
                ec2.nodeFacts(instance).orElseThrow(),
                ec2.subnets(List.of(scene.n3, scene.n6)))
            instanceof AttachmentPlan plan
        ? plan.interfaces()
        : List.of();
  }

  private InterfaceFacts create(String instance, PlannedInterface one, Optional<String> address) {
    return ec2.create(
        EdgeScene.CLUSTER, instance, one, one.subnets().getFirst(), address, one.generation());
  }

  private InterfaceFacts attachedFirst(String instance) {
    PlannedInterface first = planned(instance).getFirst();
    InterfaceFacts made = create(instance, first, Optional.empty());
    ec2.attach(made.networkInterfaceId(), instance, first.slot());
    return ec2.interfaces(List.of(made.networkInterfaceId())).getFirst();
  }

  private InterfaceView seen(String eni) {
    return scene.cloud.world().networkInterface(eni).orElseThrow();
  }

  private static CallFailure failure(ThrowingCallable call) {
    return Optional.ofNullable(catchThrowableOfType(CallFailure.class, call))
        .orElseThrow(() -> new AssertionError("it did not fail"));
  }

  // Facts.

  @Test
  void nodeFactsTellTheInstanceItsLimitsAndItsInterfaces() {
    String instance = scene.launch();

    NodeFacts node = ec2.nodeFacts(instance).orElseThrow();

    assertThat(node.instanceId()).isEqualTo(instance);
    assertThat(node.state()).isEqualTo(NodeFacts.State.RUNNING);
    assertThat(node.availabilityZone()).isEqualTo(EdgeScene.ZONE);
    assertThat(node.vpcId()).isEqualTo(scene.vpc);
    assertThat(node.launchTime()).isEqualTo(scene.clock.now());
    assertThat(node.tags()).containsEntry("Name", "worker");
    assertThat(node.limits().interfacesPerCard()).containsExactly(Map.entry(0, 4));
    assertThat(node.limits().ipv4AddressesPerInterface()).isEqualTo(15);
    assertThat(node.interfaces())
        .singleElement()
        .satisfies(primary -> assertThat(primary.slotOn(instance)).contains(new Slot(0, 0)));
    assertThat(scene.counter.byAction())
        .containsExactlyInAnyOrderEntriesOf(
            Map.of(
                "DescribeInstances",
                1,
                "DescribeNetworkInterfaces",
                1,
                "DescribeInstanceTypes",
                1));
  }

  @Test
  void whoseAnInterfaceOfOthersIsIsLookedUpSinceTheInstanceDoesNotTellItsTags() {
    String instance = scene.launch();
    String foreign = scene.cloud.world().attachForeign(instance, 2, 0, Map.of("owner", "storage"));

    NodeFacts node = ec2.nodeFacts(instance).orElseThrow();

    assertThat(node.interfaces())
        .filteredOn(one -> one.networkInterfaceId().equals(foreign))
        .singleElement()
        .satisfies(one -> {
          assertThat(one.tags()).containsExactly(Map.entry("owner", "storage"));
          assertThat(one.slotOn(instance)).contains(new Slot(0, 2));
        });
    assertThat(scene.sent("DescribeNetworkInterfaces")).hasSize(2);
  }

  @Test
  void ourOwnAreReadWithTheirTagsInTheFirstLook() {
    String instance = scene.launch();
    InterfaceFacts made = create(instance, planned(instance).getLast(), Optional.empty());
    InterfaceFacts attached = attachedFirst(instance);
    scene.cloud.calls().clear();

    NodeFacts node = ec2.nodeFacts(instance).orElseThrow();

    assertThat(node.interfaces())
        .extracting(InterfaceFacts::networkInterfaceId)
        .contains(attached.networkInterfaceId(), made.networkInterfaceId())
        .hasSize(3);
    assertThat(node.interfaces()).contains(attached, made);
    assertThat(scene.sent("DescribeNetworkInterfaces")).hasSize(1);
  }

  @Test
  void anUnknownInstanceIsNoFailure() {
    assertThat(ec2.nodeFacts("i-0123456789abcdef0")).isEmpty();
    assertThat(ec2.instanceState("i-0123456789abcdef0")).isEmpty();
  }

  @Test
  void theStateIsToldInEachStage() {
    String instance = scene.launch();
    assertThat(ec2.instanceState(instance)).contains(NodeFacts.State.RUNNING);
    scene.cloud.world().stopInstance(instance);
    assertThat(ec2.instanceState(instance)).contains(NodeFacts.State.STOPPED);
    scene.cloud.world().terminate(instance);
    assertThat(ec2.instanceState(instance)).contains(NodeFacts.State.TERMINATED);
  }

  @Test
  void moreInstancesThanOneFilterTakesAreFoundInSeveralCalls() {
    List<String> ids = new ArrayList<>();
    for (int i = 0; i < 205; i++) {
      ids.add(scene.launch());
    }
    List<String> asked = new ArrayList<>(ids);
    asked.add("i-0123456789abcdef0");

    Map<String, InstanceSummary> found = ec2.instances(asked);

    assertThat(found).containsOnlyKeys(ids);
    assertThat(scene.sent("DescribeInstances"))
        .hasSize(2)
        .allSatisfy(sent ->
            assertThat(sent)
                .containsKey("Filter.1.Value.1")
                .doesNotContainKey("Filter.1.Value.201"));
  }

  @Test
  void noIdsMakeNoCall() {
    assertThat(ec2.instances(List.of())).isEmpty();
    assertThat(ec2.interfaces(List.of())).isEmpty();
    assertThat(ec2.subnets(List.of())).isEmpty();
    assertThat(scene.cloud.calls().all()).isEmpty();
  }

  @Test
  void describesGoByFilterAndNeverById() {
    String instance = scene.launch();
    ec2.nodeFacts(instance);
    ec2.instances(List.of(instance));
    ec2.interfaces(List.of("eni-0123456789abcdef0"));
    ec2.subnets(List.of(scene.n3));
    ec2.ofCluster(EdgeScene.CLUSTER);
    ec2.usedAddresses(scene.n3);

    assertThat(scene.cloud.calls().all())
        .filteredOn(call -> call.action().startsWith("Describe"))
        .filteredOn(call -> !call.action().equals("DescribeInstanceTypes"))
        .allSatisfy(call -> {
          assertThat(call.params()).containsKey("Filter.1.Name");
          assertThat(call.params().keySet()).noneMatch(key -> key.matches("[A-Za-z]+Id\\.\\d+"));
        });
  }

  // Memory.

  @Test
  void subnetsAreRememberedForFiveMinutes() {
    Map<String, SubnetFacts> first = ec2.subnets(List.of(scene.n3, scene.n6));
    scene.clock.advance(Duration.ofMinutes(5).minusSeconds(1));

    assertThat(ec2.subnets(List.of(scene.n6, scene.n3))).isEqualTo(first);
    assertThat(scene.sent("DescribeSubnets")).hasSize(1);

    scene.clock.advance(Duration.ofSeconds(1));
    ec2.subnets(List.of(scene.n3));
    assertThat(scene.sent("DescribeSubnets")).hasSize(2);
  }

  @Test
  void aSubnetsFactsAreItsRoomAndItsIpv6() {
    assertThat(ec2.subnets(List.of(scene.n3, scene.n6)).values())
        .containsExactlyInAnyOrder(
            new SubnetFacts(
                scene.n3,
                scene.vpc,
                EdgeScene.ZONE,
                "10.0.30.0/24",
                251,
                List.of("2001:db8:0:30::/64")),
            new SubnetFacts(scene.n6, scene.vpc, EdgeScene.ZONE, "10.0.60.0/24", 251, List.of()));
  }

  @Test
  void onlyWhatIsUnknownIsReadAndAMissingSubnetIsAskedForAgain() {
    ec2.subnets(List.of(scene.n3));
    assertThat(ec2.subnets(List.of(scene.n3, "subnet-0123456789abcdef0")))
        .containsOnlyKeys(scene.n3);
    ec2.subnets(List.of(scene.n3, "subnet-0123456789abcdef0"));

    assertThat(scene.sent("DescribeSubnets"))
        .hasSize(3)
        .last()
        .satisfies(sent ->
            assertThat(sent)
                .containsEntry("Filter.1.Value.1", "subnet-0123456789abcdef0")
                .doesNotContainKey("Filter.1.Value.2"));
  }

  @Test
  void limitsAreRememberedForHoursAndEverythingCanBeForgotten() {
    String instance = scene.launch();
    ec2.nodeFacts(instance);
    scene.clock.advance(Duration.ofHours(6).minusSeconds(1));
    ec2.nodeFacts(instance);
    assertThat(scene.sent("DescribeInstanceTypes")).hasSize(1);

    scene.clock.advance(Duration.ofSeconds(1));
    ec2.nodeFacts(instance);
    assertThat(scene.sent("DescribeInstanceTypes")).hasSize(2);

    ec2.subnets(List.of(scene.n3));
    ec2.forgetCachedFacts();
    ec2.nodeFacts(instance);
    ec2.subnets(List.of(scene.n3));
    assertThat(scene.sent("DescribeInstanceTypes")).hasSize(3);
    assertThat(scene.sent("DescribeSubnets")).hasSize(2);
  }

  // Changes.

  @Test
  void theCreateCarriesTokenTagsAndGroupsInOneCall() {
    String instance = scene.launch();
    PlannedInterface second = planned(instance).getLast();

    InterfaceFacts made = create(instance, second, Optional.empty());

    Map<String, String> expected = new HashMap<>();
    expected.put("Action", "CreateNetworkInterface");
    expected.put("Version", "2016-11-15");
    expected.put("SubnetId", scene.n6);
    expected.put("SecurityGroupId.1", scene.securityGroup);
    expected.put("Description", "multus-eni core5g: network n6 of " + instance);
    expected.put("ClientToken", ClientToken.of("core5g", instance, new Slot(0, 2), 0));
    expected.put("TagSpecification.1.ResourceType", "network-interface");
    SortedMap<String, String> tags = new TreeMap<>();
    tags.put("cnf", "upf");
    tags.put("multus-eni/cluster", "core5g");
    tags.put("multus-eni/node-group", "upf");
    tags.put("multus-eni/instance", instance);
    tags.put("multus-eni/network", "n6");
    tags.put("multus-eni/device-index", "2");
    tags.put("multus-eni/network-card-index", "0");
    tags.put("multus-eni/generation", "0");
    tags.put("node.k8s.amazonaws.com/no_manage", "true");
    tags.put("no_manage", "true");
    int number = 1;
    for (Map.Entry<String, String> tag : tags.entrySet()) {
      expected.put("TagSpecification.1.Tag." + number + ".Key", tag.getKey());
      expected.put("TagSpecification.1.Tag." + number + ".Value", tag.getValue());
      number++;
    }
    assertThat(scene.sent("CreateNetworkInterface"))
        .singleElement()
        .satisfies(sent -> assertThat(sent).containsExactlyInAnyOrderEntriesOf(expected));
    assertThat(scene.sent("CreateTags")).isEmpty();
    assertThat(made.tags()).isEqualTo(tags);
    assertThat(made.securityGroups()).containsExactly(scene.securityGroup);
    assertThat(made.status()).isIn("available", "pending");
    assertThat(made.attachment()).isEmpty();
    assertThat(made.macAddress()).matches("([0-9a-f]{2}:){5}[0-9a-f]{2}");
  }

  @Test
  void addressesThatAreNotGlobalAreNeverAskedToBePrimaryOnes() {
    String instance = scene.launch();
    String local =
        scene.cloud.world().subnet(scene.vpc, EdgeScene.ZONE, "10.0.7.0/24", "fd00:7::/64");
    SubnetFacts subnet = Optional.ofNullable(ec2.subnets(List.of(local)).get(local)).orElseThrow();

    InterfaceFacts made =
        ec2.create(
            EdgeScene.CLUSTER, instance, planned(instance).getFirst(), subnet, Optional.empty(), 0);

    assertThat(made.ipv6Addresses()).singleElement().asString().startsWith("fd00:7:");
    assertThat(seen(made.networkInterfaceId()).primaryIpv6Address()).isEmpty();
    assertThat(scene.sent("CreateNetworkInterface"))
        .singleElement()
        .satisfies(sent -> assertThat(sent).doesNotContainKey("EnablePrimaryIpv6"));
  }

  @Test
  void theCreateNamesAnAddressAndAsksForIpv6WherePlanned() {
    String instance = scene.launch();

    InterfaceFacts made = create(instance, planned(instance).getFirst(), Optional.of("10.0.30.77"));

    assertThat(scene.sent("CreateNetworkInterface"))
        .singleElement()
        .satisfies(sent ->
            assertThat(sent)
                .containsEntry("PrivateIpAddress", "10.0.30.77")
                .containsEntry("Ipv6AddressCount", "1")
                .containsEntry("EnablePrimaryIpv6", "true"));
    assertThat(seen(made.networkInterfaceId()).primaryIpv6Address())
        .as("nobody can take it for a pod's and release it")
        .contains(made.ipv6Addresses().getFirst());
    assertThat(made.privateIpAddress()).contains("10.0.30.77");
    assertThat(made.ipv6Addresses()).hasSize(1);
  }

  @Test
  void theSameCreateTwiceMakesOneInterfaceAndAnotherGenerationMakesAnother() {
    String instance = scene.launch();
    PlannedInterface first = planned(instance).getFirst();

    InterfaceFacts made = create(instance, first, Optional.empty());
    InterfaceFacts again = create(instance, first, Optional.empty());
    InterfaceFacts next =
        ec2.create(
            EdgeScene.CLUSTER, instance, first, first.subnets().getFirst(), Optional.empty(), 1);

    assertThat(again.networkInterfaceId()).isEqualTo(made.networkInterfaceId());
    assertThat(next.networkInterfaceId()).isNotEqualTo(made.networkInterfaceId());
    assertThat(next.tags()).containsEntry(Tags.GENERATION, "1");
  }

  @Test
  void aTokenUsedWithOtherParametersIsToldAsSuch() {
    String instance = scene.launch();
    PlannedInterface first = planned(instance).getFirst();
    create(instance, first, Optional.empty());

    assertThat(failure(() -> create(instance, first, Optional.of("10.0.30.99"))).meaning())
        .isEqualTo(ErrorMeaning.TOKEN_REUSED);
  }

  @Test
  void theAttachAlwaysNamesTheNetworkCard() {
    String instance = scene.launch();

    attachedFirst(instance);

    assertThat(scene.sent("AttachNetworkInterface"))
        .singleElement()
        .satisfies(sent ->
            assertThat(sent)
                .containsEntry("NetworkCardIndex", "0")
                .containsEntry("DeviceIndex", "1")
                .containsEntry("InstanceId", instance));
  }

  @Test
  void aTakenSlotIsToldAsSuch() {
    String instance = scene.launch();
    InterfaceFacts made = create(instance, planned(instance).getFirst(), Optional.empty());
    scene.cloud.world().kubeletStarts(instance);

    CallFailure failure =
        failure(() -> ec2.attach(made.networkInterfaceId(), instance, new Slot(0, 1)));

    assertThat(failure.meaning()).isEqualTo(ErrorMeaning.SLOT_TAKEN);
    assertThat(failure.explained()).contains(made.networkInterfaceId(), instance);
  }

  @Test
  void eachSettingReachesTheInterface() {
    String instance = scene.launch();
    InterfaceFacts attached = attachedFirst(instance);
    String eni = attached.networkInterfaceId();
    Attachment attachment = attached.attachment().orElseThrow();
    String otherGroup = scene.cloud.world().securityGroup(scene.vpc, "other");
    assertThat(attachment.deleteOnTermination()).as("EC2's default").isFalse();
    assertThat(attached.sourceDestCheck()).as("EC2's default").isTrue();

    ec2.setDeleteOnTermination(eni, attachment.attachmentId());
    ec2.setSourceDestCheck(eni, false);
    ec2.setSecurityGroups(eni, List.of(otherGroup));
    ec2.tag(eni, new TreeMap<>(Map.of("cnf", "smf", "more", "x")));

    assertThat(seen(eni).attachment().orElseThrow().deleteOnTermination()).isTrue();
    assertThat(seen(eni).sourceDestCheck()).isFalse();
    assertThat(seen(eni).groupIds()).containsExactly(otherGroup);
    assertThat(seen(eni).tags()).containsEntry("cnf", "smf").containsEntry("more", "x");
    assertThat(scene.sent("ModifyNetworkInterfaceAttribute"))
        .as("EC2 takes one attribute a call")
        .hasSize(3);
  }

  @Test
  void onlyAnUnattachedInterfaceIsDeletedAndAMissingOneIsToldAsSuch() {
    String instance = scene.launch();
    InterfaceFacts spare = create(instance, planned(instance).getLast(), Optional.empty());
    InterfaceFacts attached = attachedFirst(instance);

    ec2.delete(spare.networkInterfaceId());

    assertThat(scene.cloud.world().networkInterface(spare.networkInterfaceId())).isEmpty();
    assertThat(failure(() -> ec2.delete(attached.networkInterfaceId())).meaning())
        .isEqualTo(ErrorMeaning.IN_USE);
    assertThat(failure(() -> ec2.delete(spare.networkInterfaceId())).meaning())
        .isEqualTo(ErrorMeaning.NOT_YET_VISIBLE);
  }

  @Test
  void theClustersInterfacesAreFoundAndNobodyElses() {
    String instance = scene.launch();
    InterfaceFacts ours = create(instance, planned(instance).getFirst(), Optional.empty());
    scene.cloud.world().attachForeign(instance, 2, 0, Map.of(Tags.CLUSTER, "edge"));

    assertThat(ec2.ofCluster(EdgeScene.CLUSTER))
        .extracting(InterfaceFacts::networkInterfaceId)
        .containsExactly(ours.networkInterfaceId());
    assertThat(ec2.usedAddresses(scene.n3)).containsExactly(ours.privateIpAddress().orElseThrow());
  }

  // Repetitions and time.

  @Test
  void repetitionsAndThrottlesOfTheSdkAreCounted() {
    scene
        .cloud
        .faults()
        .fail("DescribeSubnets")
        .times(2)
        .with("RequestLimitExceeded", 503, "Request limit exceeded.");

    assertThat(ec2.subnets(List.of(scene.n3))).containsOnlyKeys(scene.n3);

    assertThat(scene.counter.byAction()).containsEntry("DescribeSubnets", 3);
    assertThat(scene.counter.throttledCalls()).isEqualTo(2);
  }

  @Test
  void aFaultOfAwsIsRepeatedButIsNoThrottle() {
    scene.cloud.faults().fail("DescribeSubnets").with("InternalError", 500, "oops");

    assertThat(ec2.subnets(List.of(scene.n3))).containsOnlyKeys(scene.n3);

    assertThat(scene.counter.byAction()).containsEntry("DescribeSubnets", 2);
    assertThat(scene.counter.throttledCalls()).isZero();
  }

  @Test
  void aRefusalIsNotRepeated() {
    scene
        .cloud
        .faults()
        .fail("DescribeSubnets")
        .always()
        .with("UnauthorizedOperation", 403, "You are not authorized to perform this operation.");

    CallFailure failure = failure(() -> ec2.subnets(List.of(scene.n3)));

    assertThat(failure.meaning()).isEqualTo(ErrorMeaning.DENIED);
    assertThat(failure.explained()).contains("DescribeSubnets", scene.n3, "not authorized");
    assertThat(scene.counter.byAction()).containsEntry("DescribeSubnets", 1);
  }

  @Test
  void aThrottleThatOutlastsTheRepetitionsIsToldAsSuch() {
    scene
        .cloud
        .faults()
        .fail("DescribeSubnets")
        .always()
        .with("RequestLimitExceeded", 503, "Request limit exceeded.");

    assertThat(failure(() -> ec2.subnets(List.of(scene.n3))).meaning())
        .isEqualTo(ErrorMeaning.THROTTLED);
    assertThat(scene.counter.throttledCalls()).isEqualTo(3);
  }

  @Test
  void aLostAnswerIsAskedForAgainAndMakesNoSecondInterface() {
    String instance = scene.launch();
    PlannedInterface first = planned(instance).getFirst();
    scene.cloud.faults().fail("CreateNetworkInterface").dropAnswer();

    InterfaceFacts made = create(instance, first, Optional.empty());

    assertThat(ec2.ofCluster(EdgeScene.CLUSTER))
        .extracting(InterfaceFacts::networkInterfaceId)
        .containsExactly(made.networkInterfaceId());
  }

  @Test
  void whereNoAnswerComesAtAllTheEffectIsUnknown() {
    scene.cloud.faults().fail("DescribeSubnets").always().dropRequest();

    assertThat(failure(() -> ec2.subnets(List.of(scene.n3))).meaning())
        .isEqualTo(ErrorMeaning.UNKNOWN_EFFECT);
  }

  @Test
  void afterTheDeadlineNothingIsSent() {
    CallFailure failure = failure(() -> scene.ec2TooLate().subnets(List.of(scene.n3)));

    assertThat(failure.meaning()).isEqualTo(ErrorMeaning.TRANSIENT);
    assertThat(failure.code()).isEqualTo("NoTimeLeft");
    assertThat(failure.explained()).contains("DescribeSubnets", scene.n3, "not sent");
    assertThat(scene.cloud.calls().all()).isEmpty();
    assertThat(scene.counter.byAction()).isEmpty();
  }
}
