// SPDX-License-Identifier: Apache-2.0
package io.multuseni.localcloud;

import static io.multuseni.localcloud.Fixture.refused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.ec2.model.NetworkInterface;
import software.amazon.awssdk.services.ec2.model.PrivateIpAddressSpecification;
import software.amazon.awssdk.services.ec2.model.ResourceType;
import software.amazon.awssdk.services.ec2.model.Tag;
import software.amazon.awssdk.services.ec2.model.TagSpecification;

/** What EC2 allows and refuses on interfaces, with the codes and texts of facts about EC2. */
class InterfaceRulesTest {
  private final Fixture f = Fixture.start();

  @AfterEach
  void close() {
    f.close();
  }

  @Test
  void createsAnInterfaceWithWhatWasAskedFor() {
    String group = f.world.securityGroup(f.vpc, "plane");

    NetworkInterface eni =
        f.ec2
            .createNetworkInterface(r ->
                r.subnetId(f.subnetA)
                    .description("n2 & <n3>")
                    .groups(group)
                    .privateIpAddress("10.0.1.9")
                    .ipv6AddressCount(1)
                    .tagSpecifications(
                        TagSpecification.builder()
                            .resourceType(ResourceType.NETWORK_INTERFACE)
                            .tags(Tag.builder().key("k").value("v \"1\"").build())
                            .build()))
            .networkInterface();

    assertThat(eni.description()).isEqualTo("n2 & <n3>");
    assertThat(eni.privateIpAddress()).isEqualTo("10.0.1.9");
    assertThat(eni.groups().getFirst().groupId()).isEqualTo(group);
    assertThat(eni.statusAsString()).isEqualTo("available");
    assertThat(eni.ipv6Addresses().getFirst().ipv6Address()).startsWith("2001:db8:1:1:");
    assertThat(eni.tagSet()).containsExactly(Tag.builder().key("k").value("v \"1\"").build());
    assertThat(f.eni(eni.networkInterfaceId()).tags()).containsExactly(Map.entry("k", "v \"1\""));
  }

  @Test
  void repeatsItsAnswerToARepeatedToken() {
    String first = createWithToken("token", "d");

    assertThat(createWithToken("token", "d")).isEqualTo(first);
    assertThat(createWithToken("Token", "d")).isNotEqualTo(first);
    assertThat(f.world.interfaces()).hasSize(2);
  }

  @Test
  void refusesATokenWithOtherParameters() {
    createWithToken("token", "d");

    refused(
        () -> createWithToken("token", "other"),
        "IdempotentParameterMismatch",
        "Arguments on this idempotent request are inconsistent with arguments used in previous"
            + " request(s).");
  }

  @Test
  void repeatsTheDeletedInterfaceToARepeatedToken() {
    String first = createWithToken("token", "d");
    f.ec2.deleteNetworkInterface(r -> r.networkInterfaceId(first));

    assertThat(createWithToken("token", "d")).isEqualTo(first);
    assertThat(f.world.interfaces()).isEmpty();
  }

  private String createWithToken(String token, String description) {
    return f.ec2
        .createNetworkInterface(
            r -> r.subnetId(f.subnetA).description(description).clientToken(token))
        .networkInterface()
        .networkInterfaceId();
  }

  @Test
  void attachesIntoTheSlotAndKeepsTheInterfaceOnTermination() {
    String instance = f.launch();
    String eni = f.create();

    String attachment = f.attach(eni, instance, 1);

    assertThat(f.eni(eni).attachment())
        .hasValueSatisfying(a -> {
          assertThat(a.id()).isEqualTo(attachment);
          assertThat(a.instanceId()).isEqualTo(instance);
          assertThat(a.networkCardIndex()).isZero();
          assertThat(a.deviceIndex()).isEqualTo(1);
          assertThat(a.status()).isEqualTo("attached");
          assertThat(a.deleteOnTermination()).isFalse();
        });
    assertThat(f.eni(eni).status()).isEqualTo("in-use");
  }

