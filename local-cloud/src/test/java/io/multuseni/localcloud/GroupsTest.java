// SPDX-License-Identifier: Apache-2.0
package io.multuseni.localcloud;

import static io.multuseni.localcloud.Fixture.refused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.autoscaling.model.AutoScalingGroup;
import software.amazon.awssdk.services.autoscaling.model.Filter;
import software.amazon.awssdk.services.autoscaling.model.Tag;
import software.amazon.awssdk.services.autoscaling.model.TagDescription;

/** How groups and their tags are described. */
class GroupsTest {
  private final Fixture f = Fixture.start();

  @AfterEach
  void close() {
    f.close();
  }

  private List<String> groups(String filter, String value) {
    return f
        .autoScaling
        .describeAutoScalingGroups(r -> r.filters(filter(filter, value)))
        .autoScalingGroups()
        .stream()
        .map(AutoScalingGroup::autoScalingGroupName)
        .toList();
  }

  private static Filter filter(String name, String value) {
    return Filter.builder().name(name).values(value).build();
  }

  @Test
  void describesAGroup() {
    f.world.autoScalingGroup(
        "workers",
        f.spec()
            .withDesiredCapacity(2)
            .withTag("owner", "me")
            .withInstanceTag("eks:cluster-name", "prod"));

    AutoScalingGroup group =
        f.autoScaling
            .describeAutoScalingGroups(r -> r.autoScalingGroupNames("workers", "nobody"))
            .autoScalingGroups()
            .getFirst();

    assertThat(group.autoScalingGroupARN()).endsWith(":autoScalingGroupName/workers");
    assertThat(group.desiredCapacity()).isEqualTo(2);
    assertThat(group.availabilityZones()).containsExactly("us-east-1a", "us-east-1b");
    assertThat(group.vpcZoneIdentifier()).isEqualTo(f.subnetA + "," + f.subnetB);
    assertThat(group.instances())
        .extracting(i -> i.lifecycleStateAsString())
        .containsExactly("InService", "InService");
    assertThat(group.tags())
        .extracting(TagDescription::key, TagDescription::propagateAtLaunch)
        .contains(tuple("owner", false), tuple("eks:cluster-name", true));
    assertThat(f.world.instances().getFirst().tags())
        .containsEntry("eks:cluster-name", "prod")
        .doesNotContainKey("owner");
    assertThat(
            f.autoScaling
                .describeAutoScalingGroups(r -> r.includeInstances(false))
                .autoScalingGroups()
                .getFirst()
                .instances())
        .isEmpty();
  }

  @Test
  void findsGroupsByTag() {
    f.world.autoScalingGroup("a", f.spec().withTag("multus", "yes"));
    f.world.autoScalingGroup("b", f.spec().withTag("multus", "no"));

    assertThat(groups("tag:multus", "yes")).containsExactly("a");
    assertThat(groups("tag-key", "multus")).containsExactly("a", "b");
    assertThat(groups("tag-value", "no")).containsExactly("b");
    refused(() -> groups("name", "a"), "ValidationError");
  }

  @Test
  void pagesThroughGroupsAndInstances() {
    for (int i = 0; i < 5; i++) {
      f.world.autoScalingGroup("g" + i, f.spec().withDesiredCapacity(1));
    }

    List<String> names = new ArrayList<>();
    f.autoScaling
        .describeAutoScalingGroupsPaginator(r -> r.maxRecords(2))
        .autoScalingGroups()
        .forEach(g -> names.add(g.autoScalingGroupName()));
    List<String> instances = new ArrayList<>();
    f.autoScaling
        .describeAutoScalingInstancesPaginator(r -> r.maxRecords(2))
        .autoScalingInstances()
        .forEach(i -> instances.add(i.autoScalingGroupName()));

    assertThat(names).containsExactly("g0", "g1", "g2", "g3", "g4");
    assertThat(instances).isEqualTo(names);
    var activities = new ArrayList<String>();
    f.autoScaling
        .describeScalingActivitiesPaginator(r -> r.maxRecords(2))
        .activities()
        .forEach(a -> activities.add(a.autoScalingGroupName()));
    assertThat(activities).containsExactly("g4", "g3", "g2", "g1", "g0");
  }

  @Test
  void changesAndDescribesTags() {
    f.world.autoScalingGroup("a", f.spec().withTag("old", "1"));
    f.world.autoScalingGroup("b", f.spec());
    f.autoScaling.createOrUpdateTags(r -> r.tags(tag("a", "k"), tag("b", "k")));
    f.autoScaling.deleteTags(r -> r.tags(tag("a", "old")));

    assertThat(tags("auto-scaling-group", "a")).containsExactly("a k v");
    assertThat(tags("key", "k")).containsExactly("a k v", "b k v");
    assertThat(tags("value", "x")).isEmpty();
    assertThat(tags("propagate-at-launch", "true")).hasSize(2);
    refused(
        () -> f.autoScaling.createOrUpdateTags(r -> r.tags(tag("nobody", "k"))), "ValidationError");
  }

  private List<String> tags(String filter, String value) {
    return f.autoScaling.describeTags(r -> r.filters(filter(filter, value))).tags().stream()
        .map(t -> t.resourceId() + " " + t.key() + " " + t.value())
        .toList();
  }

  private static Tag tag(String group, String key) {
    return Tag.builder()
        .resourceId(group)
        .resourceType("auto-scaling-group")
        .key(key)
        .value("v")
        .propagateAtLaunch(true)
        .build();
  }
}
