// SPDX-License-Identifier: Apache-2.0
package io.multuseni.localcluster;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Faults laid over the answers of the cluster, as data. A fault names the calls it counts, which of
 * them it hits, and what happens then:
 *
 * <pre>{@code
 * faults.on("list", "pods").page(2).answer(410).once();
 * faults.on("list", "ippools").answer(403);
 * faults.on("watch", "pods").onCall(2).dropConnection();
 * faults.on("list", "pods").before(() -> world.reserve("pool", "10.0.4.9", "ns/x")).once();
 * }</pre>
 *
 * {@code "*"} stands for every verb or resource. Calls are counted from the moment a fault is
 * planted, failing ones included. Where several faults decide about the same call, the one planted
 * first wins; all of them count the call, and delays and events come on top. Safe for use by many
 * threads.
 */
public final class KubeFaults {
  private final Store store;
  private final List<KubeFault> planted = new ArrayList<>();
  private final Set<String> missing = ConcurrentHashMap.newKeySet();
  private final List<String> acceptedTokens = new ArrayList<>();
  private @Nullable Predicate<String> tokens;
  private int hits;

  KubeFaults(Store store) {
    this.store = store;
  }

  /**
   * Begins a fault on calls of a verb on a resource.
   *
   * @param verb as in {@link KubeCall#verb()}, or {@code "*"}
   * @param resource plural of a type, a path as {@code /version}, or {@code "*"}
   */
  public KubeFaultBuilder on(String verb, String resource) {
    return new KubeFaultBuilder(this, verb, resource);
  }

  /**
   * Takes the definition of a type away: its paths are unknown (404, and no Status, as in a real
   * cluster), discovery doesn't name it, watches on it end. Its objects are back after {@link
   * #clear()}.
   */
  public void withoutCrd(String plural) {
    missing.add(plural);
    dropWatches(plural);
  }

  /** Cuts the connections of all open watches on a resource; returns how many there were. */
  public int dropWatches(String plural) {
    return hitWatches(store.cutWatches(plural));
  }

  /**
   * Tells all open watches on a resource, by an ERROR event with code 410, that they are too old;
   * returns how many there were. What they have seen can still be watched from: see {@link
   * #forgetHistory()}.
   */
  public int expireWatches(String plural) {
    return hitWatches(store.expireWatches(plural));
  }

  /**
   * Forgets all changes until now and all lists that aren't read to their end: watches from an
   * earlier resourceVersion get an ERROR event with code 410, next pages a 410.
   */
  public void forgetHistory() {
    store.forget();
  }

  /** Answers 401 to every call without exactly this bearer token. */
  public void requireToken(String token) {
    requireToken(token::equals);
  }

  /** Answers 401 to every call without a bearer token that {@code accepted} accepts. */
  public synchronized void requireToken(Predicate<String> accepted) {
    tokens = accepted;
  }

  /** The different tokens that were accepted since one is required, in the order they came. */
  public synchronized List<String> acceptedTokens() {
    return List.copyOf(acceptedTokens);
  }

  /**
   * Takes every fault away, a missing definition and a required token included. {@link #hits()} and
   * {@link #acceptedTokens()} keep what they have.
   */
  public synchronized void clear() {
    planted.clear();
    missing.clear();
    tokens = null;
  }

  /** How many calls and open watches were hit by a fault since the cluster was started. */
  public synchronized int hits() {
    return hits;
  }

  boolean isMissing(String plural) {
    return missing.contains(plural);
  }

  /** Whether a call with this Authorization header may go on; empty if it has none. */
  synchronized boolean admits(Optional<String> authorization) {
    Predicate<String> accepted = tokens;
    if (accepted == null) {
      return true;
    }
    Optional<String> token =
        authorization.filter(a -> a.startsWith("Bearer ")).map(a -> a.substring(7));
    if (token.isEmpty() || !accepted.test(token.get())) {
      return false;
    }
    if (!acceptedTokens.contains(token.get())) {
      acceptedTokens.add(token.get());
    }
    return true;
  }

  /**
   * Counts a call and says what hits it, in the order it is to be carried out; at most one effect
   * decides about the answer. For the server: each call is asked about exactly once.
   */
  synchronized List<KubeEffect> next(ApiRequest request) {
    List<KubeEffect> effects = new ArrayList<>();
    boolean decided = false;
    for (KubeFault fault : planted) {
      if (fault.counts(request) && !(decided && fault.effect().decides())) {
        fault.hit();
        decided |= fault.effect().decides();
        effects.add(fault.effect());
      }
    }
    if (!effects.isEmpty()) {
      hits++;
    }
    return effects;
  }

  synchronized KubeFault plant(KubeFault fault) {
    planted.add(fault);
    return fault;
  }

  private synchronized int hitWatches(int count) {
    hits += count;
    return count;
  }
}