  @Test
  void refusesAnAttachAtATakenDeviceIndex() {
    String instance = f.launch();
    f.attach(f.create(), instance, 1);
    String eni = f.create();

    refused(
        () -> f.attach(eni, instance, 1),
        "InvalidParameterValue",
        "Instance '" + instance + "' already has an interface attached at device index '1'.");
  }

  @Test
  void takesTheSameDeviceIndexOnAnotherCard() {
    String instance = f.world.launchInstance("c6in.32xlarge", f.subnetA, Map.of());
    f.attach(f.create(), instance, 1);
    String eni = f.create();

    f.ec2.attachNetworkInterface(
        r -> r.networkInterfaceId(eni).instanceId(instance).deviceIndex(1).networkCardIndex(1));

    assertThat(f.world.instance(instance).interfaces())
        .extracting(e -> e.attachment().orElseThrow().networkCardIndex())
        .containsExactly(0, 0, 1);
  }

  @Test
  void refusesMoreInterfacesThanTheTypeHas() {
    String instance = f.world.launchInstance("t3.medium", f.subnetA, Map.of());
    f.attach(f.create(), instance, 1);
    f.attach(f.create(), instance, 2);
    String eni = f.create();

    refused(
        () -> f.attach(eni, instance, 3),
        "AttachmentLimitExceeded",
        "Interface count 4 exceeds the limit for t3.medium");
  }

  @Test
  void refusesADeviceIndexOrCardBeyondTheType() {
    String instance = f.launch();
    String eni = f.create();

    refused(() -> f.attach(eni, instance, 7), "InvalidParameterValue");
    refused(
        () ->
            f.ec2.attachNetworkInterface(r ->
                r.networkInterfaceId(eni).instanceId(instance).deviceIndex(1).networkCardIndex(1)),
        "InvalidParameterValue");
  }

  @Test
  void refusesAnInterfaceOfAnotherZone() {
    String instance = f.launch();
    String eni = f.create(f.subnetB);

    refused(
        () -> f.attach(eni, instance, 1),
        "InvalidParameterCombination",
        "You may not attach a network interface to an instance if they are not in the same"
            + " availability zone");
  }

  @Test
  void refusesAnInterfaceInUse() {
    String eni = f.create();
    f.attach(eni, f.launch(), 1);
    String other = f.launch();

    refused(
        () -> f.attach(eni, other, 1),
        "InvalidNetworkInterface.InUse",
        "Interface: [" + eni + "] in use.");
  }

  @Test
  void attachesToAStoppedInstanceButNotToATerminatedOne() {
    String stopped = f.launch();
    String terminated = f.launch();
    f.world.stopInstance(stopped);
    f.world.terminate(terminated);
    String eni = f.create();

    refused(() -> f.attach(eni, terminated, 1), "IncorrectInstanceState");
    f.attach(eni, stopped, 1);
  }

  @Test
  void refusesAnEfaOnARunningInstance() {
    String instance = f.launch();
    String eni =
        f.ec2
            .createNetworkInterface(r -> r.subnetId(f.subnetA).interfaceType("efa"))
            .networkInterface()
            .networkInterfaceId();

    refused(() -> f.attach(eni, instance, 1), "IncorrectInstanceState");
  }

  @Test
  void tellsMissingFromMalformedIds() {
    String instance = f.launch();
    String eni = f.create();
    String noEni = "eni-0123456789abcdef0";
    String noInstance = "i-0123456789abcdef0";

    refused(
        () -> f.attach(noEni, instance, 1),
        "InvalidNetworkInterfaceID.NotFound",
        "The networkInterface ID '" + noEni + "' does not exist");
    refused(
        () -> f.attach(eni, noInstance, 1),
        "InvalidInstanceID.NotFound",
        "The instance ID '" + noInstance + "' does not exist");
    refused(() -> f.attach("eni-x", instance, 1), "InvalidNetworkInterfaceId.Malformed");
    refused(() -> f.attach(eni, "x", 1), "InvalidInstanceID.Malformed");
    refused(
        () -> f.create("subnet-0123456789abcdef0"),
        "InvalidSubnetID.NotFound",
        "The subnet ID 'subnet-0123456789abcdef0' does not exist");
    refused(
        () -> f.ec2.detachNetworkInterface(r -> r.attachmentId("eni-attach-0123456789abcdef0")),
        "InvalidAttachmentID.NotFound");
    refused(
        () -> f.ec2.detachNetworkInterface(r -> r.attachmentId("eni-attach-zz")),
        "InvalidNetworkInterfaceAttachmentId.Malformed");
  }

