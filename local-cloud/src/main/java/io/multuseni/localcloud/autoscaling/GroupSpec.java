// SPDX-License-Identifier: Apache-2.0
package io.multuseni.localcloud.autoscaling;

import io.multuseni.localcloud.ec2.NodeAgents;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a group is to look like. Immutable.
 *
 * @param instanceType type of its instances
 * @param subnetIds primary subnets, at least one; launches go round them in order
 * @param securityGroupIds of the primary interfaces; none means the default one of the VPC
 * @param desiredCapacity instances launched when the group is made
 * @param hooks lifecycle hooks, in force before the first launch
 * @param warmPool the warm pool, if there is one
 * @param tags tags of the group alone
 * @param instanceTags tags of the group that its instances get too (PropagateAtLaunch)
 * @param nodeAgents what runs on its instances of its own accord; without it nothing does
 */
public record GroupSpec(
    String instanceType,
    List<String> subnetIds,
    List<String> securityGroupIds,
    int desiredCapacity,
    List<HookSpec> hooks,
    Optional<WarmPoolSpec> warmPool,
    Map<String, String> tags,
    Map<String, String> instanceTags,
    Optional<NodeAgents> nodeAgents) {

  /** Copies the collections. */
  public GroupSpec {
    subnetIds = List.copyOf(subnetIds);
    securityGroupIds = List.copyOf(securityGroupIds);
    hooks = List.copyOf(hooks);
    tags = Collections.unmodifiableMap(new LinkedHashMap<>(tags));
    instanceTags = Collections.unmodifiableMap(new LinkedHashMap<>(instanceTags));
    if (subnetIds.isEmpty()) {
      throw new IllegalArgumentException("a group needs a subnet");
    }
  }

  /** A group that wants no instance yet, without hooks, pool and tags. */
  public static GroupSpec of(String instanceType, String... subnetIds) {
    return new GroupSpec(
        instanceType,
        List.of(subnetIds),
        List.of(),
        0,
        List.of(),
        Optional.empty(),
        Map.of(),
        Map.of(),
        Optional.empty());
  }

  /** This group with so many instances from the start. */
  public GroupSpec withDesiredCapacity(int capacity) {
    return new GroupSpec(
        instanceType,
        subnetIds,
        securityGroupIds,
        capacity,
        hooks,
        warmPool,
        tags,
        instanceTags,
        nodeAgents);
  }

  /** This group with other security groups on its primary interfaces. */
  public GroupSpec withSecurityGroups(String... groupIds) {
    return new GroupSpec(
        instanceType,
        subnetIds,
        List.of(groupIds),
        desiredCapacity,
        hooks,
        warmPool,
        tags,
        instanceTags,
        nodeAgents);
  }

  /** This group with one more hook. */
  public GroupSpec withHook(HookSpec hook) {
    List<HookSpec> more = new ArrayList<>(hooks);
    more.add(hook);
    return new GroupSpec(
        instanceType,
        subnetIds,
        securityGroupIds,
        desiredCapacity,
        more,
        warmPool,
        tags,
        instanceTags,
        nodeAgents);
  }

  /** This group with a warm pool. */
  public GroupSpec withWarmPool(WarmPoolSpec pool) {
    return new GroupSpec(
        instanceType,
        subnetIds,
        securityGroupIds,
        desiredCapacity,
        hooks,
        Optional.of(pool),
        tags,
        instanceTags,
        nodeAgents);
  }

  /** This group with one more tag of its own. */
  public GroupSpec withTag(String key, String value) {
    Map<String, String> more = new LinkedHashMap<>(tags);
    more.put(key, value);
    return new GroupSpec(
        instanceType,
        subnetIds,
        securityGroupIds,
        desiredCapacity,
        hooks,
        warmPool,
        more,
        instanceTags,
        nodeAgents);
  }

  /** This group with one more tag that its instances get too. */
  public GroupSpec withInstanceTag(String key, String value) {
    Map<String, String> more = new LinkedHashMap<>(instanceTags);
    more.put(key, value);
    return new GroupSpec(
        instanceType,
        subnetIds,
        securityGroupIds,
        desiredCapacity,
        hooks,
        warmPool,
        tags,
        more,
        nodeAgents);
  }

  /** This group with kubelet and the VPC CNI on its instances. */
  public GroupSpec withNodeAgents(NodeAgents agents) {
    return new GroupSpec(
        instanceType,
        subnetIds,
        securityGroupIds,
        desiredCapacity,
        hooks,
        warmPool,
        tags,
        instanceTags,
        Optional.of(agents));
  }
}
