// SPDX-License-Identifier: Apache-2.0
package io.multuseni.base;

import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.crac.Context;
import org.crac.Core;
import org.crac.Resource;

/**
 * What happens around the snapshot that Lambda SnapStart makes of a sandbox: before it, what an
 * invocation needs is run once, so that its classes are loaded; after each restore, what has an age
 * is dropped. Source: Lambda developer guide, "SnapStart runtime hooks for Java".
 */
public final class Snapshot implements Resource {
  /** CRaC's context keeps weak references only. */
  private static final List<Snapshot> KEPT = new CopyOnWriteArrayList<>();

  private final Runnable priming;
  private final Runnable restored;
  private final PrintStream log;

  private Snapshot(Runnable priming, Runnable restored, PrintStream log) {
    this.priming = priming;
    this.restored = restored;
    this.log = log;
  }

  /**
   * Registers what to do. Where the JVM makes no snapshots nothing is ever called.
   *
   * @param priming is run before a snapshot; it may fail, and what it prints is dropped
   * @param restored is run after each restore; quick, since Lambda gives a restore 10 s in all
   * @param log the function's log
   */
  public static Snapshot register(Runnable priming, Runnable restored, PrintStream log) {
    Snapshot snapshot = new Snapshot(priming, restored, log);
    KEPT.add(snapshot);
    Core.getGlobalContext().register(snapshot);
    return snapshot;
  }

  @Override
  public void beforeCheckpoint(Context<? extends Resource> context) {
    try {
      silently(priming);
    } catch (RuntimeException | LinkageError e) {
      // Whoever is not primed is only slower at its first invocation.
      log.println(
          Json.logLine(
              "WARN", "the first invocation will be slower: priming failed: " + e, List.of()));
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