  @Test
  void refusesSecurityGroupsThatAreMissingOrOfAnotherVpc() {
    String dropped = f.world.securityGroup(f.vpc, "dropped");
    f.world.dropSecurityGroup(dropped);
    String foreign = f.world.securityGroup(f.world.vpc("10.9.0.0/16"), "foreign");

    refused(
        () -> f.ec2.createNetworkInterface(r -> r.subnetId(f.subnetA).groups(dropped)),
        "InvalidSecurityGroupID.NotFound",
        "The securityGroup ID '" + dropped + "' does not exist");
    refused(
        () -> f.ec2.createNetworkInterface(r -> r.subnetId(f.subnetA).groups(foreign)),
        "InvalidGroup.NotFound",
        "You have specified two resources that belong to different networks.");
  }

  @Test
  void detachesSecondaryInterfacesOnly() {
    String instance = f.launch();
    String eni = f.create();
    String attachment = f.attach(eni, instance, 1);
    String primary =
        f.world.instance(instance).interfaces().getFirst().attachment().orElseThrow().id();

    f.ec2.detachNetworkInterface(r -> r.attachmentId(attachment));

    assertThat(f.eni(eni).status()).isEqualTo("available");
    refused(
        () -> f.ec2.detachNetworkInterface(r -> r.attachmentId(primary)), "OperationNotPermitted");
  }

  @Test
  void refusesToDetachAnInterfaceOfAnAwsService() {
    String eni = f.create();
    String attachment = f.attach(eni, f.launch(), 1);
    f.world.makeRequesterManaged(eni);

    refused(
        () -> f.ec2.detachNetworkInterface(r -> r.attachmentId(attachment)),
        "OperationNotPermitted",
        "You are not allowed to manage 'ela-attach' attachments.");
  }

  @Test
  void refusesToDeleteAnAttachedInterface() {
    String eni = f.create();
    f.attach(eni, f.launch(), 1);

    refused(
        () -> f.ec2.deleteNetworkInterface(r -> r.networkInterfaceId(eni)),
        "InvalidParameterValue",
        "Network interface '" + eni + "' is currently in use.");
  }

  @Test
  void modifiesExactlyOneAttribute() {
    String eni = f.create();

    f.ec2.modifyNetworkInterfaceAttribute(
        r -> r.networkInterfaceId(eni).sourceDestCheck(s -> s.value(false)));

    assertThat(f.eni(eni).sourceDestCheck()).isFalse();
    refused(
        () ->
            f.ec2.modifyNetworkInterfaceAttribute(r ->
                r.networkInterfaceId(eni)
                    .sourceDestCheck(s -> s.value(true))
                    .description(d -> d.value("d"))),
        "InvalidParameterCombination",
        "Fields for multiple attribute types specified: description, sourceDestCheck");
    refused(
        () -> f.ec2.modifyNetworkInterfaceAttribute(r -> r.networkInterfaceId(eni)),
        "InvalidParameterCombination",
        "No attributes specified.");
    assertThat(f.eni(eni).sourceDestCheck()).isFalse();
  }

