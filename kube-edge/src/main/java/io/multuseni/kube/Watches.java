// SPDX-License-Identifier: Apache-2.0
package io.multuseni.kube;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.ListOptionsBuilder;
import io.fabric8.kubernetes.api.model.Status;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.Watch;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import io.fabric8.kubernetes.client.http.BasicBuilder;
import io.fabric8.kubernetes.client.http.HttpResponse;
import io.fabric8.kubernetes.client.http.Interceptor;
import io.fabric8.kubernetes.client.impl.KubernetesClientImpl;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import io.multuseni.core.error.CallFailure;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Watches of several resources, told to one listener. fabric8 connects again where a connection
 * breaks, and goes on from the last object or bookmark that it saw; what it gives up on ends here
 * as {@link ClusterChange.Lost}. All work is done on virtual and daemon threads.
 */
final class Watches implements Watching {
  private final KubeConnection connection;
  private final Consumer<ClusterChange> listener;
  private final List<Watch> open = new ArrayList<>();

  /** The listener takes one change at a time, and none after the end. */
  private final ReentrantLock telling = new ReentrantLock();

  /**
   * How the server last refused a connection, by the plural; fabric8 only tells that it gave up.
   */
  private final Map<String, Integer> refusals = new ConcurrentHashMap<>();

  private boolean closed;

  private Watches(KubeConnection connection, Consumer<ClusterChange> listener) {
    this.connection = connection;
    this.listener = listener;
  }

  /**
   * Starts a watch for each resource that has a version to go on from.
   *
   * @param connection the way to the server
   * @param counter counts the connections
   * @param versions by the plural of the resource
   * @param listener takes the changes
   */
  static Watches start(
      KubeConnection connection,
      KubeCallCounter counter,
      Map<String, String> versions,
      Consumer<ClusterChange> listener) {
    Watches watches = new Watches(connection, listener);
    connection.watches().add(watches);
    KubernetesClient client = watches.client(counter);
    watches.start(client, KubeResource.POOLS, Watched.Pool.class, versions, Watches::pool);
    watches.start(client, KubeResource.OVERLAPS, Watched.Overlap.class, versions, Watches::overlap);
    watches.start(client, KubeResource.PODS, Watched.Pod.class, versions, Watches::pod);
    watches.start(client, KubeResource.NODES, Watched.Node.class, versions, Watches::node);
    return watches;
  }

  @Override
  public void close() {
    List<Watch> ending;
    telling.lock();
    try {
      closed = true;
      ending = List.copyOf(open);
      open.clear();
    } finally {
      telling.unlock();
    }
    connection.watches().remove(this);
    ending.forEach(Watch::close);
  }

  /** It shares the connection, so it is never closed by itself. */
  private KubernetesClient client(KubeCallCounter counter) {
    KubernetesSerialization serialization = new KubernetesSerialization(new ObjectMapper(), false);
    serialization.registerKubernetesResource(Watched.Pool.class);
    serialization.registerKubernetesResource(Watched.Overlap.class);
    serialization.registerKubernetesResource(Watched.Pod.class);
    serialization.registerKubernetesResource(Watched.Node.class);
    serialization.registerKubernetesResource("v1", "Status", Status.class);
    return new KubernetesClientImpl(
        connection
            .counted(counter)
            .newBuilder()
            .addOrReplaceInterceptor("multus-eni-refusals", new RefusalInterceptor())
            .build(),
        connection.config(),
        () -> task -> Thread.ofVirtual().name("multus-eni-watch").start(task),
        serialization);
  }

  private <T extends Watched> void start(
      KubernetesClient client,
      KubeResource resource,
      Class<T> type,
      Map<String, String> versions,
      Function<Seen, ClusterChange> reader) {
    String version = versions.get(resource.plural());
    if (version == null) {
      return;
    }
    Feed<T> feed = new Feed<>(resource, reader);
    Watch watch;
    try {
      watch =
          client
              .resources(type)
              .inAnyNamespace()
              .watch(
                  new ListOptionsBuilder()
                      .withResourceVersion(version)
                      .withAllowWatchBookmarks(true)
                      .build(),
                  feed);
    } catch (KubernetesClientException | CallFailure e) {
      feed.lose(e);
      return;
    }
    boolean tooLate;
    telling.lock();
    try {
      feed.started = true;
      tooLate = closed;
      if (!tooLate) {
        open.add(watch);
      }
    } finally {
      telling.unlock();
    }
    if (tooLate) {
      watch.close();
    }
  }

