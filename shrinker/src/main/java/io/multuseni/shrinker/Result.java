// SPDX-License-Identifier: Apache-2.0
package io.multuseni.shrinker;

import java.nio.file.Path;
import java.util.Locale;

/**
 * What was made.
 *
 * @param jar the jar
 * @param bytes its size
 * @param bytesBefore the size of the jars that it was made of
 * @param classes its classes
 * @param classesBefore the classes that it was made of
 * @param upToDate whether an earlier run had made it of the same inputs
 */
public record Result(
    Path jar, long bytes, long bytesBefore, int classes, int classesBefore, boolean upToDate) {
  /** In a line for people. */
  public String inWords() {
    return String.format(
        Locale.ROOT,
        "%s: %.1f MB of %.1f MB, %d of %d classes%s",
        jar.getFileName(),
        bytes / 1e6,
        bytesBefore / 1e6,
        classes,
        classesBefore,
        upToDate ? " (nothing changed)" : "");
  }
}
