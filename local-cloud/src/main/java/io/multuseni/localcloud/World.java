// SPDX-License-Identifier: Apache-2.0
package io.multuseni.localcloud;

import io.multuseni.localcloud.autoscaling.GroupSpec;
import io.multuseni.localcloud.autoscaling.GroupView;
import io.multuseni.localcloud.autoscaling.HookResult;
import io.multuseni.localcloud.autoscaling.HookSpec;
import io.multuseni.localcloud.autoscaling.LifecycleActionView;
import io.multuseni.localcloud.autoscaling.Transition;
import io.multuseni.localcloud.ec2.InstanceView;
import io.multuseni.localcloud.ec2.InterfaceView;
import io.multuseni.localcloud.ec2.KubeletView;
import io.multuseni.localcloud.ec2.SubnetView;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What is in a {@link LocalCloud}: the way around the API to build it, to let things happen that no
 * caller asked for, and to see it as it is. Unlike the API, this way knows no throttling, latency
 * or visibility delay; each call first applies everything that is due. A wrong argument is an
 * {@link IllegalArgumentException}, a move that the state forbids an {@link IllegalStateException};
 * rules of EC2 (a full subnet, a taken slot) are the {@link io.multuseni.localcloud.wire.ApiError}
 * that a caller would get. Safe for use by many threads.
 */
public final class World {
  private static final String DEFAULT_CLUSTER = "local";

  private final CloudState state;

  World(CloudState state) {
    this.state = state;
  }

  // ---- networks ------------------------------------------------------------------------------

  /** A new VPC with a default security group; returns its id. */
  public String vpc(String cidr) {
    return state.alone(() -> state.ec2.vpc(cidr));
  }

  /** A new subnet, for example in {@code us-east-1a}; returns its id. */
  public String subnet(String vpcId, String availabilityZone, String cidr) {
    return state.alone(() -> state.ec2.subnet(vpcId, availabilityZone, cidr, Optional.empty()));
  }

  /** A new subnet with an IPv6 block, usually a /64; returns its id. */
  public String subnet(String vpcId, String availabilityZone, String cidr, String ipv6Cidr) {
    return state.alone(
        () -> state.ec2.subnet(vpcId, availabilityZone, cidr, Optional.of(ipv6Cidr)));
  }

  /** A new security group; returns its id. */
  public String securityGroup(String vpcId, String name) {
    return state.alone(() -> state.ec2.securityGroup(vpcId, name));
  }

  /** Deletes a security group, whoever still uses it. */
  public void dropSecurityGroup(String groupId) {
    state.runAlone(() -> state.ec2.dropSecurityGroup(groupId));
  }

  /**
   * Occupies IPv4 addresses of a subnet until EC2 can choose only {@code leaveFree} more by itself.
   * What an explicit CIDR reservation keeps is not touched.
   */
  public void fillSubnet(String subnetId, int leaveFree) {
    state.runAlone(() -> state.ec2.fillSubnet(subnetId, leaveFree));
  }

  /** Occupies one address, as an interface outside of this model would. */
  public void occupy(String subnetId, String address) {
    state.runAlone(() -> state.ec2.occupy(subnetId, address));
  }

  /**
   * Keeps a part of a subnet out of EC2's own choice, as an explicit CIDR reservation does; whoever
   * names an address of it still gets it.
   *
   * @param cidr within the subnet, apart from its other reservations
   */
  public void reserveRange(String subnetId, String cidr) {
    state.runAlone(() -> state.ec2.reserveRange(subnetId, cidr));
  }

  // ---- parameters ----------------------------------------------------------------------------

  /** Makes a parameter of Systems Manager, of type String, or gives it another value. */
  public void parameter(String name, String value) {
    state.runAlone(() -> state.parameters.put(name, value));
  }

  /** Deletes a parameter of Systems Manager. */
  public void dropParameter(String name) {
    state.runAlone(() -> state.parameters.drop(name));
  }

  // ---- groups --------------------------------------------------------------------------------

