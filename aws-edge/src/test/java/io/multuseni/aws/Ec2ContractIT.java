// SPDX-License-Identifier: Apache-2.0
package io.multuseni.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.multuseni.aws.pacing.CallCounter;
import io.multuseni.aws.pacing.RetrySettings;
import io.multuseni.base.Deadline;
import io.multuseni.base.Time;
import io.multuseni.core.address.MultusInterface;
import io.multuseni.core.address.SubnetRange;
import io.multuseni.core.attach.AttachPlanner;
import io.multuseni.core.attach.AttachmentPlan;
import io.multuseni.core.attach.PlannedInterface;
import io.multuseni.core.attach.Setting;
import io.multuseni.core.config.ConfigReader;
import io.multuseni.core.config.ProvisionerConfig;
import io.multuseni.core.error.CallFailure;
import io.multuseni.core.error.ErrorMeaning;
import io.multuseni.core.ip.AddressBlock;
import io.multuseni.core.ip.IpAddress;
import io.multuseni.core.ip.IpAddress.Family;
import io.multuseni.core.node.Attachment;
import io.multuseni.core.node.InterfaceFacts;
import io.multuseni.core.node.NodeFacts;
import io.multuseni.core.slot.Slot;
import io.multuseni.localcloud.LocalCloud;
import io.multuseni.localcloud.Settings;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.localstack.LocalStackContainer;
import org.testcontainers.utility.DockerImageName;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ec2.model.Vpc;

/**
 * The product's own EC2 calls, from a bare instance to its interfaces at their slots, on whatever
 * answers like EC2: local-cloud always, LocalStack where Docker is, and any emulator that {@code
 * MULTUS_ENI_TEST_ENDPOINT} names. What one of them refuses is a fault of ours or a drift of
 * local-cloud.
 */
class Ec2ContractIT {
  /** The last LocalStack image that needs no account. */
  private static final DockerImageName LOCALSTACK =
      DockerImageName.parse("localstack/localstack:community-archive");

  /**
   * Where the contract is played.
   *
   * @param ipv6 the IPv6 range of the subnet
   * @param ignored settings that the endpoint accepts and forgets; never on local-cloud
   * @param addressRules whether the endpoint has EC2's rules about who may get or lose an address,
   *     finds an interface by any of its addresses, and tells a subnet's IPv6 range in EC2's form;
   *     always on local-cloud
   */
  private record Ground(
      String vpc,
      String zone,
      String subnet,
      String ipv6,
      String group,
      String instance,
      Set<Setting> ignored,
      boolean addressRules) {
    Set<Setting> modelled(Set<Setting> deviations) {
      return deviations.stream()
          .filter(setting -> !ignored.contains(setting))
          .collect(Collectors.toSet());
    }
  }

  @Test
  void holdsOnLocalCloud() throws Exception {
    try (LocalCloud cloud = LocalCloud.start(Settings.defaults())) {
      String zone = "us-east-1a";
      String vpc = cloud.world().vpc("10.0.0.0/16");
      String nodes = cloud.world().subnet(vpc, zone, "10.0.0.0/24");
      String ipv6 = "2001:db8:0:1::/64";
      String subnet = cloud.world().subnet(vpc, zone, "10.0.1.0/24", ipv6);
      String group = cloud.world().securityGroup(vpc, "multus");
      String instance = cloud.world().launchInstance("m5.xlarge", nodes, Map.of());
      contract(
          cloud.endpoint(), new Ground(vpc, zone, subnet, ipv6, group, instance, Set.of(), true));
    }
  }

  @Test
  void holdsOnTheEmulatorThatTheEnvironmentNames() throws Exception {
    String endpoint = System.getenv("MULTUS_ENI_TEST_ENDPOINT");
    run(
        endpoint != null && !endpoint.isBlank(),
        "EC2 contract on another emulator: MULTUS_ENI_TEST_ENDPOINT names none");
    URI uri = URI.create(String.valueOf(endpoint));
    contract(uri, prepare(uri));
  }

  @Test
  void holdsOnLocalStack() throws Exception {
    run(
        DockerClientFactory.instance().isDockerAvailable(),
        "EC2 contract on LocalStack: no Docker engine");
    try (LocalStackContainer container = new LocalStackContainer(LOCALSTACK).withServices("ec2")) {
      container.start();
      contract(container.getEndpoint(), prepare(container.getEndpoint()));
    }
  }

