// SPDX-License-Identifier: Apache-2.0
package io.multuseni.localcloud.fault;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Faults laid over the answers of the cloud, as data. A fault names the calls it counts, which of
 * them it hits, and what happens then:
 *
 * <pre>{@code
 * plan.fail("AttachNetworkInterface").onCall(2).afterEffect().with("InternalError", 500, "boom");
 * plan.failCall(7).dropAnswer();
 * plan.fail("CreateTags").always().beforeEffect().with("UnauthorizedOperation", 403, "no");
 * plan.fail("AssignPrivateIpAddresses").run(() -> world.deleteByHand("eni-0a"));
 * plan.randomly(0.01, 42).beforeEffect().with("RequestLimitExceeded", 503, "slow down");
 * }</pre>
 *
 * Calls are counted from the moment a fault is planted, throttled and failing ones included. Where
 * several faults hit the same call, the one planted first decides; all of them count the call. Safe
 * for use by many threads.
 */
public final class FaultPlan {
  private final List<PlantedFault> planted = new ArrayList<>();
  private int hits;

  /** An empty plan: every call is answered from the state. */
  public FaultPlan() {}

  /** Begins a fault on calls of {@code action}, by default on the first of them. */
  public FaultBuilder fail(String action) {
    return new FaultBuilder(this, Optional.of(action));
  }

  /**
   * Begins a fault on the {@code k}-th call from now, whatever its action.
   *
   * @param k at least 1
   */
  public FaultBuilder failCall(int k) {
    return new FaultBuilder(this, Optional.empty()).onCall(k);
  }

  /**
   * Begins a fault on each call with a probability, whatever its action. The same seed hits the
   * same calls as long as they arrive in the same order.
   *
   * @param rate 0 to 1
   */
  public FaultBuilder randomly(double rate, long seed) {
    return new FaultBuilder(this, Optional.empty()).randomly(rate, seed);
  }

  /** Takes every fault away. {@link #hits()} keeps its count. */
  public synchronized void clear() {
    planted.clear();
  }

  /** How many calls were hit by a fault of this plan since it was made. */
  public synchronized int hits() {
    return hits;
  }

  /**
   * Counts a call of {@code action} and says whether it is hit. For the server: each call is asked
   * about exactly once.
   */
  public synchronized Optional<FaultEffect> next(String action) {
    Optional<FaultEffect> decided = Optional.empty();
    for (PlantedFault fault : planted) {
      if (fault.counts(action) && fault.isDue() && decided.isEmpty()) {
        fault.hit();
        decided = Optional.of(fault.effect());
      }
    }
    if (decided.isPresent()) {
      hits++;
    }
    return decided;
  }

  synchronized PlantedFault plant(PlantedFault fault) {
    planted.add(fault);
    return fault;
  }
}