  @Test
  void needsTheRightAttachmentForDeleteOnTermination() {
    String eni = f.create();
    String attachment = f.attach(eni, f.launch(), 1);

    refused(
        () ->
            f.ec2.modifyNetworkInterfaceAttribute(
                r -> r.networkInterfaceId(eni).attachment(a -> a.deleteOnTermination(true))),
        "MissingParameter");
    refused(
        () -> deleteOnTermination(eni, "eni-attach-0123456789abcdef0"),
        "InvalidAttachmentID.NotFound");
    deleteOnTermination(eni, attachment);

    assertThat(f.eni(eni).attachment().orElseThrow().deleteOnTermination()).isTrue();
  }

  private void deleteOnTermination(String eni, String attachment) {
    f.ec2.modifyNetworkInterfaceAttribute(r ->
        r.networkInterfaceId(eni)
            .attachment(a -> a.attachmentId(attachment).deleteOnTermination(true)));
  }

  @Test
  void deletesOnTerminationOnlyWhatSaysSo() {
    String instance = f.launch();
    String going = f.create();
    String staying = f.create();
    String attachment = f.attach(going, instance, 1);
    f.attach(staying, instance, 2);
    deleteOnTermination(going, attachment);

    f.ec2.terminateInstances(r -> r.instanceIds(instance));

    assertThat(f.world.instance(instance).state()).isEqualTo("terminated");
    assertThat(f.world.interfaces()).extracting(e -> e.id()).containsExactly(staying);
    assertThat(f.eni(staying).status()).isEqualTo("available");
    assertThat(f.world.subnet(f.subnetA).availableIpAddressCount()).isEqualTo(250);
  }

  @Test
  void givesTheCniTheLowestFreeDeviceIndex() {
    String instance = f.world.launchInstance("c5.xlarge", f.subnetA, Map.of());
    f.attach(f.create(), instance, 2);

    String eni = f.world.kubeletStarts(instance, "prod").orElseThrow();

    assertThat(f.eni(eni).attachment().orElseThrow().deviceIndex()).isEqualTo(1);
    assertThat(f.eni(eni).description()).isEqualTo("aws-K8S-" + instance);
    assertThat(f.eni(eni).tags())
        .containsEntry("node.k8s.amazonaws.com/instance_id", instance)
        .containsEntry("cluster.k8s.amazonaws.com/name", "prod");
    assertThat(f.world.kubeletStarts(instance)).isPresent();
    assertThat(f.world.kubeletStarts(instance)).isEmpty();
  }

  @Test
  void letsHandsDoWhatTheApiForbids() {
    String instance = f.launch();
    String foreign = f.world.attachForeign(instance, 1, 0, Map.of("owner", "somebody"));
    f.world.setTag(foreign, "more", "x");
    f.world.removeTag(foreign, "owner");
    assertThat(f.eni(foreign).tags()).containsOnlyKeys("more");

    f.world.detachByHand(foreign);
    assertThat(f.world.instance(instance).interfaces()).hasSize(1);

    f.world.deleteByHand(f.world.instance(instance).interfaces().getFirst().id());
    assertThat(f.world.instance(instance).interfaces()).isEmpty();
  }

  @Test
  void leavesNoTraceOfADryRun() {
    String instance = f.launch();
    String eni = f.create();

    assertThat(
            refused(
                    () ->
                        f.ec2.attachNetworkInterface(r ->
                            r.networkInterfaceId(eni)
                                .instanceId(instance)
                                .deviceIndex(1)
                                .dryRun(true)),
                    "DryRunOperation")
                .statusCode())
        .isEqualTo(412);
    refused(
        () -> f.ec2.createNetworkInterface(r -> r.subnetId(f.subnetA).dryRun(true)),
        "DryRunOperation");
    refused(
        () -> f.ec2.deleteNetworkInterface(r -> r.networkInterfaceId(eni).dryRun(true)),
        "DryRunOperation");
    refused(
        () -> f.ec2.terminateInstances(r -> r.instanceIds(instance).dryRun(true)),
        "DryRunOperation");
    refused(() -> f.ec2.describeSubnets(r -> r.dryRun(true)), "DryRunOperation");

    assertThat(f.world.interfaces()).hasSize(2);
    assertThat(f.eni(eni).status()).isEqualTo("available");
    assertThat(f.world.instance(instance).state()).isEqualTo("running");
  }

