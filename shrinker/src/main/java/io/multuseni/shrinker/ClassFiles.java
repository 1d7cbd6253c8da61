// SPDX-License-Identifier: Apache-2.0
package io.multuseni.shrinker;

import java.nio.ByteBuffer;
import java.util.Map;

/** What can be told of class files without reading much of them. */
final class ClassFiles {
  private static final String SUFFIX = ".class";

  private ClassFiles() {}

  static boolean is(String entry) {
    return entry.endsWith(SUFFIX);
  }

  /** The entry of a class, by its binary name. */
  static String entryOf(String className) {
    return className.replace('.', '/') + SUFFIX;
  }

  static int count(Map<String, byte[]> entries) {
    return Math.toIntExact(entries.keySet().stream().filter(ClassFiles::is).count());
  }

  /** The major version: 44 more than the Java feature release. Source: JVM specification, 4.1. */
  static int majorVersion(byte[] content) {
    return ByteBuffer.wrap(content).getShort(6);
  }
}
