// SPDX-License-Identifier: Apache-2.0
package io.multuseni.shrinker;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** Licences and notices of all jars, in one file of each kind; the same text stands there once. */
final class LegalFiles {
  private static final Pattern NAME =
      Pattern.compile("(META-INF/)?(?<kind>.*(LICENSE|NOTICE|COPYRIGHT).*)");

  /** Kind, then text, then the jars that have it. */
  private final Map<String, Map<String, List<String>>> texts = new TreeMap<>();

  static boolean is(String entry) {
    return kind(entry).isPresent();
  }

  private static Optional<String> kind(String entry) {
    var matcher = NAME.matcher(entry.toUpperCase(Locale.ROOT));
    if (entry.endsWith(".class") || !matcher.matches() || matcher.group("kind").contains("/")) {
      return Optional.empty();
    }
    return Optional.of(matcher.group(3).equals("LICENSE") ? "LICENSE" : "NOTICE");
  }

  /** Takes one up. */
  void add(String jar, String entry, byte[] content) {
    texts
        .computeIfAbsent(kind(entry).orElseThrow(), kind -> new LinkedHashMap<>())
        .computeIfAbsent(
            new String(content, StandardCharsets.UTF_8).strip(), text -> new ArrayList<>())
        .add(jar);
  }

  /** Names and contents of the files. */
  Map<String, byte[]> files() {
    Map<String, byte[]> files = new TreeMap<>();
    texts.forEach((kind, jars) -> {
      StringBuilder all = new StringBuilder();
      jars.forEach((text, names) ->
          all.append("==== ")
              .append(String.join(", ", names.stream().distinct().toList()))
              .append(" ====\n\n")
              .append(text)
              .append("\n\n"));
      files.put("META-INF/" + kind, all.toString().getBytes(StandardCharsets.UTF_8));
    });
    return files;
  }
}
