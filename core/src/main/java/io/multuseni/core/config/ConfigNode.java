// SPDX-License-Identifier: Apache-2.0
package io.multuseni.core.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * A place in the tree that was read: its node, its path, and the list of problems that all places
 * of the tree share. Reading a value of the wrong kind adds a problem and returns nothing, so that
 * the walk goes on and finds the next one.
 */
final class ConfigNode {
  private static final Pattern PLAIN_KEY = Pattern.compile("[A-Za-z0-9_-]+");
  private static final String TOP = "(top level)";

  private final JsonNode node;
  private final String path;
  private final List<ConfigProblem> problems;
  private final Set<String> misspelt = new HashSet<>();

  private ConfigNode(JsonNode node, String path, List<ConfigProblem> problems) {
    this.node = node;
    this.path = path;
    this.problems = problems;
  }

  static ConfigNode root(JsonNode node, List<ConfigProblem> problems) {
    return new ConfigNode(node, TOP, problems);
  }

  String path() {
    return path;
  }

  boolean isPresent() {
    return !node.isMissingNode();
  }

  void problem(String problem, String remedy) {
    problems.add(new ConfigProblem(path, problem, remedy));
  }

  /**
   * Checks that this is an object with known keys that has what it needs.
   *
   * @param known all keys, in the order in which to name them
   * @param required those that must be there
   * @return whether it is an object at all
   */
  boolean isObject(List<String> known, Set<String> required) {
    return isObject("", known, required);
  }

  /** The same, where something else than an object is possible too. */
  boolean isObject(String others, List<String> known, Set<String> required) {
    if (!node.isObject()) {
      wrongType(others + "an object with the keys " + String.join(", ", known));
      return false;
    }
    for (Map.Entry<String, JsonNode> entry : node.properties()) {
      if (!known.contains(entry.getKey())) {
        Optional<String> meant = nearest(entry.getKey(), known);
        meant.ifPresent(misspelt::add);
        key(entry.getKey())
            .problem(
                "unknown key",
                meant
                    .map(name -> "did you mean '" + name + "'?")
                    .orElseGet(() -> "the keys here are " + String.join(", ", known)));
      }
    }
    for (String name : known) {
      // One mistake, one problem: a misspelt key is not also reported as missing.
      if (required.contains(name) && !node.has(name) && !isMisspelt(name)) {
        key(name).problem("missing", "add it");
      }
    }
    return true;
  }

  /** Whether {@link #isObject} found an unknown key that seems to stand for this one. */
  boolean isMisspelt(String name) {
    return misspelt.contains(name);
  }

  ConfigNode key(String name) {
    String step = PLAIN_KEY.matcher(name).matches() ? name : "['" + printable(name) + "']";
    String separator = path.equals(TOP) || step.startsWith("[") ? "" : ".";
    JsonNode child = node.get(name);
    return new ConfigNode(
        child == null ? MissingNode.getInstance() : child,
        (path.equals(TOP) ? "" : path) + separator + step,
        problems);
  }

  /** The elements of a list that has at least one. */
  List<ConfigNode> elements(String what) {
    if (node.isArray() && node.isEmpty()) {
      problem("empty list", "name at least one of the " + what);
    }
    return elementsIfAny(what);
  }

  /** The elements of a list that may be empty. */
  List<ConfigNode> elementsIfAny(String what) {
    if (!isPresent()) {
      return List.of();
    }
    if (!node.isArray()) {
      wrongType("a list of " + what);
      return List.of();
    }
    List<ConfigNode> elements = new ArrayList<>();
    for (int i = 0; i < node.size(); i++) {
      elements.add(new ConfigNode(node.path(i), path + "[" + i + "]", problems));
    }
    return elements;
  }

  /** The entries of an object whose keys are free. */
  Map<String, ConfigNode> entries() {
    Map<String, ConfigNode> entries = new TreeMap<>();
    if (isPresent()) {
      if (node.isObject()) {
        node.fieldNames().forEachRemaining(name -> entries.put(name, key(name)));
      } else {
        wrongType("an object of keys and texts");
      }
    }
    return entries;
  }

  Optional<String> text() {
    if (!isPresent()) {
      return Optional.empty();
    }
    if (!node.isTextual()) {
      wrongType("text");
      return Optional.empty();
    }
    return Optional.of(node.textValue());
  }

