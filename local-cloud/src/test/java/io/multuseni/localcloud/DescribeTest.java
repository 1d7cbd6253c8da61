// SPDX-License-Identifier: Apache-2.0
package io.multuseni.localcloud;

import static io.multuseni.localcloud.Fixture.filter;
import static io.multuseni.localcloud.Fixture.refused;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.ec2.model.DescribeNetworkInterfacesResponse;
import software.amazon.awssdk.services.ec2.model.Instance;
import software.amazon.awssdk.services.ec2.model.InstanceTypeInfo;
import software.amazon.awssdk.services.ec2.model.NetworkInterface;
import software.amazon.awssdk.services.ec2.model.Tag;

/** What describe calls find, filter and page through. */
class DescribeTest {
  private final Fixture f = Fixture.start();

  @AfterEach
  void close() {
    f.close();
  }

  @Test
  void describesAnInstanceWithItsInterfaces() {
    String id = f.world.launchInstance("c5.large", f.subnetA, Map.of("Name", "worker"));
    f.attach(f.create(), id, 1);

    Instance instance =
        f.ec2
            .describeInstances(r -> r.instanceIds(id))
            .reservations()
            .getFirst()
            .instances()
            .getFirst();

    assertThat(instance.state().code()).isEqualTo(16);
    assertThat(instance.instanceTypeAsString()).isEqualTo("c5.large");
    assertThat(instance.placement().availabilityZone()).isEqualTo("us-east-1a");
    assertThat(instance.placement().availabilityZoneId()).isEqualTo("use1-az1");
    assertThat(instance.launchTime()).isEqualTo(Fixture.START);
    assertThat(instance.vpcId()).isEqualTo(f.vpc);
    assertThat(instance.tags()).contains(Tag.builder().key("Name").value("worker").build());
    assertThat(instance.privateDnsName()).startsWith("ip-10-0-1-").endsWith(".ec2.internal");
    assertThat(instance.networkInterfaces())
        .extracting(e -> e.attachment().deviceIndex())
        .containsExactly(0, 1);
  }

  @Test
  void filtersInstances() {
    String running = f.world.launchInstance("c5.large", f.subnetA, Map.of("Name", "a"));
    String stopped = f.world.launchInstance("c5.large", f.subnetB, Map.of("Name", "b"));
    f.world.stopInstance(stopped);

    assertThat(instances("instance-state-name", "running")).containsExactly(running);
    assertThat(instances("instance-id", stopped)).containsExactly(stopped);
    assertThat(instances("tag:Name", "b")).containsExactly(stopped);
    assertThat(instances("tag-key", "Name")).containsExactly(running, stopped);
    assertThat(instances("subnet-id", f.subnetB)).containsExactly(stopped);
    assertThat(instances("vpc-id", "vpc-none")).isEmpty();
    refused(
        () -> instances("no-such", "x"),
        "InvalidParameterValue",
        "The filter 'no-such' is invalid");
  }

  private List<String> instances(String filter, String value) {
    return f.ec2.describeInstances(r -> r.filters(filter(filter, value))).reservations().stream()
        .flatMap(r -> r.instances().stream())
        .map(Instance::instanceId)
        .toList();
  }

  @Test
  void filtersInterfaces() {
    String instance = f.launch();
    String free = f.create(f.subnetB);
    String used = f.create();
    String attachment = f.attach(used, instance, 1);
    f.ec2.createTags(r ->
        r.resources(free).tags(Tag.builder().key("multus-eni/cluster").value("prod-1").build()));
    String primary = f.world.instance(instance).interfaces().getFirst().id();

    assertThat(enis("tag:multus-eni/cluster", "prod-*")).containsExactly(free);
    assertThat(enis("tag:multus-eni/cluster", "prod-?")).containsExactly(free);
    assertThat(enis("tag:multus-eni/cluster", "prod")).isEmpty();
    assertThat(enis("tag-key", "multus*")).containsExactly(free);
    assertThat(enis("status", "available")).containsExactly(free);
    assertThat(enis("subnet-id", f.subnetB)).containsExactly(free);
    assertThat(enis("attachment.instance-id", instance)).containsExactly(primary, used);
    assertThat(enis("attachment.device-index", "1")).containsExactly(used);
    assertThat(enis("attachment.attachment-id", attachment)).containsExactly(used);
    assertThat(enis("attachment.status", "attached")).containsExactly(primary, used);
    assertThat(enis("attachment.delete-on-termination", "true")).containsExactly(primary);
    assertThat(enis("private-ip-address", f.eni(used).primaryAddress())).containsExactly(used);
    assertThat(enis("addresses.private-ip-address", f.eni(used).primaryAddress()))
        .containsExactly(used);
    assertThat(enis("mac-address", f.eni(used).macAddress())).containsExactly(used);
    assertThat(enis("availability-zone", "us-east-1b")).containsExactly(free);
    assertThat(enis("network-interface-id", free)).containsExactly(free);
    assertThat(enis("source-dest-check", "false")).isEmpty();
    refused(() -> enis("attachment.network-card-index", "0"), "InvalidParameterValue");
  }

