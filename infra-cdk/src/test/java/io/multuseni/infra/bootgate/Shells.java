// SPDX-License-Identifier: Apache-2.0
package io.multuseni.infra.bootgate;

import io.multuseni.infra.CheckTools;
import java.util.ArrayList;
import java.util.List;

/** The shells of this machine that the boot gate must run on. */
final class Shells {
  private Shells() {}

  /** bash, which is sh on Amazon Linux, and dash, which knows nothing but POSIX. */
  @SuppressWarnings("SystemOut")
  static List<String> all() {
    List<String> shells = new ArrayList<>();
    for (String shell : List.of("bash", "dash")) {
      if (CheckTools.find(shell).isPresent()) {
        shells.add(shell);
      } else {
        System.out.println("SKIPPED: the boot gate on " + shell + ", which isn't on this machine");
      }
    }
    return shells;
  }
}