  /**
   * Text of a certain form.
   *
   * @param form the whole text must match it
   * @param what what such a text is called, with its article
   * @param remedy describes the form
   */
  Optional<String> text(Pattern form, String what, String remedy) {
    Optional<String> text = text();
    Optional<String> good = text.filter(value -> form.matcher(value).matches());
    if (text.isPresent() && good.isEmpty()) {
      problem(quoted(text.get()) + " is not " + what, remedy);
    }
    return good;
  }

  /** One of a few words. */
  <T> Optional<T> word(Map<String, T> words) {
    return word(words, "");
  }

  /** One of a few words, where something else than a word is possible too. */
  <T> Optional<T> word(Map<String, T> words, String orElse) {
    Optional<String> text = text();
    if (text.isPresent() && !words.containsKey(text.get())) {
      problem(
          quoted(text.get()) + " is not known here",
          "use " + String.join(" or ", words.keySet()) + orElse);
    }
    return text.flatMap(value -> Optional.ofNullable(words.get(value)));
  }

  Optional<Boolean> flag() {
    if (!isPresent()) {
      return Optional.empty();
    }
    if (!node.isBoolean()) {
      wrongType("true or false");
      return Optional.empty();
    }
    return Optional.of(node.booleanValue());
  }

  boolean isFlag() {
    return node.isBoolean();
  }

  boolean isTrue() {
    return node.isBoolean() && node.booleanValue();
  }

  boolean isNumber() {
    return node.isNumber();
  }

  /** A whole number of a range, both ends included. */
  Optional<Integer> number(long least, long most) {
    if (!isPresent()) {
      return Optional.empty();
    }
    String range = most == Integer.MAX_VALUE ? least + " or more" : "from " + least + " to " + most;
    if (!node.isIntegralNumber()) {
      wrongType("a whole number " + range);
      return Optional.empty();
    }
    if (!node.canConvertToInt() || node.intValue() < least || node.intValue() > most) {
      problem(node.asText() + " is out of range", "use a whole number " + range);
      return Optional.empty();
    }
    return Optional.of(node.intValue());
  }

  /** A number from 0 to 1, both included. */
  Optional<Double> fraction() {
    if (!isPresent()) {
      return Optional.empty();
    }
    if (!node.isNumber()) {
      wrongType("a number from 0 to 1");
      return Optional.empty();
    }
    double value = node.doubleValue();
    // Not the other way round, or what is no number would pass.
    if (!(value >= 0 && value <= 1)) {
      problem(printable(node.asText()) + " is out of range", "use a number from 0 to 1");
      return Optional.empty();
    }
    return Optional.of(value);
  }

  static String quoted(String text) {
    return "'" + printable(text) + "'";
  }

  private void wrongType(String expected) {
    String found =
        switch (node.getNodeType()) {
          case ARRAY -> "a list";
          case OBJECT, POJO -> "an object";
          case STRING, BINARY -> "the text " + quoted(node.asText());
          case NUMBER -> "the number " + node.asText();
          case BOOLEAN -> "the value " + node.asText();
          case NULL, MISSING -> "no value";
        };
    boolean unquoted = expected.equals("text") && node.isValueNode() && !node.isNull();
    problem(
        found + " where " + expected + " belongs",
        unquoted ? "put it in quotes" : "write " + expected);
  }

  /** Short and on one line, whatever was in the file. */
  private static String printable(String text) {
    String line =
        text.codePoints()
            .limit(64)
            .collect(
                StringBuilder::new,
                (out, c) ->
                    out.appendCodePoint(
                        Character.isISOControl(c) || !Character.isDefined(c) ? '?' : c),
                StringBuilder::append)
            .toString();
    return text.codePointCount(0, text.length()) > 64 ? line + "…" : line;
  }

  private static Optional<String> nearest(String key, List<String> known) {
    Optional<String> nearest = Optional.empty();
    // More than a third of the letters wrong is no typing error any more.
    int best = Math.max(2, key.length() / 3);
    if (key.length() > 64) {
      return nearest;
    }
    for (String candidate : known) {
      int distance = distance(key.toLowerCase(Locale.ROOT), candidate.toLowerCase(Locale.ROOT));
      if (distance < best || (distance == best && nearest.isEmpty())) {
        best = distance;
        nearest = Optional.of(candidate);
      }
    }
    return nearest;
  }

  /** How many letters to insert, delete or replace (Levenshtein). */
  private static int distance(String a, String b) {
    int[] row = new int[b.length() + 1];
    for (int j = 0; j < row.length; j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int replaced = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(replaced, 1 + Math.min(row[j], row[j - 1]));
      }
    }
    return row[b.length()];
  }
}
