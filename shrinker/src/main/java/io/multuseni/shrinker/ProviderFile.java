// SPDX-License-Identifier: Apache-2.0
package io.multuseni.shrinker;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * Files that name classes, one a line: {@code META-INF/services} of the JDK's ServiceLoader, and
 * the AWS SDK's lists of interceptors. On a class path there is one of them per jar, and all count.
 */
final class ProviderFile {
  private static final String SERVICES = "META-INF/services/";
  private static final String INTERCEPTORS = "/execution.interceptors";

  private ProviderFile() {}

  static boolean is(String entry) {
    return entry.startsWith(SERVICES) || entry.endsWith(INTERCEPTORS);
  }

  /** The interface that it has providers of; empty where the file is no service's. */
  static String serviceOf(String entry) {
    return entry.startsWith(SERVICES) ? entry.substring(SERVICES.length()) : "";
  }

  static Set<String> providers(byte[] content) {
    return new String(content, StandardCharsets.UTF_8)
        .lines()
        .map(line -> line.indexOf('#') < 0 ? line : line.substring(0, line.indexOf('#')))
        .map(String::strip)
        .filter(line -> !line.isEmpty())
        .collect(Collectors.toCollection(TreeSet::new));
  }

  static byte[] merged(byte[] one, byte[] other) {
    Set<String> all = providers(one);
    all.addAll(providers(other));
    return content(all);
  }

  /** Those that are there: a loader that finds the name of a class and no class fails. */
  static byte[] only(byte[] content, Predicate<String> isThere) {
    return content(providers(content).stream().filter(isThere).toList());
  }

  private static byte[] content(Iterable<String> names) {
    return List.of(String.join("\n", names), "").stream()
        .collect(Collectors.joining("\n"))
        .strip()
        .getBytes(StandardCharsets.UTF_8);
  }
}