  /** Skips in one visible line; JUnit's own count of skipped tests tells nobody what and why. */
  @SuppressWarnings("SystemOut")
  private static void run(boolean possible, String what) {
    if (!possible) {
      System.out.println("SKIPPED: " + what);
    }
    assumeTrue(possible, what);
  }

  @SuppressWarnings("SystemOut")
  private static Ground prepare(URI endpoint) {
    try (Ec2Client ec2 =
        Ec2Client.builder()
            .endpointOverride(endpoint)
            .region(Region.US_EAST_1)
            .credentialsProvider(
                StaticCredentialsProvider.create(AwsBasicCredentials.create("test", "test")))
            .build()) {
      String zone = "us-east-1a";
      Vpc made =
          ec2.createVpc(r -> r.cidrBlock("10.77.0.0/16").amazonProvidedIpv6CidrBlock(true)).vpc();
      String vpc = made.vpcId();
      String ipv6 =
          made.ipv6CidrBlockAssociationSet().getFirst().ipv6CidrBlock().replaceFirst("/56$", "/64");
      String nodes =
          ec2.createSubnet(r -> r.vpcId(vpc).availabilityZone(zone).cidrBlock("10.77.0.0/24"))
              .subnet()
              .subnetId();
      String subnet =
          ec2.createSubnet(r ->
                  r.vpcId(vpc).availabilityZone(zone).cidrBlock("10.77.1.0/24").ipv6CidrBlock(ipv6))
              .subnet()
              .subnetId();
      String group =
          ec2.createSecurityGroup(r -> r.vpcId(vpc).groupName("multus").description("multus"))
              .groupId();
      String image = ec2.describeImages(r -> r.maxResults(5)).images().getFirst().imageId();
      String instance =
          ec2.runInstances(r ->
                  r.imageId(image)
                      .minCount(1)
                      .maxCount(1)
                      .instanceType("m5.xlarge")
                      .subnetId(nodes))
              .instances()
              .getFirst()
              .instanceId();
      System.out.println(
          "NOT CHECKED on "
              + endpoint
              + ": DeleteOnTermination, the refusal to delete what is attached, moves, refusals and"
              + " filters of secondary addresses, primary IPv6 addresses and the IPv6 ranges of subnets,"
              + " which moto lacks");
      return new Ground(
          vpc, zone, subnet, ipv6, group, instance, Set.of(Setting.DELETE_ON_TERMINATION), false);
    }
  }

  private static void contract(URI endpoint, Ground ground) throws Exception {
    Time time = Time.system();
    CallCounter counter = new CallCounter();
    ProvisionerConfig config =
        ConfigReader.readYaml(
            """
            cluster: {name: contract}
            nodeGroups:
              - name: upf
                autoScalingGroups: [upf-a]
                networks:
                  - {name: n3, subnets: [%1$s], securityGroups: [%2$s]}
                  - {name: n6, subnets: [%1$s], securityGroups: [%2$s]}
            """
                .formatted(ground.subnet(), ground.group()));
    try (AwsClients clients = AwsClients.emulator(endpoint, RetrySettings.standard(), time)) {
      Ec2Edge ec2 = clients.ec2(counter, Deadline.in(time, Duration.ofMinutes(1)));

      NodeFacts node = running(ec2, ground.instance(), time);
      assertThat(node.availabilityZone()).isEqualTo(ground.zone());
      assertThat(node.vpcId()).isEqualTo(ground.vpc());
      assertThat(node.limits().interfacesPerCard()).containsEntry(0, 4);
      assertThat(ec2.nodeFacts("i-0123456789abcdef0")).isEmpty();

      AttachmentPlan plan = plan(ec2, config, node);
      for (PlannedInterface planned : plan.interfaces()) {
        serve(ec2, ground, planned);
      }

      AttachmentPlan again = plan(ec2, config, ec2.nodeFacts(ground.instance()).orElseThrow());
      for (PlannedInterface planned : again.interfaces()) {
        assertThat(planned.needsAttach()).as(planned.toString()).isFalse();
        assertThat(ground.modelled(planned.settings())).as(planned.toString()).isEmpty();
      }
      assertThat(again.surplus()).isEmpty();
      refuses(ec2, ground);
      addresses(clients.addresses(counter, Deadline.in(time, Duration.ofMinutes(1))), ground);
    }
  }

