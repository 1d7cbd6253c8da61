// SPDX-License-Identifier: Apache-2.0
package io.multuseni.ipreconcile;

import io.multuseni.aws.AddressEdge;
import io.multuseni.base.Parallel;
import io.multuseni.core.address.AddressPlan;
import io.multuseni.core.address.MultusInterface;
import io.multuseni.core.address.Placed;
import io.multuseni.core.address.Seat;
import io.multuseni.core.address.VpcFacts;
import io.multuseni.core.ip.IpAddress;
import io.multuseni.kube.KubeEdge;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
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
   * @param unread moves that could not be checked and wait, with the cause
   */
  record Checked(AddressPlan plan, VpcFacts vpc, boolean viewWasWrong, List<String> unread) {}

  /** Checks each move of a plan. */
  Checked check(AddressPlan plan, VpcFacts vpc) {
    SortedMap<String, MultusInterface> interfaces =
        new TreeMap<>((Map<String, MultusInterface>) vpc.interfaces());
    Set<Seat> off = new HashSet<>();
    boolean wrong = false;
    List<String> unread = new ArrayList<>();
    for (Parallel.Result<Seat, Found> result :
        Parallel.forEach(plan.movedFrom().keySet(), to -> find(to, plan, vpc))) {
      Seat to = result.item();
      switch (result) {
        case Parallel.Worked<Seat, Found>(var seat, Found found) -> {
          String from = plan.movedFrom().getOrDefault(to, "");
          boolean there =
              found
                  .holder()
                  .filter(one -> one.networkInterfaceId().equals(from) && !one.primary())
                  .isPresent();
          if (!there) {
            off.add(to);
            wrong = true;
            correct(interfaces, from, to.address(), found.holder());
          } else if (!found.podIsThere()) {
            // The event that tells where it went is on its way.
            off.add(to);
          }
        }
        case Parallel.Failed<Seat, Found>(var seat, var failure) -> {
          off.add(to);
          unread.add(failure.explained());
        }
      }
    }
    return new Checked(plan.without(off), vpc.withInterfaces(interfaces), wrong, unread);
  }

  /**
   * What was read for a move.
   *
   * @param holder who has the address
   * @param podIsThere whether its pod is where the plan wants it
   */
  private record Found(Optional<AddressEdge.Holder> holder, boolean podIsThere) {}

  private Found find(Seat to, AddressPlan plan, VpcFacts vpc) {
    Optional<AddressEdge.Holder> holder =
        ec2.holderOf(cluster, vpc.subnetOf(to.networkInterfaceId()), to.address());
    return new Found(holder, holder.isPresent() && isPodThere(plan.served().get(to)));
  }

  private static void correct(
      SortedMap<String, MultusInterface> interfaces,
      String from,
      IpAddress address,
      Optional<AddressEdge.Holder> holder) {
    interfaces.computeIfPresent(from, (id, one) -> one.without(address));
    holder
        .flatMap(AddressEdge.Holder::ours)
        .ifPresent(one -> interfaces.merge(one.networkInterfaceId(), one, AddressSteps::withBoth));
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
