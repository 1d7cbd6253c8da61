// SPDX-License-Identifier: Apache-2.0
package io.multuseni.shrinker;

import java.util.List;

/** The tool's command line. It ends with 0, or with 1 and a message where no jar could be made. */
public final class Main {
  private Main() {}

  /** Makes one jar. */
  @SuppressWarnings("SystemOut") // A program of the build talks to the build's log.
  public static void main(String[] arguments) {
    try {
      Result result = Shrinker.shrink(Request.parse(List.of(arguments)));
      System.out.println("shrinker: " + result.inWords());
    } catch (ShrinkException e) {
      System.err.println("shrinker: " + e.getMessage());
      System.exit(1);
    }
  }
}
