// SPDX-License-Identifier: Apache-2.0
package io.multuseni.core.attach;

import static io.multuseni.core.attach.Facts.NODE_ID;
import static io.multuseni.core.attach.Facts.NOW;
import static io.multuseni.core.attach.Facts.group;
import static io.multuseni.core.attach.Facts.net;
import static org.assertj.core.api.Assertions.assertThat;

import io.multuseni.core.attach.LoopBreaker.Mark;
import io.multuseni.core.config.NodeGroup;
import io.multuseni.core.config.NodeGroup.OnRepeatedFailure;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class LoopBreakerTest {
  private static final RefusalReason TYPO = RefusalReason.SECURITY_GROUP_NOT_FOUND;
  private static final NodeGroup GROUP = group(net("n3")).nodeGroup();

  private static String instance(int number) {
    return "i-0bb%014x".formatted(number);
  }

  /** Tags after so many nodes were abandoned one after the other. */
  private static Map<String, String> abandoned(int nodes, RefusalReason reason, Instant at) {
    Map<String, String> tags = new HashMap<>();
    for (int i = 0; i < nodes; i++) {
      Mark mark = LoopBreaker.mark(reason, GROUP, instance(i), at);
      tags.put(LoopBreaker.keyFor(mark, tags, GROUP, at), mark.text());
    }
    return tags;
  }

  @ParameterizedTest
  @EnumSource(RefusalReason.class)
  void whatAMarkSaysReadsBackToTheSecond(RefusalReason reason) {
    Mark mark = LoopBreaker.mark(reason, GROUP, NODE_ID, NOW.plusMillis(789));

    assertThat(Mark.parse(mark.text()))
        .contains(new Mark(reason, mark.fingerprint(), NODE_ID, NOW));
  }

  @Test
  void aMarkFitsIntoATagAndItsCharacters() {
    Mark mark =
        LoopBreaker.mark(RefusalReason.SECURITY_GROUP_NOT_FOUND, GROUP, "i-" + "f".repeat(17), NOW);

    assertThat(mark.text()).hasSizeLessThanOrEqualTo(256).matches("[A-Za-z0-9 _:-]+");
    assertThat(LoopBreaker.keys()).allMatch(key -> key.length() <= 128).doesNotHaveDuplicates();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "   ",
        "hello",
        "TIMED_OUT 0a0a0a0a i-1",
        "TIMED_OUT 0a0a0a0a i-1 yesterday",
        "NOT_A_REASON 0a0a0a0a i-1 2026-11-25T12:00:00Z",
        "timed_out 0a0a0a0a i-1 2026-11-25T12:00:00Z",
        "TIMED_OUT 0a0a0a0a i-1 2026-11-25T12:00:00Z more",
        "TIMED_OUT  0a0a0a0a i-1 2026-11-25T12:00:00Z",
      })
  void whatSomebodyElseWroteDoesNotCount(String text) {
    assertThat(Mark.parse(text)).isEmpty();

    Map<String, String> tags = new HashMap<>();
    LoopBreaker.keys().forEach(key -> tags.put(key, text));
    assertThat(LoopBreaker.sameFailures(tags, RefusalReason.TIMED_OUT, GROUP, NOW)).isZero();
    assertThat(LoopBreaker.holds(tags, GROUP, NOW)).isFalse();
  }

  @Test
  void tagsOfOtherKeysDoNotCount() {
    String text = LoopBreaker.mark(TYPO, GROUP, NODE_ID, NOW).text();

    assertThat(
            LoopBreaker.sameFailures(
                Map.of("multus-eni/abandoned-8", text, "Name", text), TYPO, GROUP, NOW))
        .isZero();
  }

  @Test
  void theThirdAbandonForOneReasonHolds() {
    assertThat(LoopBreaker.holds(Map.of(), GROUP, NOW)).isFalse();
    assertThat(LoopBreaker.holds(abandoned(2, TYPO, NOW), GROUP, NOW)).isFalse();
    assertThat(LoopBreaker.holds(abandoned(3, TYPO, NOW), GROUP, NOW)).isTrue();
    assertThat(LoopBreaker.sameFailures(abandoned(3, TYPO, NOW), TYPO, GROUP, NOW)).isEqualTo(3);
  }

  @Test
  void differentReasonsAreNotAddedUp() {
    Map<String, String> tags = abandoned(2, TYPO, NOW);
    for (RefusalReason other : List.of(RefusalReason.ACCESS_DENIED, RefusalReason.QUOTA_EXCEEDED)) {
      Mark mark = LoopBreaker.mark(other, GROUP, "i-" + other, NOW);
      tags.put(LoopBreaker.keyFor(mark, tags, GROUP, NOW), mark.text());
    }

    assertThat(tags).hasSize(4);
    assertThat(LoopBreaker.holds(tags, GROUP, NOW)).isFalse();
    assertThat(LoopBreaker.sameFailures(tags, TYPO, GROUP, NOW)).isEqualTo(2);
  }

  @Test
  void marksStopCountingAfterTheWindow() {
    Map<String, String> tags = abandoned(3, TYPO, NOW);

    assertThat(LoopBreaker.holds(tags, GROUP, NOW.plus(LoopBreaker.WINDOW).minusSeconds(1)))
        .isTrue();
    assertThat(LoopBreaker.holds(tags, GROUP, NOW.plus(LoopBreaker.WINDOW))).isFalse();
  }

  @Test
  void aChangedConfigurationStartsAfresh() {
    Map<String, String> tags = abandoned(3, TYPO, NOW);
    NodeGroup corrected = group(net("n3").securityGroups("sg-right")).nodeGroup();

    assertThat(LoopBreaker.holds(tags, corrected, NOW)).isFalse();
    assertThat(LoopBreaker.sameFailures(tags, TYPO, corrected, NOW)).isZero();
    assertThat(LoopBreaker.holds(tags, group(net("n3")).nodeGroup(), NOW))
        .as("an equal configuration read again")
        .isTrue();
  }

  @Test
  void aGroupThatAbandonsIsNeverHeld() {
    NodeGroup abandons = group(net("n3")).onRepeatedFailure(OnRepeatedFailure.ABANDON).nodeGroup();
    Map<String, String> tags = new HashMap<>();
    LoopBreaker.keys()
        .forEach(key -> tags.put(key, LoopBreaker.mark(TYPO, abandons, NODE_ID, NOW).text()));

    assertThat(LoopBreaker.sameFailures(tags, TYPO, abandons, NOW)).isEqualTo(8);
    assertThat(LoopBreaker.holds(tags, abandons, NOW)).isFalse();
  }

  @Test
  void nodesThatFailAtOnceSpreadOverTheKeys() {
    Set<String> keys = new HashSet<>();
    for (int i = 0; i < 100; i++) {
      keys.add(
          LoopBreaker.keyFor(
              LoopBreaker.mark(TYPO, GROUP, instance(i), NOW), Map.of(), GROUP, NOW));
    }

    assertThat(keys).containsExactlyInAnyOrderElementsOf(LoopBreaker.keys());
  }

  @Test
  void eachNewMarkTakesAKeyThatHoldsNoneThatCounts() {
    assertThat(abandoned(8, TYPO, NOW)).hasSize(8);
  }

  @Test
  void aKeyWithAnOldOrForeignMarkIsUsedAgain() {
    Mark mark = LoopBreaker.mark(TYPO, GROUP, NODE_ID, NOW);
    String first = LoopBreaker.keyFor(mark, Map.of(), GROUP, NOW);
    Map<String, String> old = new HashMap<>();
    String past = LoopBreaker.mark(TYPO, GROUP, instance(1), NOW.minus(LoopBreaker.WINDOW)).text();
    LoopBreaker.keys().forEach(key -> old.put(key, past));

    assertThat(LoopBreaker.keyFor(mark, old, GROUP, NOW)).isEqualTo(first);
    assertThat(LoopBreaker.keyFor(mark, Map.of(first, "hello"), GROUP, NOW)).isEqualTo(first);
  }

  @Test
  void oneNodeThatFailsAgainCountsOnce() {
    Map<String, String> tags = new HashMap<>();
    for (int attempt = 0; attempt < 5; attempt++) {
      Mark mark = LoopBreaker.mark(TYPO, GROUP, NODE_ID, NOW.plusSeconds(attempt));
      tags.put(LoopBreaker.keyFor(mark, tags, GROUP, NOW), mark.text());
    }

    assertThat(LoopBreaker.sameFailures(tags, TYPO, GROUP, NOW)).isEqualTo(1);
  }

  @Test
  void whereEveryKeyCountsANewMarkReplacesOne() {
    Map<String, String> full = abandoned(8, TYPO, NOW);
    Mark ninth = LoopBreaker.mark(RefusalReason.QUOTA_EXCEEDED, GROUP, NODE_ID, NOW);

    full.put(LoopBreaker.keyFor(ninth, full, GROUP, NOW), ninth.text());

    assertThat(full).hasSize(8).containsOnlyKeys(LoopBreaker.keys());
    assertThat(LoopBreaker.sameFailures(full, TYPO, GROUP, NOW)).isEqualTo(7);
  }
}
