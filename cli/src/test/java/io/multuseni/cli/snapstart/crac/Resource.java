// SPDX-License-Identifier: Apache-2.0
package io.multuseni.cli.snapstart.crac;

/** Who wants to know of snapshots; org.crac implements it by a proxy. */
public interface Resource {
  /** Before a snapshot. */
  void beforeCheckpoint(Context context) throws Exception;

  /** After a restore. */
  void afterRestore(Context context) throws Exception;
}
