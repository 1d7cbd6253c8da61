// SPDX-License-Identifier: Apache-2.0
package io.multuseni.core.config;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * One or more Auto Scaling groups whose nodes share a list of networks.
 *
 * @param name our name for it, unique in the configuration
 * @param membership which Auto Scaling groups belong to it
 * @param lifecycleHook whose launch hook holds new nodes back
 * @param heartbeatTimeout the hook's heartbeat timeout, 30 s to 7,200 s
 * @param giveUpAfter a node that is merely slow is ABANDONed when this much time has passed since
 *     its launch
 * @param onRepeatedFailure what happens to further nodes after three ABANDONs with one permanent
 *     reason
 * @param backfill whether the sweep may provision nodes that are InService without their interfaces
 * @param nodeOs decides how predicted interface names read
 * @param pciBase PCI address of device index 0, for instance families that the table of predictions
 *     doesn't know; form {@code 0000:00:05.0}
 * @param setup what the deployment knows of the nodes
 * @param networks the networks in the order of their device indexes, from 1; at least one
 */
public record NodeGroup(
    String name,
    Membership membership,
    LifecycleHook lifecycleHook,
    Duration heartbeatTimeout,
    Duration giveUpAfter,
    OnRepeatedFailure onRepeatedFailure,
    boolean backfill,
    NodeOs nodeOs,
    Optional<String> pciBase,
    NodeSetup setup,
    List<Network> networks) {
  /** Name of the launch hook that {@code lifecycleHook: create} stands for. */
  public static final String LAUNCH_HOOK = "multus-eni-launch";

  /** Name of the termination hook of ours, where there is one. */
  public static final String TERMINATE_HOOK = "multus-eni-terminate";

  /** Copies the list. */
  public NodeGroup {
    networks = List.copyOf(networks);
  }

  /** With nothing told of the nodes' set-up. */
  public NodeGroup(
      String name,
      Membership membership,
      LifecycleHook lifecycleHook,
      Duration heartbeatTimeout,
      Duration giveUpAfter,
      OnRepeatedFailure onRepeatedFailure,
      boolean backfill,
      NodeOs nodeOs,
      Optional<String> pciBase,
      List<Network> networks) {
    this(
        name,
        membership,
        lifecycleHook,
        heartbeatTimeout,
        giveUpAfter,
        onRepeatedFailure,
        backfill,
        nodeOs,
        pciBase,
        NodeSetup.UNTOLD,
        networks);
  }

  /**
   * What the functions need of it. They take the boot gate's word for it that {@code observe} is
   * safe.
   */
  NodeGroup forFunctions() {
    return with(membership, new NodeSetup(List.of(), setup.bootGate(), Optional.empty()));
  }

  /**
   * Whether an Auto Scaling group belongs to this node group, as far as its name tells. For a
   * managed node group the instance's tags must confirm it, since another cluster may have one of
   * the same name.
   */
  public boolean claims(String autoScalingGroup) {
    return switch (membership) {
      case AutoScalingGroups groups -> groups.names().contains(autoScalingGroup);
      case EksManagedNodegroup managed -> managed.owns(autoScalingGroup);
    };
  }

  /** The same, with what the deployment found out. */
  NodeGroup with(DeployedFacts deployed) {
    if (!(membership instanceof EksManagedNodegroup managed)) {
      return this;
    }
    return with(
        new EksManagedNodegroup(
            managed.nodegroup(),
            Optional.ofNullable(deployed.autoScalingGroups().get(managed.nodegroup()))),
        setup);
  }

  private NodeGroup with(Membership otherMembership, NodeSetup otherSetup) {
    return new NodeGroup(
        name,
        otherMembership,
        lifecycleHook,
        heartbeatTimeout,
        giveUpAfter,
        onRepeatedFailure,
        backfill,
        nodeOs,
        pciBase,
        otherSetup,
        networks);
  }

  /** Whether a launch hook of this name is one that this node group goes by. */
  public boolean admitsLaunchHook(String hookName) {
    return switch (lifecycleHook) {
      case CreateHook _ -> hookName.equals(LAUNCH_HOOK);
      case ExistingHook existing -> hookName.equals(existing.name());
      case ObserveHook _ -> true;
    };
  }

  /** Whether the launch hook is ours to complete and to keep alive by heartbeats. */
  public boolean completesLaunchHook() {
    return !(lifecycleHook instanceof ObserveHook);
  }

  /** Name of the launch hook; empty where any hook is only observed. */
  public Optional<String> launchHookName() {
    return switch (lifecycleHook) {
      case CreateHook() -> Optional.of(LAUNCH_HOOK);
      case ExistingHook(String hook) -> Optional.of(hook);
      case ObserveHook() -> Optional.empty();
    };
  }

  /** Which Auto Scaling groups belong to a node group. */
  public sealed interface Membership {}

  /**
   * Auto Scaling groups by name.
   *
   * @param names at least one, no duplicates
   */
  public record AutoScalingGroups(List<String> names) implements Membership {
    /** Copies the list. */
    public AutoScalingGroups {
      names = List.copyOf(names);
    }
  }

  /**
   * The Auto Scaling group that an EKS managed node group owns. EKS names it {@code
   * eks-<nodegroup>-<uuid>} and tags its instances {@code eks:cluster-name} and {@code
   * eks:nodegroup-name}; the name only admits an event, the tags decide.
   *
   * @param nodegroup name of the managed node group
   * @param autoScalingGroup name of its Auto Scaling group, where the deployment found it out
   */
  public record EksManagedNodegroup(String nodegroup, Optional<String> autoScalingGroup)
      implements Membership {
    private static final Pattern UUID =
        Pattern.compile("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}");

    /** Of a managed node group whose Auto Scaling group isn't known yet. */
    public EksManagedNodegroup(String nodegroup) {
      this(nodegroup, Optional.empty());
    }

    /**
     * Whether an Auto Scaling group is the managed node group's: the known one and no other, or any
     * that EKS would give its name to.
     */
    public boolean owns(String group) {
      if (autoScalingGroup.isPresent()) {
        return autoScalingGroup.get().equals(group);
      }
      String prefix = "eks-" + nodegroup + "-";
      // Only a bare UUID may follow, or the node group "a" would take the groups of "a-b" as well.
      return group.startsWith(prefix) && UUID.matcher(group.substring(prefix.length())).matches();
    }
  }

  /** Whose launch hook holds new nodes back. */
  public sealed interface LifecycleHook {}

  /** Our own hook, made by the deployment under the name {@link #LAUNCH_HOOK}. */
  public record CreateHook() implements LifecycleHook {}

  /**
   * A hook that exists and that we complete.
   *
   * @param name the hook's name
   */
  public record ExistingHook(String name) implements LifecycleHook {}

  /** Somebody else's hook, whatever its name: it tells us of a launch, and we never complete it. */
  public record ObserveHook() implements LifecycleHook {}

  /** What happens to further nodes after three ABANDONs with one permanent reason. */
  public enum OnRepeatedFailure {
    /** Keep them waiting by heartbeat until {@code giveUpAfter}. */
    HOLD,
    /** ABANDON them as well. */
    ABANDON
  }

  /** Operating system of the nodes, as far as interface names go. */
  public enum NodeOs {
    /** Amazon Linux 2023: {@code ens5}, {@code ens6}, … */
    AL2023,
    /** Amazon Linux 2: {@code eth0}, {@code eth1}, … */
    AL2
  }
}
