// SPDX-License-Identifier: Apache-2.0
package io.multuseni.ipreconcile;

import io.multuseni.aws.AddressEdge;
import io.multuseni.core.address.AddressPlan;
import io.multuseni.core.address.MultusInterface;
import io.multuseni.core.address.Placed;
import io.multuseni.core.address.Seat;
import io.multuseni.core.address.VpcFacts;
import io.multuseni.core.ip.IpAddress;
import io.multuseni.kube.KubeEdge;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * ● Reads anew what a watcher's moves depend on. Its view is up to a period old, and a younger run
 * may have heard more: an address goes only from where it is now to where its pod is now.
 */
final class MoveCheck {
  private final String cluster;
  private final AddressEdge ec2;
  private final KubeEdge kubernetes;

  MoveCheck(String cluster, AddressEdge ec2, KubeEdge kubernetes) {
    this.cluster = cluster;
    this.ec2 = ec2;
    this.kubernetes = kubernetes;
  }

  /**
   * What is left of a plan.
   *
   * @param plan without the moves that can't be made now
   * @param vpc the view, with addresses where they were found
   * @param viewWasWrong whether addresses were found elsewhere, so that another plan helps
   */
  record Checked(AddressPlan plan, VpcFacts vpc, boolean viewWasWrong) {}

  /** Checks each move of a plan. */
  Checked check(AddressPlan plan, VpcFacts vpc) {
    SortedMap<String, MultusInterface> interfaces =
        new TreeMap<>((Map<String, MultusInterface>) vpc.interfaces());
    Set<Seat> off = new HashSet<>();
    boolean wrong = false;
    Map<Seat, String> moves = new HashMap<>(plan.movedFrom());
    for (Map.Entry<Seat, String> move : moves.entrySet()) {
      Seat to = move.getKey();
      Optional<AddressEdge.Holder> holder = holder(to, vpc);
      boolean there =
          holder
              .filter(one -> one.networkInterfaceId().equals(move.getValue()) && !one.primary())
              .isPresent();
      if (!there) {
        off.add(to);
        wrong = true;
        correct(interfaces, move.getValue(), to.address(), holder);
      } else if (!isPodThere(plan.served().get(to))) {
        // The event that tells where it went is on its way.
        off.add(to);
      }
    }
    return new Checked(plan.without(off), vpc.withInterfaces(interfaces), wrong);
  }

  private Optional<AddressEdge.Holder> holder(Seat to, VpcFacts vpc) {
    return ec2.holderOf(
        cluster,
        Optional.ofNullable(vpc.interfaces().get(to.networkInterfaceId()))
            .map(MultusInterface::subnetId),
        to.address());
  }

  private static void correct(
      SortedMap<String, MultusInterface> interfaces,
      String from,
      IpAddress address,
      Optional<AddressEdge.Holder> holder) {
    interfaces.computeIfPresent(
        from,
        (id, one) -> {
          TreeSet<IpAddress> left = new TreeSet<>(one.secondary());
          left.remove(address);
          return one.withSecondary(left);
        });
    holder
        .flatMap(AddressEdge.Holder::ours)
        .ifPresent(one -> interfaces.put(one.networkInterfaceId(), one));
  }

  private boolean isPodThere(@Nullable Placed placed) {
    return placed != null
        && kubernetes
            .pod(placed.reservation().pod())
            .filter(pod -> !pod.phase().isFinished())
            .flatMap(pod -> pod.nodeName())
            .filter(placed.node()::equals)
            .isPresent();
  }
}
