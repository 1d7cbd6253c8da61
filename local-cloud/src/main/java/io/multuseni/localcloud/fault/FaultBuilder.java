// SPDX-License-Identifier: Apache-2.0
package io.multuseni.localcloud.fault;

import java.util.Optional;
import java.util.Random;
import java.util.function.BooleanSupplier;

/**
 * A fault in the making; {@link #with}, {@link #dropAnswer()}, {@link #dropRequest()} and {@link
 * #run} plant it. Made by {@link FaultPlan}.
 */
public final class FaultBuilder {
  private final FaultPlan plan;
  private final Optional<String> action;
  private int firstCall = 1;
  private int times = 1;
  private boolean afterEffect;
  private BooleanSupplier chance = () -> true;

  FaultBuilder(FaultPlan plan, Optional<String> action) {
    this.plan = plan;
    this.action = action;
  }

  /**
   * Hits the {@code k}-th of the calls it counts, 1 by default.
   *
   * @throws IllegalArgumentException if {@code k} is below 1
   */
  public FaultBuilder onCall(int k) {
    if (k < 1) {
      throw new IllegalArgumentException("calls are counted from 1, not " + k);
    }
    firstCall = k;
    return this;
  }

  /**
   * Hits {@code n} calls in a row, 1 by default.
   *
   * @throws IllegalArgumentException if {@code n} is below 1
   */
  public FaultBuilder times(int n) {
    if (n < 1) {
      throw new IllegalArgumentException("a fault hits at least once, not " + n + " times");
    }
    times = n;
    return this;
  }

  /** Hits every call from the first one on. */
  public FaultBuilder always() {
    times = Integer.MAX_VALUE;
    return this;
  }

  /** The call has no effect and gets the error: the default. */
  public FaultBuilder beforeEffect() {
    afterEffect = false;
    return this;
  }

  /** The call has its effect, and its answer is replaced by the error. */
  public FaultBuilder afterEffect() {
    afterEffect = true;
    return this;
  }

  /**
   * Plants the fault: calls it hits are answered with this error.
   *
   * @param httpStatus 400 to 599
   * @return the fault, to ask for its hits
   */
  public PlantedFault with(String code, int httpStatus, String message) {
    if (httpStatus < 400 || httpStatus > 599) {
      throw new IllegalArgumentException("not an HTTP error status: " + httpStatus);
    }
    return plant(new FaultEffect.ErrorAnswer(afterEffect, code, httpStatus, message));
  }

  /** Plants the fault: the call has its effect, its connection is closed without an answer. */
  public PlantedFault dropAnswer() {
    return plant(new FaultEffect.AnswerDropped());
  }

  /** Plants the fault: the connection is closed without an answer and without any effect. */
  public PlantedFault dropRequest() {
    return plant(new FaultEffect.RequestDropped());
  }

  /**
   * Plants the fault: something happens in the world right before the call has its effect, or right
   * after it where {@link #afterEffect()} says so. The call itself is answered from the state.
   *
   * @param event what happens, on the thread that answers the call
   */
  public PlantedFault run(Runnable event) {
    return plant(new FaultEffect.Meanwhile(afterEffect, event));
  }

  FaultBuilder randomly(double rate, long seed) {
    if (!(rate >= 0 && rate <= 1)) {
      throw new IllegalArgumentException("a rate is between 0 and 1, not " + rate);
    }
    Random random = new Random(seed);
    chance = () -> random.nextDouble() < rate;
    return always();
  }

  private PlantedFault plant(FaultEffect effect) {
    return plan.plant(new PlantedFault(action, firstCall, times, chance, effect));
  }
}
