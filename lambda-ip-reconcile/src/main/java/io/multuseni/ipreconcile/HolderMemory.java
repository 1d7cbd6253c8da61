// SPDX-License-Identifier: Apache-2.0
package io.multuseni.ipreconcile;

import io.multuseni.aws.AddressEdge;
import io.multuseni.core.address.AddressPlan;
import io.multuseni.core.address.Placed;
import io.multuseni.core.address.Seat;
import io.multuseni.core.address.Unplaced;
import io.multuseni.core.address.UnplacedReason;
import io.multuseni.core.address.VpcFacts;
import io.multuseni.core.error.CallFailure;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;

/**
 * Addresses that this sandbox found on interfaces that aren't ours. As long as they are there, each
 * run would send a call that EC2 refuses; a reading tells the same.
 */
final class HolderMemory {
  private final Set<Seat> refused = new ConcurrentSkipListSet<>();

  /**
   * ● The addresses of a plan that are still where they can't be taken from.
   *
   * @param plan the plan
   * @param vpc the view that it was made from
   * @param cluster the cluster that "ours" means
   * @param ec2 where holders are looked up
   */
  Map<Seat, Unplaced> stillRefused(
      AddressPlan plan, VpcFacts vpc, String cluster, AddressEdge ec2) {
    Map<Seat, Unplaced> still = new HashMap<>();
    for (Seat seat : List.copyOf(refused)) {
      Placed placed = plan.served().get(seat);
      if (placed == null) {
        continue;
      }
      Optional<AddressEdge.Holder> holder;
      try {
        holder = ec2.holderOf(cluster, vpc.subnetOf(seat.networkInterfaceId()), seat.address());
      } catch (CallFailure unread) {
        // Nobody else has to wait for it: EC2 refuses the address where it still has to.
        continue;
      }
      if (holder.filter(one -> one.primary() || !one.isOurs()).isPresent()) {
        still.put(seat, unplaced(placed, holder.get()));
      } else {
        refused.remove(seat);
      }
    }
    return still;
  }

  /** Why an address can't be taken from who has it. */
  static Unplaced unplaced(Placed placed, AddressEdge.Holder holder) {
    return new Unplaced(
        placed.reservation(),
        holder.isOurs() ? UnplacedReason.PRIMARY_ADDRESS : UnplacedReason.FOREIGN_HOLDER,
        (holder.primary() ? "primary address of " : "on ") + holder.networkInterfaceId());
  }

  /** Notes what a plan came to. */
  void note(AddressSteps.Carried carried) {
    carried.heldByOthers().forEach(refused::add);
    carried.assigned().forEach(refused::remove);
  }
}
