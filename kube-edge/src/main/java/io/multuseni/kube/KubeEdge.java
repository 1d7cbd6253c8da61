// SPDX-License-Identifier: Apache-2.0
package io.multuseni.kube;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.multuseni.base.Parallel;
import io.multuseni.core.cluster.AttachmentDefinition;
import io.multuseni.core.cluster.ClusterFacts;
import io.multuseni.core.cluster.OverlapFacts;
import io.multuseni.core.cluster.PodFacts;
import io.multuseni.core.cluster.PodRef;
import io.multuseni.core.cluster.PoolFacts;
import io.multuseni.core.cluster.SlicePoolFacts;
import io.multuseni.core.cluster.WorkerNode;
import io.multuseni.core.config.Reconciliation;
import io.multuseni.core.error.CallFailure;
import io.multuseni.core.error.ErrorMeaning;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * The Kubernetes API, for one invocation. It is only read, never changed. Core records go out; of
 * each object no more is built than they hold.
 */
public final class KubeEdge {
  /** As kubectl: large enough for few requests, small enough for few megabytes at once. */
  static final int PAGE = 500;

  private static final int STARTS = 4;
  private static final JsonFactory JSON = new JsonFactory();

  private final CallScope scope;

  KubeEdge(CallScope scope) {
    this.scope = scope;
  }

  /** Objects of one resource. */
  private record Listed<K, V>(
      Map<K, V> values, Problems problems, Optional<String> resourceVersion) {
    static <K, V> Listed<K, V> nothing() {
      return new Listed<>(Map.of(), new Problems(), Optional.empty());
    }
  }

  /** Reservations, and pods that were read after them. */
  private record Reserved(
      Listed<String, PoolFacts> pools,
      Listed<String, SlicePoolFacts> slicePools,
      Listed<String, OverlapFacts> overlaps,
      Listed<PodRef, PodFacts> pods) {}

  /** Makes a record of an object; the problems take what can't be read. */
  private interface Reader<V> {
    V read(ObjectNode object, Problems problems);
  }

  /** Makes the key of an object. */
  private interface Key<K> {
    K of(ObjectNode object);
  }

  /**
   * Reads everything, reservations first, then pods, then nodes and definitions: what is born in
   * between names only what is read after it.
   *
   * @param sources who reserves addresses; without whereabouts its resources are not read
   * @throws CallFailure whatever can't be read, since half a reading would look like a cluster
   *     without pods
   */
  public Reading read(Set<Reconciliation.Source> sources) {
    Reserved reserved = reserved(sources);
    Parallel.Pair<Listed<String, WorkerNode>, Listed<String, AttachmentDefinition>> named =
        Parallel.both(this::nodes, this::definitions);
    Problems problems = new Problems();
    Map<String, String> versions = new HashMap<>();
    Map<KubeResource, Listed<?, ?>> lists =
        new EnumMap<>(
            Map.of(
                KubeResource.NODES, named.first(),
                KubeResource.DEFINITIONS, named.second(),
                KubeResource.POOLS, reserved.pools(),
                KubeResource.SLICE_POOLS, reserved.slicePools(),
                KubeResource.OVERLAPS, reserved.overlaps(),
                KubeResource.PODS, reserved.pods()));
    lists.forEach((resource, list) -> {
      problems.addAll(list.problems());
      list.resourceVersion().ifPresent(version -> versions.put(resource.plural(), version));
    });
    return new Reading(
        new ClusterFacts(
            reserved.pools().values(),
            reserved.slicePools().values(),
            reserved.overlaps().values(),
            reserved.pods().values(),
            named.first().values(),
            named.second().values()),
        problems.told(),
        versions,
        sources);
  }

  /**
   * Reads pools and overlapping reservations once more.
   *
   * @param facts what was read before; all else in it stays as it is
   * @param sources without whereabouts there is nothing to read
   * @throws CallFailure whatever can't be read
   */
  public ClusterFacts reservationsAgain(ClusterFacts facts, Set<Reconciliation.Source> sources) {
    if (!sources.contains(Reconciliation.Source.WHEREABOUTS)) {
      return facts;
    }
    Parallel.Pair<Listed<String, PoolFacts>, Listed<String, OverlapFacts>> read =
        Parallel.both(this::pools, this::overlaps);
    return new ClusterFacts(
        read.first().values(),
        facts.slicePools(),
        read.second().values(),
        facts.pods(),
        facts.nodes(),
        facts.definitions());
  }

