// SPDX-License-Identifier: Apache-2.0
package io.multuseni.localcluster;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * All objects, their recent changes and the watches on them, under one lock. Each change gets the
 * next resourceVersion, counted over all types; a list and the start of a watch see one moment.
 */
final class Store {
  /** Changes kept for watches that begin in the past. */
  static final int HISTORY_CHANGES = 100_000;

  /** Text of changed objects kept for them, in bytes. */
  static final long HISTORY_BYTES = 64L << 20;

  /** Lists per type whose next pages are kept. */
  static final int OPEN_LISTS = 64;

  /** The version of a list of a cluster to which nothing has happened: 0 would mean "any". */
  private static final long FIRST_VERSION = 1;

  private final InstantSource time;
  private final Map<ResourceType, Shelf> shelves = new HashMap<>();
  private final Deque<Change> history = new ArrayDeque<>();
  private final Set<Watch> watches = new LinkedHashSet<>();
  private long historyBytes;
  private long version = FIRST_VERSION;
  private long forgotten;
  private long objects;

  Store(InstantSource time) {
    this.time = time;
    ResourceType.BUILT_IN.forEach(this::serve);
  }

  /** What happens to an object. */
  interface Edit {
    /**
     * The object as it is to be.
     *
     * @param current the object as it is, free to be changed; null if there is none
     * @return null if it is to go, or is not to come
     */
    @Nullable ObjectNode apply(@Nullable ObjectNode current);
  }

  // ---- types ---------------------------------------------------------------------------------

  /** Serves a type from now on; one that is served already keeps its objects and its kind. */
  synchronized ResourceType serve(ResourceType type) {
    return find(type.group(), type.version(), type.plural())
        .orElseGet(() -> {
          shelves.put(type, new Shelf());
          return type;
        });
  }

  synchronized Optional<ResourceType> find(String group, String typeVersion, String plural) {
    return shelves.keySet().stream()
        .filter(t ->
            t.plural().equals(plural) && t.group().equals(group) && t.version().equals(typeVersion))
        .findFirst();
  }

  synchronized List<ResourceType> types() {
    return List.copyOf(shelves.keySet());
  }

  // ---- objects -------------------------------------------------------------------------------

  synchronized Optional<StoredObject> get(ResourceType type, String namespace, String name) {
    return Optional.ofNullable(shelf(type).objects.get(StoredObject.key(namespace, name)));
  }

  /**
   * Changes an object, brings it or takes it away, as {@code edit} says. An edit that changes
   * nothing leaves no trace, as in a real API.
   *
   * @return the object from now on, or as it was if it went; nothing if there was and is none
   */
  synchronized Optional<StoredObject> change(
      ResourceType type, String namespace, String name, Edit edit) {
    Shelf shelf = shelf(type);
    String key = StoredObject.key(namespace, name);
    StoredObject before = shelf.objects.get(key);
    ObjectNode current = before == null ? null : Json.parseObject(before.json());
    ObjectNode old = current == null ? null : current.deepCopy();
    ObjectNode changed = edit.apply(current);
    if (changed == null) {
      return old == null ? Optional.empty() : Optional.of(remove(type, shelf, before, old));
    }
    stamp(changed, old, type, namespace, name);
    if (changed.equals(old)) {
      return Optional.ofNullable(before);
    }
    version++;
    StoredObject stored = versioned(changed, namespace, name);
    shelf.put(stored);
    record(new Change(type, before, stored, false));
    return Optional.of(stored);
  }

  private StoredObject remove(
      ResourceType type, Shelf shelf, @Nullable StoredObject before, ObjectNode old) {
    version++;
    StoredObject last =
        versioned(
            old, before == null ? "" : before.namespace(), before == null ? "" : before.name());
    shelf.remove(last.key());
    record(new Change(type, before, last, true));
    return last;
  }

  private StoredObject versioned(ObjectNode object, String namespace, String name) {
    object.withObjectProperty("metadata").put("resourceVersion", Long.toString(version));
    return new StoredObject(namespace, name, version, Json.bytes(object));
  }

  /** Sets what the server decides: type, place, identity, and until it changes the version. */
  private void stamp(
      ObjectNode object,
      @Nullable ObjectNode old,
      ResourceType type,
      String namespace,
      String name) {
    if (!object.has("apiVersion")) {
      object.put("apiVersion", type.apiVersion());
    }
    if (!object.has("kind")) {
      object.put("kind", type.kind());
    }
    ObjectNode metadata = object.withObjectProperty("metadata");
    metadata.put("name", name);
    if (type.namespaced()) {
      metadata.put("namespace", namespace);
    }
    if (old != null) {
      ObjectNode known = old.withObjectProperty("metadata");
      for (String kept : List.of("uid", "creationTimestamp", "resourceVersion")) {
        if (known.has(kept)) {
          metadata.set(kept, known.get(kept));
        }
      }
    } else {
      objects++;
      metadata.put("uid", String.format("00000000-0000-4000-8000-%012x", objects));
      if (!metadata.has("creationTimestamp")) {
        Instant now = time.instant().truncatedTo(ChronoUnit.SECONDS);
        metadata.put("creationTimestamp", now.toString());
      }
    }
  }

  // ---- lists ---------------------------------------------------------------------------------