  private static NodeFacts running(Ec2Edge ec2, String instance, Time time) {
    for (int look = 0; look < 50; look++) {
      Optional<NodeFacts> node = ec2.nodeFacts(instance);
      if (node.isPresent() && node.get().state().isAttachable()) {
        return node.get();
      }
      time.pause(Duration.ofMillis(100));
    }
    throw new AssertionError("instance " + instance + " doesn't run");
  }

  private static AttachmentPlan plan(Ec2Edge ec2, ProvisionerConfig config, NodeFacts node) {
    return (AttachmentPlan)
        AttachPlanner.plan(
            config.cluster(),
            config.nodeGroups().getFirst(),
            node,
            ec2.subnets(config.nodeGroups().getFirst().networks().getFirst().subnets()));
  }

  private static void serve(Ec2Edge ec2, Ground ground, PlannedInterface planned) {
    InterfaceFacts made =
        ec2.create(
            "contract",
            ground.instance(),
            planned,
            planned.subnets().getFirst(),
            Optional.empty(),
            planned.generation());
    assertThat(made.subnetId()).isEqualTo(ground.subnet());
    assertThat(made.securityGroups()).containsExactly(ground.group());
    assertThat(ec2.taggedFor(ground.instance()))
        .extracting(InterfaceFacts::networkInterfaceId)
        .contains(made.networkInterfaceId());

    ec2.attach(made.networkInterfaceId(), ground.instance(), planned.slot());
    InterfaceFacts attached = only(ec2, made);
    assertThat(attached.slotOn(ground.instance())).contains(planned.slot());
    assertThat(attached.tags()).containsAllEntriesOf(planned.tags());

    Attachment attachment = attached.attachment().orElseThrow();
    ec2.setDeleteOnTermination(made.networkInterfaceId(), attachment.attachmentId());
    ec2.setSourceDestCheck(made.networkInterfaceId(), false);
    InterfaceFacts set = only(ec2, made);
    assertThat(ground.modelled(planned.deviationsOf(set))).isEmpty();
  }

  private static void refuses(Ec2Edge ec2, Ground ground) {
    assertMeaning(
        ErrorMeaning.NOT_YET_VISIBLE,
        () -> ec2.attach("eni-0123456789abcdef0", ground.instance(), new Slot(0, 3)));
    if (ground.ignored().isEmpty()) {
      InterfaceFacts attached = ec2.taggedFor(ground.instance()).getFirst();
      assertMeaning(ErrorMeaning.IN_USE, () -> ec2.delete(attached.networkInterfaceId()));
    }
  }

  private static void addresses(AddressEdge edge, Ground ground) {
    SubnetRange range =
        Optional.ofNullable(edge.subnets(List.of(ground.subnet())).get(ground.subnet()))
            .orElseThrow();
    assertThat(edge.limits(List.of("m5.xlarge", "x9z.huge"))).containsOnlyKeys("m5.xlarge");

    List<MultusInterface> both = edge.interfacesOf("contract", ground.instance());
    assertThat(both)
        .hasSize(2)
        .isSubsetOf(edge.interfaces("contract").values())
        .allSatisfy(one -> {
          assertThat(one.place().map(MultusInterface.Place::instanceId))
              .contains(ground.instance());
          assertThat(one.nodeGroup()).isEqualTo("upf");
          assertThat(one.primary()).filteredOn(address -> !address.isIpv6()).hasSize(1);
          if (ground.addressRules()) {
            assertThat(one.count(Family.IPV6)).isEqualTo(1);
            assertThat(one.primary()).filteredOn(IpAddress::isIpv6).hasSize(1);
          }
        });
    assertThat(range.blocks().getFirst().first().isIpv6()).isFalse();
    if (ground.addressRules()) {
      assertThat(range.blocks()).hasSize(2).last().hasToString(ground.ipv6());
    }
    List<IpAddress> ipv4 = free(range.blocks().getFirst(), both);
    List<IpAddress> ipv6 = free(AddressBlock.of(ground.ipv6()), both);
    String first = both.getFirst().networkInterfaceId();
    String second = both.getLast().networkInterfaceId();

    assertThat(
            edge.holderOf(
                "contract", Optional.of(ground.subnet()), both.getFirst().primary().first()))
        .contains(new AddressEdge.Holder(first, true, Optional.of(both.getFirst())));
    for (List<IpAddress> two : List.of(ipv4, ipv6)) {
      edge.assign(first, two, false);
      assertThat(read(edge, first).secondary()).containsAll(two);
      assertHolder(edge, ground, two.getFirst(), Optional.of(first));

      edge.unassign(first, List.of(two.getFirst()));
      assertThat(read(edge, first).secondary())
          .contains(two.getLast())
          .doesNotContain(two.getFirst());
      assertHolder(edge, ground, two.getFirst(), Optional.empty());
      edge.assign(second, List.of(two.getFirst()), false);
      assertThat(read(edge, second).secondary()).contains(two.getFirst());
      assertHolder(edge, ground, two.getFirst(), Optional.of(second));
    }
    // A repeated assign, as after a lost answer.
    edge.assign(second, List.of(ipv4.getFirst()), true);
    if (ground.addressRules()) {
      addressRules(edge, both, ipv4, ipv6);
    }
    edge.unassign(first, List.of(ipv4.getLast()));
    edge.unassign(first, List.of(ipv6.getLast()));
    assertThat(edge.interfaces("contract").get(first)).isEqualTo(both.getFirst());
  }

