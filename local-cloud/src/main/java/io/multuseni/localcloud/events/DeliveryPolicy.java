// SPDX-License-Identifier: Apache-2.0
package io.multuseni.localcloud.events;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What becomes of an event on its way to the subscribers. Auto Scaling emits its events on a
 * best-effort basis and EventBridge delivers at least once, so each of these can happen.
 */
@FunctionalInterface
public interface DeliveryPolicy {

  /**
   * Decides on one event, given as JSON text. Called once per event, in the order of emission. The
   * emitting cloud waits for it: a policy must not call the cloud.
   */
  Delivery decide(String eventJson);

  /** Every event once, at once: the default. */
  static DeliveryPolicy once() {
    return event -> Delivery.ONCE;
  }

  /**
   * Every event once, {@code delay} late on the cloud's clock. On a virtual clock it is delivered
   * by the first request, inspection or {@code settle()} after that time.
   */
  static DeliveryPolicy delay(Duration delay) {
    return event -> new Delivery(delay, 1, false);
  }

  /** Every event twice, the second time when the subscriber has returned from the first. */
  static DeliveryPolicy twice() {
    return event -> new Delivery(Duration.ZERO, 2, false);
  }

  /** Every event twice, both at the same time on threads of their own. */
  static DeliveryPolicy concurrentTwice() {
    return event -> new Delivery(Duration.ZERO, 2, true);
  }

  /** No event at all. */
  static DeliveryPolicy drop() {
    return event -> Delivery.NEVER;
  }

  /**
   * The next {@code n} events never, all later ones once.
   *
   * @param n not negative
   */
  static DeliveryPolicy dropNext(int n) {
    AtomicInteger left = new AtomicInteger(n);
    return event -> left.getAndUpdate(l -> Math.max(0, l - 1)) > 0 ? Delivery.NEVER : Delivery.ONCE;
  }

  /**
   * How one event is delivered.
   *
   * @param delay time between emission and delivery, not negative
   * @param copies how often each subscriber gets it; 0 drops it
   * @param concurrent whether the copies are delivered at the same time
   */
  record Delivery(Duration delay, int copies, boolean concurrent) {
    static final Delivery ONCE = new Delivery(Duration.ZERO, 1, false);
    static final Delivery NEVER = new Delivery(Duration.ZERO, 0, false);
  }
}
