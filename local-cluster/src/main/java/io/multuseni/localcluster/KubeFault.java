// SPDX-License-Identifier: Apache-2.0
package io.multuseni.localcluster;

/** A fault that is in force. Safe for use by many threads. */
public final class KubeFault {
  static final String ANY = "*";

  private final String verb;
  private final String resource;
  private final int page;
  private final int firstCall;
  private final KubeEffect effect;
  private int times = Integer.MAX_VALUE;
  private int calls;
  private int hits;

  /**
   * @param page 0 for any
   * @param firstCall number of the first call that is hit, from 1
   */
  KubeFault(String verb, String resource, int page, int firstCall, KubeEffect effect) {
    this.verb = verb;
    this.resource = resource;
    this.page = page;
    this.firstCall = firstCall;
    this.effect = effect;
  }

  /** Hits one call only. */
  public KubeFault once() {
    return times(1);
  }

  /**
   * Hits that many calls only.
   *
   * @param count at least 1
   */
  public synchronized KubeFault times(int count) {
    if (count < 1) {
      throw new IllegalArgumentException("a fault that hits " + count + " calls never fires");
    }
    times = count;
    return this;
  }

  /** How many calls this fault hit, so that a test can prove that it fired. */
  public synchronized int hits() {
    return hits;
  }

  /** Counts the call if it is one of this fault's, and says whether it is to be hit. */
  synchronized boolean counts(ApiRequest request) {
    boolean mine =
        (verb.equals(ANY) || verb.equals(request.verb()))
            && (resource.equals(ANY) || resource.equals(request.resource()))
            && (page == 0 || page == request.page());
    if (mine) {
      calls++;
    }
    return mine && calls >= firstCall && hits < times;
  }

  synchronized void hit() {
    hits++;
  }

  KubeEffect effect() {
    return effect;
  }
}
