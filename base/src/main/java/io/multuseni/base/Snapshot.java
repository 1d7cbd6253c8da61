// SPDX-License-Identifier: Apache-2.0
package io.multuseni.base;

import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.crac.Context;
import org.crac.Core;
import org.crac.Resource;

/**
 * What happens around the snapshot that Lambda SnapStart makes of a sandbox: before it, what an
 * invocation needs is run once, so that its classes are loaded; after each restore, what has an age
 * is dropped. Source: Lambda developer guide, "SnapStart runtime hooks for Java".
 */
public final class Snapshot implements Resource {
  /** Usually it takes some seconds; Lambda ends an init before a snapshot after 130 s or more. */
  private static final Duration LONGEST_PRIMING = Duration.ofMinutes(1);

  /** CRaC's context keeps weak references only. */
  private static final List<Snapshot> KEPT = new CopyOnWriteArrayList<>();

  private final Runnable priming;
  private final Runnable restored;
  private final PrintStream log;
  private final Duration longestPriming;

  /** As {@link #register} makes it, with the real time that priming may take. */
  Snapshot(Runnable priming, Runnable restored, PrintStream log, Duration longestPriming) {
    this.priming = priming;
    this.restored = restored;
    this.log = log;
    this.longestPriming = longestPriming;
  }

  /**
   * Registers what to do. Where the JVM makes no snapshots nothing is ever called.
   *
   * @param priming is run before a snapshot; it may fail, what it prints is dropped, and after 60 s
   *     of real time it is interrupted and no longer waited for
   * @param restored is run after each restore; quick, since Lambda gives a restore 10 s in all
   * @param log the function's log
   */
  public static Snapshot register(Runnable priming, Runnable restored, PrintStream log) {
    Snapshot snapshot = new Snapshot(priming, restored, log, LONGEST_PRIMING);
    KEPT.add(snapshot);
    Core.getGlobalContext().register(snapshot);
    return snapshot;
  }

  @Override
  public void beforeCheckpoint(Context<? extends Resource> context) {
    try {
      silently(this::prime);
    } catch (VirtualMachineError e) {
      // Such a JVM must not become a snapshot.
      throw e;
    } catch (Exception | Error e) {
      // Whoever is not primed is only slower at its first invocation.
      log.println(
          Json.logLine(
              "WARN", "the first invocation will be slower: priming failed: " + e, List.of()));
    }
  }

  /** Runs the priming in a thread of its own, so that its end need not be waited for. */
  private void prime() {
    FutureTask<Void> task = new FutureTask<>(priming, null);
    Thread.ofPlatform().daemon().name("priming").start(task);
    try {
      task.get(longestPriming.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      task.cancel(true);
      throw new IllegalStateException("it was not over within " + longestPriming, e);
    } catch (InterruptedException e) {
      task.cancel(true);
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while waiting for it", e);
    } catch (ExecutionException e) {
      switch (e.getCause()) {
        case Error error -> throw error;
        case RuntimeException exception -> throw exception;
        case null, default -> throw new IllegalStateException(e);
      }
    }
  }

  @Override
  public void afterRestore(Context<? extends Resource> context) {
    restored.run();
  }

  /** Metrics go to standard output, and Lambda would count what priming came to. */
  private static void silently(Runnable work) {
    PrintStream usual = System.out;
    System.setOut(new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8));
    try {
      work.run();
    } finally {
      System.setOut(usual);
    }
  }
}
