// SPDX-License-Identifier: Apache-2.0
package io.multuseni.shrinker;

import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What is to be made.
 *
 * @param classPath jars and folders of classes, in the order of the class path
 * @param rules files of ProGuard's rules
 * @param output the jar
 * @param work a folder of this jar alone, for what comes about on the way
 * @param limitMegabytes how large the jar may be, in 1,000,000 bytes
 * @param providersLeftOut services, by the names of their interfaces, whose providers are kept by
 *     the rules alone
 */
public record Request(
    List<Path> classPath,
    List<Path> rules,
    Path output,
    Path work,
    int limitMegabytes,
    Set<String> providersLeftOut) {
  static final String USAGE =
      "usage: shrinker --class-path PATHS --rules FILES --output JAR --work FOLDER --limit MEGABYTES"
          + " [--leave-out-providers-of INTERFACE,…]";

  private static final List<String> OPTIONS =
      List.of(
          "--class-path", "--rules", "--output", "--work", "--limit", "--leave-out-providers-of");

  /** Copies the collections. */
  public Request {
    classPath = List.copyOf(classPath);
    rules = List.copyOf(rules);
    providersLeftOut = Set.copyOf(providersLeftOut);
  }

  /**
   * Reads the command line.
   *
   * @throws ShrinkException it can't be understood
   */
  static Request parse(List<String> arguments) {
    for (int i = 0; i < arguments.size(); i += 2) {
      if (!OPTIONS.contains(arguments.get(i))) {
        throw new ShrinkException("unknown option " + arguments.get(i) + "; " + USAGE);
      }
    }
    return new Request(
        paths(value(arguments, "--class-path")),
        paths(value(arguments, "--rules")),
        Path.of(value(arguments, "--output")),
        Path.of(value(arguments, "--work")),
        megabytes(value(arguments, "--limit")),
        optional(arguments, "--leave-out-providers-of")
            .map(text -> Set.copyOf(split(text, ",")))
            .orElse(Set.of()));
  }

  String rulesInWords() {
    return rules.stream().map(Path::toString).collect(Collectors.joining(" or "));
  }

  private static int megabytes(String text) {
    try {
      int megabytes = Integer.parseInt(text);
      if (megabytes > 0) {
        return megabytes;
      }
    } catch (NumberFormatException e) {
      throw new ShrinkException("--limit " + text + " is not a number of megabytes", e);
    }
    throw new ShrinkException("--limit " + text + " leaves no room for anything");
  }

  private static List<Path> paths(String text) {
    return split(text, File.pathSeparator).stream().map(Path::of).toList();
  }

  private static List<String> split(String text, String separator) {
    List<String> parts = new ArrayList<>();
    int from = 0;
    while (from <= text.length()) {
      int to = text.indexOf(separator, from);
      String part = text.substring(from, to < 0 ? text.length() : to).strip();
      if (!part.isEmpty()) {
        parts.add(part);
      }
      from = (to < 0 ? text.length() : to) + 1;
    }
    return parts;
  }

  private static String value(List<String> arguments, String option) {
    return optional(arguments, option)
        .orElseThrow(() -> new ShrinkException(option + " is missing; " + USAGE));
  }

  private static Optional<String> optional(List<String> arguments, String option) {
    int at = arguments.indexOf(option);
    if (at < 0) {
      return Optional.empty();
    }
    if (at + 1 == arguments.size()) {
      throw new ShrinkException(option + " needs a value; " + USAGE);
    }
    return Optional.of(arguments.get(at + 1));
  }
}
