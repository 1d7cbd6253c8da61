// SPDX-License-Identifier: Apache-2.0
package io.multuseni.localcloud.fault;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;

/** A fault that is in force. Its counters belong to the plan's lock, its hits are free to read. */
public final class PlantedFault {
  private final Optional<String> action;
  private final int firstCall;
  private final int times;
  private final BooleanSupplier chance;
  private final FaultEffect effect;
  private final AtomicInteger hits = new AtomicInteger();
  private int calls;

  PlantedFault(
      Optional<String> action,
      int firstCall,
      int times,
      BooleanSupplier chance,
      FaultEffect effect) {
    this.action = action;
    this.firstCall = firstCall;
    this.times = times;
    this.chance = chance;
    this.effect = effect;
  }

  /** How many calls this fault hit, so that a test can prove that it fired. */
  public int hits() {
    return hits.get();
  }

  /** Counts the call if it is one of this fault's. */
  boolean counts(String calledAction) {
    boolean mine = action.isEmpty() || action.get().equals(calledAction);
    if (mine) {
      calls++;
    }
    return mine;
  }

  /** Whether the call just counted is hit. */
  boolean isDue() {
    return calls >= firstCall && hits.get() < times && chance.getAsBoolean();
  }

  void hit() {
    hits.incrementAndGet();
  }

  FaultEffect effect() {
    return effect;
  }
}
