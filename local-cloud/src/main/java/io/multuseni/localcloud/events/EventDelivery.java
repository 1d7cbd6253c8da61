// SPDX-License-Identifier: Apache-2.0
package io.multuseni.localcloud.events;

import io.multuseni.localcloud.time.CloudClock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/**
 * Carries EventBridge events (JSON text) to subscribers, as the {@link DeliveryPolicy} in force at
 * emission says. Each delivery runs on a virtual thread of its own, so a subscriber may call the
 * cloud. Like an EventBridge rule without a pattern, a subscriber gets every event and picks what
 * it knows.
 */
public final class EventDelivery {
  private final CloudClock clock;
  private final List<Consumer<String>> subscribers = new CopyOnWriteArrayList<>();
  private final List<Throwable> failures = new CopyOnWriteArrayList<>();
  private final List<String> history = new ArrayList<>();
  private final List<Waiting> waiting = new ArrayList<>();
  private DeliveryPolicy policy = DeliveryPolicy.once();
  private int running;

  /** A delivery that counts its delays on {@code clock}. */
  public EventDelivery(CloudClock clock) {
    this.clock = clock;
  }

  /** Adds a subscriber; it gets every event that is delivered from now on. */
  public void subscribe(Consumer<String> eventJson) {
    subscribers.add(eventJson);
  }

  /** Sets what becomes of the events emitted from now on. */
  public synchronized void policy(DeliveryPolicy newPolicy) {
    policy = newPolicy;
  }

  /** The JSON texts of all events emitted so far, oldest first, dropped ones included. */
  public synchronized List<String> history() {
    return List.copyOf(history);
  }

  /** What subscribers have thrown so far; a throwing subscriber disturbs nobody else. */
  public List<Throwable> failures() {
    return List.copyOf(failures);
  }

  /**
   * Delivers {@code eventJson} once more to every subscriber, at once, whatever the policy: what
   * EventBridge's at-least-once promise allows at any time. Not a new entry in the history.
   */
  public synchronized void redeliver(String eventJson) {
    start(eventJson, new DeliveryPolicy.Delivery(Duration.ZERO, 1, false));
  }

  /**
   * Waits until every delivery that has begun is over. Events that are still late are not waited
   * for.
   *
   * @param timeout longest wait on the wall clock
   * @return false if something was still running when the time was over
   * @throws InterruptedException if the waiting thread is interrupted
   */
  public synchronized boolean awaitIdle(Duration timeout) throws InterruptedException {
    long deadline = System.nanoTime() + timeout.toNanos();
    while (running > 0) {
      long left = (deadline - System.nanoTime()) / 1_000_000;
      if (left <= 0) {
        return false;
      }
      wait(left);
    }
    return true;
  }

  /** Emits an event: for the cloud, and for tests that want an event of their own on the way. */
  public synchronized void publish(String eventJson) {
    history.add(eventJson);
    DeliveryPolicy.Delivery delivery = policy.decide(eventJson);
    if (delivery.copies() == 0) {
      return;
    }
    if (delivery.delay().isPositive()) {
      waiting.add(new Waiting(clock.now().plus(delivery.delay()), eventJson, delivery));
    } else {
      start(eventJson, delivery);
    }
  }

  /**
   * Delivers the late events whose time has come. For the cloud, whenever it looks at its clock.
   */
  public synchronized void deliverDue() {
    Instant now = clock.now();
    Iterator<Waiting> each = waiting.iterator();
    while (each.hasNext()) {
      Waiting late = each.next();
      if (!late.due().isAfter(now)) {
        each.remove();
        start(late.eventJson(), late.delivery());
      }
    }
  }

  private void start(String eventJson, DeliveryPolicy.Delivery delivery) {
    for (Consumer<String> subscriber : subscribers) {
      int threads = delivery.concurrent() ? delivery.copies() : 1;
      int copiesEach = delivery.concurrent() ? 1 : delivery.copies();
      for (int i = 0; i < threads; i++) {
        running++;
        Thread.ofVirtual()
            .name("event-delivery")
            .start(() -> deliver(subscriber, eventJson, copiesEach));
      }
    }
  }

  private void deliver(Consumer<String> subscriber, String eventJson, int copies) {
    try {
      for (int i = 0; i < copies; i++) {
        try {
          subscriber.accept(eventJson);
        } catch (RuntimeException | Error e) {
          failures.add(e);
        }
      }
    } finally {
      synchronized (this) {
        running--;
        notifyAll();
      }
    }
  }

  private record Waiting(Instant due, String eventJson, DeliveryPolicy.Delivery delivery) {}
}
