// SPDX-License-Identifier: Apache-2.0
package io.multuseni.localcloud.autoscaling;

/**
 * The warm pool of a group.
 *
 * @param minSize least number of warm instances; shown, not acted upon: a test fills the pool
 * @param stopped whether warm instances are stopped, otherwise they keep running
 * @param reuseOnScaleIn whether scale-in returns instances to the pool
 */
public record WarmPoolSpec(int minSize, boolean stopped, boolean reuseOnScaleIn) {

  /** A pool of stopped instances that scale-in does not return to. */
  public static WarmPoolSpec ofStopped() {
    return new WarmPoolSpec(0, true, false);
  }

  /** This pool, with instances returning to it on scale-in. */
  public WarmPoolSpec withReuseOnScaleIn() {
    return new WarmPoolSpec(minSize, stopped, true);
  }

  String poolState() {
    return stopped ? "Stopped" : "Running";
  }
}
