// SPDX-License-Identifier: Apache-2.0
package io.multuseni.cli.snapstart.crac;

import java.util.ArrayList;
import java.util.List;

/** Those who want to know of snapshots. */
public class Context {
  private final List<Resource> resources = new ArrayList<>();

  /** Takes one more. */
  public void register(Resource resource) {
    resources.add(resource);
  }

  /** How many there are. */
  public int size() {
    return resources.size();
  }

  /** Tells all of them, the last one first, that a snapshot comes. */
  public void beforeCheckpoint() throws Exception {
    for (Resource resource : resources.reversed()) {
      resource.beforeCheckpoint(this);
    }
  }

  /** Tells all of them, the first one first, that a snapshot was restored. */
  public void afterRestore() throws Exception {
    for (Resource resource : resources) {
      resource.afterRestore(this);
    }
  }
}