  /**
   * An object in a watch.
   *
   * @param object its parts
   * @param deleted whether it is gone
   */
  private record Seen(ObjectNode object, boolean deleted) {
    <V> Optional<V> unlessDeleted(V value) {
      return deleted ? Optional.empty() : Optional.of(value);
    }
  }

  private static ClusterChange pool(Seen seen) {
    return new ClusterChange.PoolChanged(
        KubeObjects.key(seen.object()),
        seen.unlessDeleted(KubeObjects.pool(seen.object(), new Problems())));
  }

  private static ClusterChange overlap(Seen seen) {
    return new ClusterChange.OverlapChanged(
        KubeObjects.key(seen.object()), seen.unlessDeleted(KubeObjects.overlap(seen.object())));
  }

  private static ClusterChange pod(Seen seen) {
    return new ClusterChange.PodChanged(
        KubeObjects.podRef(seen.object()),
        seen.unlessDeleted(KubeObjects.pod(seen.object(), new Problems())));
  }

  private static ClusterChange node(Seen seen) {
    return new ClusterChange.NodeChanged(
        KubeObjects.name(seen.object()),
        seen.unlessDeleted(KubeObjects.node(seen.object(), new Problems())));
  }

  /** Keeps the status of what is refused. */
  private final class RefusalInterceptor implements Interceptor {
    @Override
    public CompletableFuture<Boolean> afterFailure(
        BasicBuilder builder, HttpResponse<?> response, RequestTags tags) {
      String path = response.request().uri().getPath();
      refusals.put(path.substring(path.lastIndexOf('/') + 1), response.code());
      return CompletableFuture.completedFuture(false);
    }
  }

  /** The watch of one resource, until it is lost. */
  private final class Feed<T extends Watched> implements Watcher<T> {
    private final KubeResource resource;
    private final Function<Seen, ClusterChange> reader;
    private boolean started;
    private boolean lost;

    Feed(KubeResource resource, Function<Seen, ClusterChange> reader) {
      this.resource = resource;
      this.reader = reader;
    }

    @Override
    public void eventReceived(Action action, T object) {
      switch (action) {
        case ADDED, MODIFIED -> seen(object, false);
        case DELETED -> seen(object, true);
        // A bookmark only moves the version on, which fabric8 does; an error ends in onClose.
        case BOOKMARK, ERROR -> {}
      }
    }

    private void seen(T object, boolean deleted) {
      refusals.remove(resource.plural());
      if (KubeObjects.name(object.parts()).isEmpty()) {
        return;
      }
      ClusterChange change = reader.apply(new Seen(object.parts(), deleted));
      telling.lock();
      try {
        if (!closed && !lost) {
          listener.accept(change);
        }
      } catch (RuntimeException e) {
        // The change is not taken, so what the listener knows is wrong from here on.
        lose("the listener failed on a change: " + e);
      } finally {
        telling.unlock();
      }
    }

    @Override
    public void onClose() {
      telling.lock();
      try {
        // fabric8 also closes a watch that it could not start, and then throws the reason.
        if (started) {
          lose("it was closed from outside");
        }
      } finally {
        telling.unlock();
      }
    }

    @Override
    public void onClose(WatcherException cause) {
      lose(cause);
    }

    private void lose(Throwable cause) {
      KubeCall call = KubeCall.watch(resource);
      Integer refused = refusals.get(resource.plural());
      // What ends a watch by itself has a cause; what fabric8 gave up on has none.
      if (cause instanceof WatcherException && cause.getCause() == null && refused != null) {
        byte[] words = String.valueOf(cause.getMessage()).getBytes(StandardCharsets.UTF_8);
        lose(KubeErrors.refused(call, connection.server(), refused, words).explained());
      } else {
        lose(KubeErrors.translate(call, connection.server(), cause).explained());
      }
    }

    private void lose(String why) {
      telling.lock();
      try {
        if (!closed && !lost) {
          lost = true;
          listener.accept(new ClusterChange.Lost(resource.plural(), why));
        }
      } finally {
        telling.unlock();
      }
    }
  }
}