  /**
   * Reads one pod.
   *
   * @param ref its name
   * @return empty where there is none
   * @throws CallFailure it can't be read
   */
  public Optional<PodFacts> pod(PodRef ref) {
    KubeCall call = KubeCall.get(KubeResource.PODS, ref.toString());
    CallScope.Answer answer = scope.get(call, KubeResource.PODS.path(ref.namespace(), ref.name()));
    if (answer.isMissing() && KubeErrors.isStatus(answer.body())) {
      return Optional.empty();
    }
    if (answer.isMissing() || answer.isGone()) {
      throw KubeErrors.refused(call, scope.server(), answer.status(), answer.body());
    }
    try (JsonParser parser = JSON.createParser(answer.body())) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        throw new IOException("it is not a JSON object");
      }
      return Optional.of(KubeObjects.pod(KubeObjects.POD.read(parser), new Problems()));
    } catch (IOException e) {
      throw KubeErrors.unreadable(call, scope.server(), answer.body(), e);
    }
  }

  /**
   * Watches pools, overlapping reservations, pods and nodes from where a reading ended, so that
   * nothing is missed in between. It goes on beyond the deadline, until it is closed.
   *
   * @param from the reading
   * @param listener takes the changes, one at a time, on a thread of the watch
   */
  public Watching watch(Reading from, Consumer<ClusterChange> listener) {
    return Watches.start(
        scope.connections().get(), scope.counter(), from.resourceVersions(), listener);
  }

  /**
   * Reservations to their end, and only then pods: a pod that is born in between has a reservation
   * that is not seen, which does no harm. The other way round it would look like an orphan.
   */
  private Reserved reserved(Set<Reconciliation.Source> sources) {
    if (!sources.contains(Reconciliation.Source.WHEREABOUTS)) {
      return new Reserved(Listed.nothing(), Listed.nothing(), Listed.nothing(), pods());
    }
    Parallel.Pair<
            Listed<String, PoolFacts>,
            Parallel.Pair<Listed<String, SlicePoolFacts>, Listed<String, OverlapFacts>>>
        read = Parallel.both(this::pools, () -> Parallel.both(this::slicePools, this::overlaps));
    return new Reserved(read.first(), read.second().first(), read.second().second(), pods());
  }

  private Listed<String, PoolFacts> pools() {
    return list(KubeResource.POOLS, KubeObjects.POOL, KubeObjects::key, KubeObjects::pool)
        .orElseThrow(() ->
            new CallFailure(
                ErrorMeaning.MISSING_DEPENDENCY,
                KubeCall.list(KubeResource.POOLS).action(),
                KubeResource.POOLS.fullName(),
                "NoSuchResource",
                "whereabouts is not installed in this cluster (%s has no ippools): install it, or"
                        .formatted(scope.server().name())
                    + " take whereabouts out of reconcile.sources in the configuration",
                null));
  }

  /** Versions of whereabouts before node slices have none. */
  private Listed<String, SlicePoolFacts> slicePools() {
    return list(
            KubeResource.SLICE_POOLS,
            KubeObjects.SLICE_POOL,
            KubeObjects::key,
            (object, problems) -> KubeObjects.slicePool(object))
        .orElseGet(Listed::nothing);
  }

  private Listed<String, OverlapFacts> overlaps() {
    return list(
            KubeResource.OVERLAPS,
            KubeObjects.OVERLAP,
            KubeObjects::key,
            (object, problems) -> KubeObjects.overlap(object))
        .orElseGet(Listed::nothing);
  }

  private Listed<PodRef, PodFacts> pods() {
    return required(
        KubeResource.PODS,
        list(KubeResource.PODS, KubeObjects.POD, KubeObjects::podRef, KubeObjects::pod));
  }

  private Listed<String, WorkerNode> nodes() {
    return required(
        KubeResource.NODES,
        list(KubeResource.NODES, KubeObjects.NODE, KubeObjects::name, KubeObjects::node));
  }

  private Listed<String, AttachmentDefinition> definitions() {
    return list(
            KubeResource.DEFINITIONS,
            KubeObjects.DEFINITION,
            KubeObjects::key,
            KubeObjects::definition)
        .orElseGet(() -> {
          Problems problems = new Problems();
          problems.add(
              "network-attachment-definitions: the cluster doesn't know them, so Multus is not installed; pods have"
                  + " no further networks without it");
          return new Listed<>(Map.of(), problems, Optional.empty());
        });
  }

  private <K, V> Listed<K, V> required(KubeResource resource, Optional<Listed<K, V>> list) {
    return list.orElseThrow(
        () -> KubeErrors.refused(KubeCall.list(resource), scope.server(), 404, new byte[0]));
  }

  /**
   * Reads a list page by page. A token that the server has forgotten starts it over, since pages of
   * two versions don't fit together.
   *
   * @return empty where the server doesn't know the resource
   */
  private <K, V> Optional<Listed<K, V>> list(
      KubeResource resource, Wanted wanted, Key<K> key, Reader<V> reader) {
    KubeCall call = KubeCall.list(resource);
    for (int start = 1; ; start++) {
      Map<K, V> values = new HashMap<>();
      Problems problems = new Problems();
      Optional<String> next = Optional.empty();
      while (true) {
        CallScope.Answer answer = scope.get(call, page(resource, next));
        if (answer.isMissing() && next.isEmpty()) {
          return Optional.empty();
        }
        if (answer.isGone() && next.isPresent() && start < STARTS) {
          break;
        }
        if (answer.isMissing() || answer.isGone()) {
          throw KubeErrors.refused(call, scope.server(), answer.status(), answer.body());
        }
        ListPage page;
        try {
          page =
              ListPage.read(
                  answer.body(),
                  wanted,
                  object -> {
                    if (KubeObjects.name(object).isEmpty()) {
                      problems.add(resource.plural() + ": an object without a name was left out");
                    } else {
                      values.put(key.of(object), reader.read(object, problems));
                    }
                  });
        } catch (IOException e) {
          throw KubeErrors.unreadable(call, scope.server(), answer.body(), e);
        }
        next = page.next();
        if (next.isEmpty()) {
          return Optional.of(new Listed<>(values, problems, Optional.of(page.resourceVersion())));
        }
      }
    }
  }

  private static String page(KubeResource resource, Optional<String> next) {
    return resource.path()
        + "?limit="
        + PAGE
        + next.map(token -> "&continue=" + URLEncoder.encode(token, StandardCharsets.UTF_8))
            .orElse("");
  }
}