  @Test
  void takesAddressesFromTheListOfACreate() {
    NetworkInterface eni =
        f.ec2
            .createNetworkInterface(r ->
                r.subnetId(f.subnetA)
                    .privateIpAddresses(address("10.0.1.9", true), address("10.0.1.10", false)))
            .networkInterface();

    assertThat(eni.privateIpAddress()).isEqualTo("10.0.1.9");
    assertThat(f.eni(eni.networkInterfaceId()).secondaryAddresses()).containsExactly("10.0.1.10");
    refused(
        () ->
            f.ec2.createNetworkInterface(r ->
                r.subnetId(f.subnetA)
                    .privateIpAddresses(address("10.0.1.19", true), address("10.0.1.20", true))),
        "InvalidParameterCombination");
    refused(
        () ->
            f.ec2.createNetworkInterface(r ->
                r.subnetId(f.subnetA)
                    .privateIpAddresses(address("10.0.1.29", false))
                    .secondaryPrivateIpAddressCount(1)),
        "InvalidParameterCombination");
  }

  private static PrivateIpAddressSpecification address(String address, boolean primary) {
    return PrivateIpAddressSpecification.builder()
        .privateIpAddress(address)
        .primary(primary)
        .build();
  }

  @Test
  void refusesACreateThatMakesNoSense() {
    refused(
        () -> f.ec2.createNetworkInterface(r -> r.subnetId(f.subnetA).interfaceType("branch")),
        "InvalidParameterValue");
    refused(() -> createWithToken("x".repeat(65), "d"), "InvalidParameterValue");
    refused(
        () ->
            f.ec2.createNetworkInterface(r ->
                r.subnetId(f.subnetA)
                    .tagSpecifications(
                        TagSpecification.builder()
                            .resourceType(ResourceType.INSTANCE)
                            .tags(Tag.builder().key("k").value("v").build())
                            .build())),
        "InvalidParameterValue",
        "'instance' is not a valid taggable resource type for this operation.");
    assertThat(f.world.interfaces()).isEmpty();
  }

  @Test
  void changesTheSecurityGroups() {
    String eni = f.create();
    String group = f.world.securityGroup(f.vpc, "plane");

    f.ec2.modifyNetworkInterfaceAttribute(r -> r.networkInterfaceId(eni).groups(group));

    assertThat(f.eni(eni).groupIds()).containsExactly(group);
  }

  @Test
  void keepsInterfacesOverStopAndStart() {
    String instance = f.launch();
    f.attach(f.create(), instance, 1);

    f.world.stopInstance(instance);
    f.world.startInstance(instance);

    assertThat(f.world.instance(instance).state()).isEqualTo("running");
    assertThat(f.world.instance(instance).interfaces()).hasSize(2);
    assertThatIllegalStateException().isThrownBy(() -> f.world.startInstance(instance));
  }

  @Test
  void refusesToBuildOnWhatIsNotThere() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> f.world.launchInstance("x9.big", f.subnetA, Map.of()))
        .withMessage("unknown instance type: x9.big");
    assertThatIllegalArgumentException().isThrownBy(() -> f.world.terminate("i-0"));
    assertThatIllegalArgumentException().isThrownBy(() -> f.world.deleteByHand("eni-0"));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> f.world.subnet("vpc-0", "us-east-1a", "10.0.0.0/24"));
    assertThatIllegalArgumentException().isThrownBy(() -> f.world.fillSubnet("subnet-0", 1));
    assertThatIllegalArgumentException().isThrownBy(() -> f.world.dropSecurityGroup("sg-0"));
    assertThatIllegalArgumentException().isThrownBy(() -> f.world.scaleIn("i-0"));
    assertThatIllegalArgumentException().isThrownBy(() -> f.world.scaleOut("nobody", 1));
    assertThatIllegalArgumentException().isThrownBy(() -> f.world.setTag("eni-0", "k", "v"));
  }
}