  /**
   * A new Auto Scaling group. It launches its desired capacity at once; hooks of the specification
   * hold those launches already, hooks put later don't.
   */
  public void autoScalingGroup(String name, GroupSpec spec) {
    state.runAlone(() -> state.scaling.create(name, spec));
  }

  /** Makes a lifecycle hook or replaces the one of the same name, for actions begun from now on. */
  public void putLifecycleHook(
      String groupName,
      String hookName,
      Transition transition,
      Duration heartbeatTimeout,
      HookResult defaultResult,
      @Nullable String notificationMetadata) {
    HookSpec hook =
        new HookSpec(
            hookName,
            transition,
            heartbeatTimeout,
            defaultResult,
            Optional.ofNullable(notificationMetadata));
    state.runAlone(() -> state.scaling.putHook(groupName, hook));
  }

  /**
   * Raises a group's desired capacity by {@code count} and launches that many fresh instances,
   * round its zones; returns their ids. Each is {@code Pending:Wait}, with one event per hook, or
   * without hooks {@code InService} as soon as it runs.
   */
  public List<String> scaleOut(String groupName, int count) {
    return state.alone(() -> state.scaling.scaleOut(groupName, count));
  }

  /** Launches fresh instances into a group's warm pool; returns their ids. */
  public List<String> launchIntoWarmPool(String groupName, int count) {
    return state.alone(() -> state.scaling.launchIntoWarmPool(groupName, count));
  }

  /** Raises the desired capacity by one and takes a warm instance into service. */
  public void warmPoolToService(String instanceId) {
    state.runAlone(() -> state.scaling.warmPoolToService(instanceId));
  }

  /**
   * Lowers the desired capacity by one and takes an instance out of service: back to the warm pool
   * if the group reuses instances, otherwise to its end. A warm instance goes to its end.
   */
  public void scaleIn(String instanceId) {
    state.runAlone(() -> state.scaling.scaleIn(instanceId));
  }

  // ---- instances and interfaces --------------------------------------------------------------

  /** Launches an instance that is in no group; returns its id. */
  public String launchInstance(String instanceType, String subnetId, Map<String, String> tags) {
    return state.alone(() -> state.ec2.launch(instanceType, subnetId, List.of(), tags));
  }

  /** Terminates an instance from outside: its group finds out, no hook runs. */
  public void terminate(String instanceId) {
    state.runAlone(() -> state.ec2.terminate(instanceId));
  }

  /** Stops an instance at once. */
  public void stopInstance(String instanceId) {
    state.runAlone(() -> state.ec2.stop(instanceId));
  }

  /** Starts a stopped instance; it is pending for the boot time. */
  public void startInstance(String instanceId) {
    state.runAlone(() -> state.ec2.start(instanceId));
  }

  /**
   * The kubelet of an instance starts, and with it the VPC CNI, which takes another interface at
   * once: tagged {@code node.k8s.amazonaws.com/instance_id}, {@code
   * node.k8s.amazonaws.com/createdAt} and {@code cluster.k8s.amazonaws.com/name}, described {@code
   * aws-K8S-<instance id>}, at the lowest free device index of card 0. Each further call takes one
   * more. Where a group has {@link io.multuseni.localcloud.ec2.NodeAgents}, this happens by itself.
   *
   * @return the interface, or nothing if the type allows no other one
   */
  public Optional<String> kubeletStarts(String instanceId) {
    return kubeletStarts(instanceId, DEFAULT_CLUSTER);
  }

  /** {@link #kubeletStarts(String)} in a cluster of that name. */
  public Optional<String> kubeletStarts(String instanceId, String clusterName) {
    return state.alone(() -> state.ec2.cniInterface(instanceId, clusterName));
  }

  /** Somebody else's interface in a slot of an instance; returns its id. */
  public String attachForeign(
      String instanceId, int deviceIndex, int networkCardIndex, Map<String, String> tags) {
    return state.alone(
        () -> state.ec2.attachForeign(instanceId, deviceIndex, networkCardIndex, tags));
  }

