// SPDX-License-Identifier: Apache-2.0
package io.multuseni.cli.snapstart.crac;

/** The way in. */
public final class Core {
  private static final Context GLOBAL = new Context();

  private Core() {}

  /** The one context. */
  public static Context getGlobalContext() {
    return GLOBAL;
  }

  /** Goes through both sides of a snapshot at once. */
  public static void checkpointRestore() throws Exception {
    GLOBAL.beforeCheckpoint();
    GLOBAL.afterRestore();
  }
}
