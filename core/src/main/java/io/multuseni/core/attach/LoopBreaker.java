// SPDX-License-Identifier: Apache-2.0
package io.multuseni.core.attach;

import io.multuseni.core.config.NodeGroup;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * Counts ABANDONs that have one permanent reason, so that one wrong id doesn't relaunch nodes all
 * night. The function has no memory of its own across sandboxes: each ABANDON leaves a mark in a
 * tag of the Auto Scaling group. There are a few such tags and each mark picks one of its own,
 * since writing one tag is atomic and counting up in one is not.
 */
public final class LoopBreaker {
  /** So many equal ABANDONs, and further nodes are held back. */
  public static final int THRESHOLD = 3;

  /** A mark older than this doesn't count. */
  public static final Duration WINDOW = Duration.ofHours(6);

  private static final String KEY_PREFIX = "multus-eni/abandoned-";
  private static final int KEYS = 8;

  private LoopBreaker() {}

  /**
   * One ABANDON.
   *
   * @param reason why
   * @param fingerprint of the node group's configuration then: a changed configuration starts
   *     afresh
   * @param instanceId the instance
   * @param at when, to the second
   */
  public record Mark(RefusalReason reason, String fingerprint, String instanceId, Instant at) {
    /** The tag value: at most 256 characters. */
    public String text() {
      return String.join(
          " ",
          reason.name(),
          fingerprint,
          instanceId,
          at.truncatedTo(ChronoUnit.SECONDS).toString());
    }

    static Optional<Mark> parse(String text) {
      String[] parts = text.split(" ", -1);
      if (parts.length != 4) {
        return Optional.empty();
      }
      try {
        return Optional.of(
            new Mark(RefusalReason.valueOf(parts[0]), parts[1], parts[2], Instant.parse(parts[3])));
      } catch (IllegalArgumentException | DateTimeException e) {
        // Written by somebody else or by another version: it doesn't count.
        return Optional.empty();
      }
    }
  }

  /** The keys of all tags that marks may stand in. */
  public static List<String> keys() {
    List<String> keys = new ArrayList<>();
    for (int i = 0; i < KEYS; i++) {
      keys.add(KEY_PREFIX + i);
    }
    return keys;
  }

  /**
   * The marks of all Auto Scaling groups of a node group as one: a wrong id fails in each of them.
   *
   * @param byGroup the marks' tags by the group's name
   */
  public static Map<String, String> together(Map<String, Map<String, String>> byGroup) {
    Map<String, String> all = new HashMap<>();
    byGroup.forEach((group, tags) -> tags.forEach((key, text) -> all.put(group + " " + key, text)));
    return all;
  }

  /**
   * How many marks count against a reason.
   *
   * @param tags the marks, of one Auto Scaling group or of several together
   * @param reason the reason
   * @param group the node group as configured now
   * @param now the time
   */
  public static int sameFailures(
      Map<String, String> tags, RefusalReason reason, NodeGroup group, Instant now) {
    return (int) counting(tags, group, now).stream().filter(m -> m.reason() == reason).count();
  }

  /** Whether some reason has reached the threshold. */
  public static boolean holds(Map<String, String> tags, NodeGroup group, Instant now) {
    return group.onRepeatedFailure() == NodeGroup.OnRepeatedFailure.HOLD
        && counting(tags, group, now).stream()
            .anyMatch(mark -> sameFailures(tags, mark.reason(), group, now) >= THRESHOLD);
  }

  /** The mark of an ABANDON. */
  public static Mark mark(RefusalReason reason, NodeGroup group, String instanceId, Instant now) {
    return new Mark(reason, fingerprint(group), instanceId, now);
  }

  /**
   * The key that a new mark goes to: one that holds no counting mark, if there is one. The search
   * starts at a place of the instance's own, so that nodes which fail at once don't pick the same.
   */
  public static String keyFor(Mark mark, Map<String, String> tags, NodeGroup group, Instant now) {
    int start = Math.floorMod(mark.instanceId().hashCode(), KEYS);
    List<String> keys = keys();
    for (int i = 0; i < KEYS; i++) {
      String key = keys.get((start + i) % KEYS);
      Optional<Mark> held = Optional.ofNullable(tags.get(key)).flatMap(Mark::parse);
      if (held.isEmpty()
          || !counts(held.get(), group, now)
          || held.get().instanceId().equals(mark.instanceId())) {
        return key;
      }
    }
    return keys.get(start);
  }

  private static List<Mark> counting(Map<String, String> tags, NodeGroup group, Instant now) {
    List<String> keys = keys();
    return tags.entrySet().stream()
        .filter(tag -> keys.contains(tag.getKey().substring(tag.getKey().lastIndexOf(' ') + 1)))
        .flatMap(tag -> Mark.parse(tag.getValue()).stream())
        .filter(mark -> counts(mark, group, now))
        .toList();
  }

  private static boolean counts(Mark mark, NodeGroup group, Instant now) {
    return mark.fingerprint().equals(fingerprint(group))
        && Duration.between(mark.at(), now).compareTo(WINDOW) < 0;
  }

  private static String fingerprint(NodeGroup group) {
    return UUID.nameUUIDFromBytes(group.toString().getBytes(StandardCharsets.UTF_8))
        .toString()
        .substring(0, 8);
  }
}
