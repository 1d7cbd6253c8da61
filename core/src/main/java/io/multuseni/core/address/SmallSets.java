// SPDX-License-Identifier: Apache-2.0
package io.multuseni.core.address;

import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Maps to sets that hold one value nearly always: that one takes no hash table of its own. */
final class SmallSets {
  private SmallSets() {}

  /**
   * Adds a value to the set of a key.
   *
   * @return whether it was not in it
   */
  static <K, V> boolean add(Map<K, Set<V>> sets, K key, V value) {
    @Nullable Set<V> before = sets.get(key);
    if (before == null) {
      sets.put(key, Set.of(value));
      return true;
    }
    if (before.contains(value)) {
      return false;
    }
    if (before.size() > 1) {
      return before.add(value);
    }
    Set<V> both = new HashSet<>(before);
    both.add(value);
    sets.put(key, both);
    return true;
  }
}