  /** The first interface has the last address of each list, the second one the first. */
  private static void addressRules(
      AddressEdge edge, List<MultusInterface> both, List<IpAddress> ipv4, List<IpAddress> ipv6) {
    String first = both.getFirst().networkInterfaceId();
    String second = both.getLast().networkInterfaceId();
    for (IpAddress taken : List.of(ipv4.getLast(), ipv6.getLast())) {
      assertMeaning(ErrorMeaning.ADDRESS_TAKEN, () -> edge.assign(second, List.of(taken), false));
    }
    for (IpAddress gone : List.of(ipv4.getFirst(), ipv6.getFirst())) {
      assertMeaning(ErrorMeaning.ALREADY_DONE, () -> edge.unassign(first, List.of(gone)));
    }
    for (IpAddress primary : both.getFirst().primary()) {
      assertMeaning(ErrorMeaning.INVALID, () -> edge.unassign(first, List.of(primary)));
      if (!primary.isIpv6()) {
        assertMeaning(
            ErrorMeaning.ADDRESS_TAKEN, () -> edge.assign(second, List.of(primary), true));
      }
    }

    edge.assign(second, List.of(ipv4.getLast()), true);
    assertThat(read(edge, first).secondary()).doesNotContain(ipv4.getLast());
    assertThat(read(edge, second).secondary()).containsAll(ipv4);
    edge.assign(first, List.of(ipv4.getLast()), true);
  }

  private static void assertHolder(
      AddressEdge edge, Ground ground, IpAddress address, Optional<String> expected) {
    if (ground.addressRules()) {
      assertThat(
              edge.holderOf("contract", Optional.of(ground.subnet()), address)
                  .filter(holder -> holder.isOurs() && !holder.primary())
                  .map(AddressEdge.Holder::networkInterfaceId))
          .as("who has " + address)
          .isEqualTo(expected);
    }
  }

  private static MultusInterface read(AddressEdge edge, String id) {
    return Optional.ofNullable(edge.interfaces("contract").get(id)).orElseThrow();
  }

  /** Two addresses of a subnet's range that none of the interfaces has. */
  private static List<IpAddress> free(AddressBlock block, List<MultusInterface> interfaces) {
    SubnetRange range = new SubnetRange("", List.of(block));
    return Stream.iterate(block.first(), one -> one.next().orElseThrow())
        .filter(one -> !range.isReservedByAws(one))
        .filter(one ->
            interfaces.stream()
                .noneMatch(has -> has.primary().contains(one) || has.secondary().contains(one)))
        .limit(2)
        .toList();
  }

  private static void assertMeaning(ErrorMeaning meaning, Runnable call) {
    try {
      call.run();
    } catch (CallFailure failure) {
      assertThat(failure.meaning()).as(failure.explained()).isEqualTo(meaning);
      return;
    }
    throw new AssertionError("expected a failure that means " + meaning);
  }

  private static InterfaceFacts only(Ec2Edge ec2, InterfaceFacts made) {
    return ec2.interfaces(List.of(made.networkInterfaceId())).getFirst();
  }
}
