// SPDX-License-Identifier: Apache-2.0
package io.multuseni.localcloud.ec2;

import io.multuseni.localcloud.wire.ApiError;
import java.time.Instant;
import java.util.Optional;

/**
 * Kubelet and VPC CNI of one instance. Both act when their time has come, and the state of the
 * interfaces between two changes follows from time alone: so it is enough to ask before each
 * change, however late.
 */
final class Kubelet {
  private final NodeAgents agents;
  private Optional<Instant> since = Optional.empty();
  private boolean barred;
  private boolean cniIsServed;

  Kubelet(NodeAgents agents) {
    this.agents = agents;
  }

  /** The instance boots anew. */
  void reboot() {
    since = Optional.empty();
    barred = false;
  }

  void settle(Ec2World world, Instance instance, Instant now) {
    if (instance.state == Instance.State.TERMINATED || instance.state == Instance.State.STOPPED) {
      return;
    }
    if (since.isEmpty() && !barred) {
      boot(world, instance, now);
    }
    boolean due = since.filter(start -> !now.isBefore(start.plus(agents.cniDelay()))).isPresent();
    if (due && !cniIsServed && instance.state == Instance.State.RUNNING) {
      cniIsServed = cniServed(world, instance);
    }
  }

  private void boot(Ec2World world, Instance instance, Instant now) {
    Instant booted = instance.launchTime.plus(agents.bootTime());
    if (now.isBefore(booted)) {
      return;
    }
    Instant giveUp = agents.gate().map(gate -> booted.plus(gate.bootWait())).orElse(booted);
    Optional<Instant> open =
        agents.gate().isEmpty()
            ? Optional.of(booted)
            : openSince(world, instance, agents.gate().orElseThrow(), booted);
    if (open.filter(at -> !at.isAfter(giveUp) && !at.isAfter(now)).isPresent()) {
      since = open;
    } else if (now.isAfter(giveUp)) {
      barred = true;
    }
  }

  /** When the last place was taken; empty while one is free or about to be. */
  private static Optional<Instant> openSince(
      Ec2World world, Instance instance, NodeAgents.Gate gate, Instant booted) {
    Instant latest = booted;
    for (NodeAgents.Place place : gate.places()) {
      Optional<Attachment> taken =
          world.on(instance.id).stream()
              .map(eni -> eni.attachment.orElseThrow())
              .filter(one -> one.card == place.networkCardIndex())
              .filter(one -> one.device == place.deviceIndex())
              .filter(one -> one.detachedAt.isEmpty())
              .findFirst();
      if (taken.isEmpty()) {
        return Optional.empty();
      }
      Instant attached = taken.orElseThrow().attachedAt;
      latest = attached.isAfter(latest) ? attached : latest;
    }
    return Optional.of(latest);
  }

  private boolean cniServed(Ec2World world, Instance instance) {
    try {
      world.cniInterface(instance.id, agents.clusterName());
      // Also where the type has no place left: then the VPC CNI makes do with the primary one.
      return true;
    } catch (ApiError refused) {
      // A full subnet, say. The VPC CNI tries again, here whenever something happens.
      return false;
    }
  }

  KubeletView view(Instance instance) {
    KubeletView.State state =
        switch (instance.state) {
          case STOPPED, TERMINATED -> KubeletView.State.OFF;
          case PENDING, RUNNING ->
              barred
                  ? KubeletView.State.BARRED
                  : since.isPresent() ? KubeletView.State.RUNNING : KubeletView.State.WAITING;
        };
    return new KubeletView(state, state == KubeletView.State.RUNNING ? since : Optional.empty());
  }
}
