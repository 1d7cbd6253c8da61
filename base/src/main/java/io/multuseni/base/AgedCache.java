// SPDX-License-Identifier: Apache-2.0
package io.multuseni.base;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * What a sandbox remembers from one invocation to the next, up to an age.
 *
 * @param <K> what identifies an entry
 * @param <V> the entry
 */
public final class AgedCache<K, V> {
  private record Aged<V>(V value, Instant read) {}

  private final Time time;
  private final Duration maxAge;
  private final ConcurrentMap<K, Aged<V>> entries = new ConcurrentHashMap<>();

  /** Empty, with the age from which an entry is forgotten. */
  public AgedCache(Time time, Duration maxAge) {
    this.time = time;
    this.maxAge = maxAge;
  }

  /** An entry that is young enough. */
  public Optional<V> get(K key) {
    return Optional.ofNullable(entries.get(key))
        .filter(aged -> Duration.between(aged.read(), time.now()).compareTo(maxAge) < 0)
        .map(Aged::value);
  }

  /** Remembers an entry. */
  public void put(K key, V value) {
    entries.put(key, new Aged<>(value, time.now()));
  }

  /** Drops all entries. */
  public void forget() {
    entries.clear();
  }
}