  /** Attaches an interface, whoever it belongs to, as somebody in the console would. */
  public void attachByHand(
      String interfaceId, String instanceId, int deviceIndex, int networkCardIndex) {
    state.runAlone(
        () -> state.ec2.attachByHand(interfaceId, instanceId, deviceIndex, networkCardIndex));
  }

  /** Takes an interface off its instance at once, as somebody in the console would by force. */
  public void detachByHand(String interfaceId) {
    state.runAlone(() -> state.ec2.detachByHand(interfaceId));
  }

  /**
   * Gives IPv4 or IPv6 addresses to an interface as secondary ones, as somebody else's tool would,
   * taking them from whoever has them. No limit holds; describes show it after the address lag.
   *
   * @throws IllegalArgumentException if one of them is another interface's primary address
   */
  public void assignByHand(String interfaceId, String... addresses) {
    state.runAlone(() -> state.ec2.assignByHand(interfaceId, List.of(addresses)));
  }

  /**
   * Takes secondary addresses off an interface, as somebody else's tool would; describes show it
   * after the address lag.
   *
   * @throws IllegalArgumentException if the interface doesn't have one of them as a secondary one
   */
  public void unassignByHand(String interfaceId, String... addresses) {
    state.runAlone(() -> state.ec2.unassignByHand(interfaceId, List.of(addresses)));
  }

  /** Sets whether an attached interface goes with its instance, as somebody else's tool would. */
  public void setDeleteOnTermination(String interfaceId, boolean deleteOnTermination) {
    state.runAlone(() -> state.ec2.setDeleteOnTermination(interfaceId, deleteOnTermination));
  }

  /** Deletes an interface at once, attached or not. */
  public void deleteByHand(String interfaceId) {
    state.runAlone(() -> state.ec2.deleteByHand(interfaceId));
  }

  /** Makes an interface one of an AWS service, which alone may detach it. */
  public void makeRequesterManaged(String interfaceId) {
    state.runAlone(() -> state.ec2.makeRequesterManaged(interfaceId));
  }

  /** Sets a tag of an interface, instance, subnet, security group or VPC. */
  public void setTag(String resourceId, String key, String value) {
    state.runAlone(() -> state.ec2.setTag(resourceId, key, value));
  }

  /** Removes a tag of an interface, instance, subnet, security group or VPC. */
  public void removeTag(String resourceId, String key) {
    state.runAlone(() -> state.ec2.removeTag(resourceId, key));
  }

  // ---- inspection ----------------------------------------------------------------------------

  /** The instance, terminated or not. */
  public InstanceView instance(String instanceId) {
    return state.alone(() -> view(instanceId));
  }

  /** The kubelet of an instance; empty where its group has no node agents. */
  public Optional<KubeletView> kubelet(String instanceId) {
    return state.alone(() -> state.ec2.kubelet(instanceId));
  }

  /** All instances in the order of their launch, terminated ones included. */
  public List<InstanceView> instances() {
    return state.alone(() -> state.ec2.instanceIds().stream().map(this::view).toList());
  }

  /** All interfaces in the order of their creation, visible to callers or not. */
  public List<InterfaceView> interfaces() {
    return state.alone(state.ec2::interfaces);
  }

  /** The interface, if there is one of that id. */
  public Optional<InterfaceView> networkInterface(String interfaceId) {
    return interfaces().stream().filter(e -> e.id().equals(interfaceId)).findFirst();
  }

  /** The subnet. */
  public SubnetView subnet(String subnetId) {
    return state.alone(() -> state.ec2.subnetView(subnetId));
  }

  /** The group. */
  public GroupView group(String groupName) {
    return state.alone(() -> state.scaling.view(groupName));
  }

  /** All lifecycle actions, oldest first, those that are over included. */
  public List<LifecycleActionView> lifecycleActions() {
    return state.alone(state.scaling::lifecycleActions);
  }

  private InstanceView view(String instanceId) {
    return state.ec2.instance(
        instanceId, state.scaling.groupOf(instanceId), state.scaling.stateOf(instanceId));
  }
}