  /**
   * The objects of a type, or a page of them. All pages of a list show the moment of its first one.
   *
   * @param limit objects per page, 0 for all
   * @param from the page to continue with, null for the first
   * @throws ApiException 410 if the list that {@code from} belongs to is no longer kept
   */
  synchronized Page list(
      ResourceType type, Selection selection, int limit, @Nullable ContinueToken from) {
    Shelf shelf = shelf(type);
    long listVersion = from == null ? version : from.version();
    List<StoredObject> all = from == null ? shelf.snapshot() : shelf.openLists.get(listVersion);
    if (all == null) {
      throw ApiException.expired(
          "the list of "
              + type.qualified()
              + " that this continue token belongs to is no longer kept: list again without it");
    }
    List<StoredObject> items = new ArrayList<>();
    int remaining = 0;
    for (int i = from == null ? 0 : firstAfter(all, from.after()); i < all.size(); i++) {
      StoredObject object = all.get(i);
      if (selection.matches(object)) {
        if (limit > 0 && items.size() == limit) {
          if (!selection.conditions().isEmpty()) {
            remaining = 1; // There is more; how much isn't told for selectors.
            break;
          }
          remaining++;
        } else {
          items.add(object);
        }
      }
    }
    if (remaining == 0) {
      return new Page(items, listVersion, Optional.empty(), 0);
    }
    shelf.openLists.put(listVersion, all);
    int page = from == null ? 2 : from.page() + 1;
    ContinueToken next = new ContinueToken(listVersion, page, items.getLast().key());
    return new Page(items, listVersion, Optional.of(next), remaining);
  }

  private static int firstAfter(List<StoredObject> sorted, String key) {
    int low = 0;
    int high = sorted.size();
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (sorted.get(middle).key().compareTo(key) <= 0) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  /** The resourceVersion of the last change. */
  synchronized long version() {
    return version;
  }

  // ---- watches -------------------------------------------------------------------------------

  /**
   * Starts a watch.
   *
   * @param from the version after which changes are sent, those on record first; nothing for all
   *     objects there are and every change from now on
   * @return false if changes after {@code from} are no longer on record: the watch was told so and
   *     ended
   */
  synchronized boolean start(Watch watch, OptionalLong from) {
    if (from.isPresent()) {
      if (from.getAsLong() < forgotten) {
        watch.fail(tooOld(from.getAsLong()));
        return false;
      }
      for (Change change : history) {
        if (change.version() > from.getAsLong()) {
          watch.offer(change);
        }
      }
    } else {
      shelf(watch.type()).snapshot().forEach(watch::initial);
    }
    watches.add(watch);
    return true;
  }

  /** Forgets a watch whose caller has gone or that came to its end. */
  synchronized void end(Watch watch) {
    watches.remove(watch);
  }

  /** Cuts the connections of all watches on types of that plural; returns how many there were. */
  synchronized int cutWatches(String plural) {
    List<Watch> cut = watchesOn(plural);
    watches.removeAll(cut);
    cut.forEach(w -> w.sink().cut());
    return cut.size();
  }

  /** Tells all watches on types of that plural that they are too old; returns how many. */
  synchronized int expireWatches(String plural) {
    List<Watch> expired = watchesOn(plural);
    watches.removeAll(expired);
    expired.forEach(w -> w.fail(tooOld(version)));
    return expired.size();
  }

  /** Sends a bookmark to all watches on types of that plural that take them. */
  synchronized void bookmark(String plural) {
    watchesOn(plural).forEach(w -> w.bookmark(version));
  }

  synchronized List<Watch> watchesOn(String plural) {
    return watches.stream().filter(w -> w.type().plural().equals(plural)).toList();
  }

  /** Drops all recorded changes and open lists, as a compaction does. */
  synchronized void forget() {
    history.clear();
    historyBytes = 0;
    forgotten = version;
    shelves.values().forEach(s -> s.openLists.clear());
  }

  private static ApiException tooOld(long asked) {
    return ApiException.expired(
        "resourceVersion " + asked + " is too old: list again and watch from there");
  }

  private void record(Change change) {
    history.addLast(change);
    historyBytes += change.object().json().length;
    while (history.size() > HISTORY_CHANGES || historyBytes > HISTORY_BYTES) {
      Change oldest = history.removeFirst();
      historyBytes -= oldest.object().json().length;
      forgotten = oldest.version();
    }
    watches.forEach(w -> w.offer(change));
  }

  private Shelf shelf(ResourceType type) {
    Shelf shelf = shelves.get(type);
    if (shelf == null) {
      throw new IllegalArgumentException("no objects of " + type.qualified() + " are served");
    }
    return shelf;
  }

  /** The objects of one type. */
  private static final class Shelf {
    final TreeMap<String, StoredObject> objects = new TreeMap<>();

    /** Lists with pages to come, by their version, the oldest first. */
    final Map<Long, List<StoredObject>> openLists =
        new LinkedHashMap<>() {
          @Override
          protected boolean removeEldestEntry(Map.Entry<Long, List<StoredObject>> eldest) {
            return size() > OPEN_LISTS;
          }
        };

    private @Nullable List<StoredObject> snapshot;

    void put(StoredObject object) {
      objects.put(object.key(), object);
      snapshot = null;
    }

    void remove(String key) {
      objects.remove(key);
      snapshot = null;
    }

    /** All objects in order, as they are now; never changed. */
    List<StoredObject> snapshot() {
      List<StoredObject> current = snapshot;
      if (current == null) {
        current = Arrays.asList(objects.values().toArray(StoredObject[]::new));
        snapshot = current;
      }
      return current;
    }
  }
}