  private List<String> enis(String filter, String value) {
    return ids(f.ec2.describeNetworkInterfaces(r -> r.filters(filter(filter, value))));
  }

  private static List<String> ids(DescribeNetworkInterfacesResponse response) {
    return response.networkInterfaces().stream().map(NetworkInterface::networkInterfaceId).toList();
  }

  @Test
  void failsAWholeCallForOneMissingId() {
    String eni = f.create();

    refused(
        () ->
            f.ec2.describeNetworkInterfaces(
                r -> r.networkInterfaceIds(eni, "eni-0123456789abcdef0")),
        "InvalidNetworkInterfaceID.NotFound");
  }

  @Test
  void pagesThroughInterfacesWhileTheyChange() {
    List<String> all = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      all.add(f.create());
    }

    var first = f.ec2.describeNetworkInterfaces(r -> r.maxResults(5));
    f.ec2.deleteNetworkInterface(r -> r.networkInterfaceId(all.get(4)));
    var second = f.ec2.describeNetworkInterfaces(r -> r.maxResults(5).nextToken(first.nextToken()));
    var third = f.ec2.describeNetworkInterfaces(r -> r.maxResults(5).nextToken(second.nextToken()));

    assertThat(ids(first)).isEqualTo(all.subList(0, 5));
    assertThat(ids(second)).isEqualTo(all.subList(5, 10));
    assertThat(ids(third)).isEqualTo(all.subList(10, 12));
    assertThat(third.nextToken()).isNull();
    var seen = new HashSet<String>();
    f.ec2
        .describeNetworkInterfacesPaginator(r -> r.maxResults(5))
        .networkInterfaces()
        .forEach(e -> seen.add(e.networkInterfaceId()));
    assertThat(seen).hasSize(11);
  }

  @Test
  void refusesBadPaging() {
    String eni = f.create();

    refused(
        () -> f.ec2.describeNetworkInterfaces(r -> r.networkInterfaceIds(eni).maxResults(5)),
        "InvalidParameterCombination");
    refused(() -> f.ec2.describeNetworkInterfaces(r -> r.maxResults(4)), "InvalidParameterValue");
    refused(
        () -> f.ec2.describeNetworkInterfaces(r -> r.nextToken("nonsense")), "InvalidNextToken");
    refused(
        () -> f.ec2.describeNetworkInterfaces(r -> r.nextToken("bm9uc2Vuc2U=")),
        "InvalidNextToken");
  }

  @Test
  void describesInstanceTypes() {
    var types =
        f.ec2
            .describeInstanceTypes(
                r -> r.instanceTypesWithStrings("c5.large", "c6in.32xlarge", "c5.metal"))
            .instanceTypes();

    InstanceTypeInfo large = type(types, "c5.large");
    assertThat(large.networkInfo().maximumNetworkInterfaces()).isEqualTo(3);
    assertThat(large.networkInfo().ipv4AddressesPerInterface()).isEqualTo(10);
    assertThat(large.hypervisorAsString()).isEqualTo("nitro");
    InstanceTypeInfo twoCards = type(types, "c6in.32xlarge");
    assertThat(twoCards.networkInfo().networkCards())
        .extracting(c -> c.maximumNetworkInterfaces())
        .containsExactly(8, 8);
    assertThat(type(types, "c5.metal").bareMetal()).isTrue();
    refused(
        () -> f.ec2.describeInstanceTypes(r -> r.instanceTypesWithStrings("c5.large", "x9.big")),
        "InvalidInstanceType",
        "The following supplied instance types do not exist: [x9.big]");
  }

  private static InstanceTypeInfo type(List<InstanceTypeInfo> types, String name) {
    return types.stream()
        .filter(t -> t.instanceTypeAsString().equals(name))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void pagesThroughInstanceTypes() {
    var names = new ArrayList<String>();
    f.ec2
        .describeInstanceTypesPaginator(r -> r.maxResults(20))
        .instanceTypes()
        .forEach(t -> names.add(t.instanceTypeAsString()));

    assertThat(names).doesNotHaveDuplicates().contains("c5.large", "t3.medium", "c8i.48xlarge");
  }

  @Test
  void describesSubnetsAndGroupsByFilter() {
    String group = f.world.securityGroup(f.vpc, "plane");
    f.ec2.createTags(
        r -> r.resources(f.subnetB).tags(Tag.builder().key("net").value("n2").build()));

    var subnets = f.ec2.describeSubnets(r -> r.filters(filter("tag:net", "n2"))).subnets();
    assertThat(subnets)
        .singleElement()
        .satisfies(s -> {
          assertThat(s.subnetId()).isEqualTo(f.subnetB);
          assertThat(s.cidrBlock()).isEqualTo("10.0.2.0/24");
          assertThat(s.ipv6CidrBlockAssociationSet()).isEmpty();
        });
    assertThat(
            f.ec2
                .describeSubnets(r -> r.subnetIds(f.subnetA))
                .subnets()
                .getFirst()
                .ipv6CidrBlockAssociationSet()
                .getFirst()
                .ipv6CidrBlock())
        .isEqualTo("2001:db8:1:1::/64");
    assertThat(
            f.ec2
                .describeSecurityGroups(r -> r.filters(filter("group-id", group)))
                .securityGroups())
        .singleElement()
        .satisfies(g -> assertThat(g.groupName()).isEqualTo("plane"));
    assertThat(
            f.ec2.describeSecurityGroups(r -> r.filters(filter("vpc-id", f.vpc))).securityGroups())
        .hasSize(2);
  }

  @Test
  void keepsTagsWithinTheirLimits() {
    String eni = f.create();
    List<Tag> fifty = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      fifty.add(Tag.builder().key("k" + i).value("v").build());
    }
    f.ec2.createTags(r -> r.resources(eni).tags(fifty));
    f.ec2.createTags(r -> r.resources(eni).tags(Tag.builder().key("k0").value("new").build()));

    assertThat(f.eni(eni).tags()).hasSize(50).containsEntry("k0", "new");
    refused(
        () ->
            f.ec2.createTags(
                r -> r.resources(eni).tags(Tag.builder().key("k50").value("v").build())),
        "TagLimitExceeded");
    refused(
        () ->
            f.ec2.createTags(
                r -> r.resources(eni).tags(Tag.builder().key("aws:x").value("v").build())),
        "InvalidParameterValue");
  }

  @Test
  void deletesTagsByKeyAndByValue() {
    String eni = f.create();
    f.ec2.createTags(r ->
        r.resources(eni)
            .tags(
                Tag.builder().key("a").value("1").build(),
                Tag.builder().key("b").value("1").build()));

    f.ec2.deleteTags(r -> r.resources(eni).tags(Tag.builder().key("a").value("2").build()));
    assertThat(f.eni(eni).tags()).containsOnlyKeys("a", "b");
    f.ec2.deleteTags(r -> r.resources(eni).tags(Tag.builder().key("a").build()));
    assertThat(f.eni(eni).tags()).containsOnlyKeys("b");
    f.ec2.deleteTags(r -> r.resources(eni));
    assertThat(f.eni(eni).tags()).isEmpty();
  }

  @Test
  void knowsTheFiltersOfEachKind() {
    String instance = f.launch();
    String eni = f.world.instance(instance).interfaces().getFirst().id();
    String attachTime = "2026-03-01T12:00:00Z";

    assertThat(enis("description", "")).containsExactly(eni);
    assertThat(enis("interface-type", "interface")).containsExactly(eni);
    assertThat(enis("owner-id", "123456789012")).containsExactly(eni);
    assertThat(enis("requester-managed", "true")).isEmpty();
    assertThat(enis("group-id", f.eni(eni).groupIds().getFirst())).containsExactly(eni);
    assertThat(enis("ipv6-addresses.ipv6-address", "2001:*")).isEmpty();
    assertThat(enis("vpc-id", f.vpc)).containsExactly(eni);
    assertThat(enis("attachment.instance-owner-id", "123456789012")).containsExactly(eni);
    assertThat(enis("attachment.attach-time", attachTime)).containsExactly(eni);
    assertThat(instances("instance-state-code", "16")).containsExactly(instance);
    assertThat(instances("instance-type", "c5.*")).containsExactly(instance);
    assertThat(instances("availability-zone", "us-east-1b")).isEmpty();
    assertThat(subnets("subnet-id", f.subnetA)).containsExactly(f.subnetA);
    assertThat(subnets("vpc-id", f.vpc)).containsExactly(f.subnetA, f.subnetB);
    assertThat(subnets("availability-zone", "us-east-1b")).containsExactly(f.subnetB);
    assertThat(subnets("cidr-block", "10.0.1.0/24")).containsExactly(f.subnetA);
    assertThat(subnets("state", "available")).hasSize(2);
    refused(() -> subnets("no-such", "x"), "InvalidParameterValue");
    refused(
        () -> f.ec2.describeSecurityGroups(r -> r.filters(filter("no-such", "x"))),
        "InvalidParameterValue");
    assertThat(
            f.ec2
                .describeInstanceTypes(r -> r.filters(filter("instance-type", "t3.*")))
                .instanceTypes())
        .hasSize(4);
    assertThat(
            f.ec2
                .describeInstanceTypes(
                    r -> r.filters(filter("bare-metal", "true"), filter("hypervisor", "nitro")))
                .instanceTypes())
        .isEmpty();
  }

  private List<String> subnets(String filter, String value) {
    return f.ec2.describeSubnets(r -> r.filters(filter(filter, value))).subnets().stream()
        .map(s -> s.subnetId())
        .toList();
  }

  @Test
  void takesWildcardsLiterallyBehindABackslash() {
    String eni = f.create();
    f.world.setTag(eni, "k", "a*b");
    String other = f.create();
    f.world.setTag(other, "k", "axb");

    assertThat(enis("tag:k", "a*b")).containsExactly(eni, other);
    assertThat(enis("tag:k", "a\\*b")).containsExactly(eni);
  }

  @Test
  void tagsResourcesOfEveryKindAndNothingElse() {
    String instance = f.launch();
    String group = f.world.securityGroup(f.vpc, "plane");
    Tag tag = Tag.builder().key("k").value("v").build();

    f.ec2.createTags(r -> r.resources(instance, group, f.subnetA, f.vpc).tags(tag));

    assertThat(f.world.instance(instance).tags()).containsEntry("k", "v");
    refused(() -> f.ec2.createTags(r -> r.resources("vol-1").tags(tag)), "InvalidID");
    refused(
        () -> f.ec2.createTags(r -> r.resources("sg-0123456789abcdef0").tags(tag)),
        "InvalidSecurityGroupID.NotFound");
    refused(() -> f.ec2.createTags(r -> r.resources("sg-x").tags(tag)), "InvalidGroupId.Malformed");
    refused(
        () ->
            f.ec2.createTags(
                r -> r.resources(instance).tags(tag, Tag.builder().key("k").value("w").build())),
        "InvalidParameterValue",
        "Duplicate tag key 'k' specified.");
    refused(() -> f.ec2.createTags(r -> r.resources(instance)), "MissingParameter");
  }

  @Test
  void showsATerminatedInstanceWithoutItsNetwork() {
    String id = f.launch();
    f.world.terminate(id);

    Instance instance =
        f.ec2
            .describeInstances(r -> r.instanceIds(id))
            .reservations()
            .getFirst()
            .instances()
            .getFirst();

    assertThat(instance.state().code()).isEqualTo(48);
    assertThat(instance.networkInterfaces()).isEmpty();
    assertThat(instance.privateIpAddress()).isNull();
  }
}
