// SPDX-License-Identifier: Apache-2.0
package io.multuseni.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.multuseni.aws.AwsClients;
import io.multuseni.aws.pacing.RetrySettings;
import io.multuseni.base.Time;
import io.multuseni.core.config.ProvisionerConfig;
import io.multuseni.core.config.TimeChain;
import io.multuseni.core.event.IncomingParser;
import io.multuseni.core.report.AttachReport;
import io.multuseni.core.report.SweepReport;
import io.multuseni.eniattach.EniAttachHandler;
import io.multuseni.eniattach.EniSweepHandler;
import io.multuseni.eniattach.NotDoneException;
import io.multuseni.eniattach.Sandbox;
import io.multuseni.eniattach.Telemetry;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Runs the functions as Lambda's asynchronous invocation does: an event goes to a sandbox that is
 * idle, or to a new one; a sandbox has one event at a time; a failed invocation is repeated after a
 * minute and once more after two. The sweep comes each minute. Unlike Lambda, it doesn't end an
 * invocation whose time is up: the handlers end by themselves.
 *
 * <p>Safe for several threads.
 */
final class FunctionHost implements AutoCloseable {
  private static final List<Duration> REPEATED_AFTER =
      List.of(Duration.ofMinutes(1), Duration.ofMinutes(2));

  /** Timeout of both functions, as the deployment sets it. */
  private static final Duration TIMEOUT = TimeChain.FUNCTION_TIMEOUT;

  private static final Duration SWEEP_EVERY = Duration.ofMinutes(1);
  private static final ObjectMapper JSON = new ObjectMapper();

  private final URI endpoint;
  private final ProvisionerConfig config;
  private final EventDecoder decoder = new EventDecoder();
  private final ConcurrentLinkedDeque<AttachSandbox> idle = new ConcurrentLinkedDeque<>();
  private final List<AwsClients> clients = new ArrayList<>();
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

  // Guarded by this.
  private final Map<String, AttachReport> reports = new LinkedHashMap<>();
  private final List<String> failures = new ArrayList<>();
  private int running;
  private long ended;
  private int waitingForRepetition;

  /**
   * A host without sandboxes.
   *
   * @param endpoint where the functions find AWS
   * @param config their configuration
   */
  FunctionHost(URI endpoint, ProvisionerConfig config) {
    this.endpoint = endpoint;
    this.config = config;
  }

  /** The attach function in a sandbox. */
  private record AttachSandbox(EniAttachHandler handler) {}

  /**
   * Takes each event through a sandbox of its own, all at once. Nothing of it is kept but the
   * sandboxes, which are warm then. Other events must not be on their way.
   */
  void warmUp(List<String> events) throws InterruptedException {
    List<Future<AttachSandbox>> warming = new ArrayList<>();
    for (String event : events) {
      warming.add(
          threads.submit(() -> {
            AttachSandbox sandbox = idleOrNew();
            try {
              sandbox.handler().handleRequest(decoder.decode(event), attachContext());
            } catch (NotDoneException ignored) {
              // Its own attempt at the real thing will tell more than the warm-up can.
            }
            return sandbox;
          }));
    }
    for (Future<AttachSandbox> one : warming) {
      try {
        idle.addFirst(one.get());
      } catch (ExecutionException e) {
        throw new IllegalStateException("a warm-up failed", e.getCause());
      }
    }
  }

  /**
   * Takes an event, like the function's queue. The rule in front of it lets lifecycle actions of
   * Auto Scaling pass and nothing else.
   */
  void deliver(String event) {
    if (matchesRule(event)) {
      begin(event, 0);
    }
  }

  /** Begins to sweep, the first time in a minute. */
  void startSweeping() {
    EniSweepHandler sweep = new EniSweepHandler(sandbox());
    threads.execute(() -> {
      while (pause(SWEEP_EVERY)) {
        sweep(sweep);
      }
    });
  }

  /** The report that tells most about each instance so far. */
  synchronized Map<String, AttachReport> reports() {
    return Map.copyOf(reports);
  }

  /** What failed other than by a report. */
  synchronized List<String> failures() {
    return List.copyOf(failures);
  }

  /** Whether no invocation is under way; some may wait for their repetition. */
  synchronized boolean isIdle() {
    return running == 0;
  }

  /** How many events wait for their repetition. */
  synchronized int waitingForRepetition() {
    return waitingForRepetition;
  }

  /**
   * Waits until an invocation ends, or the time is over.
   *
   * @param longest positive
   */
  synchronized void awaitChange(Duration longest) throws InterruptedException {
    long seen = ended;
    long end = System.nanoTime() + longest.toNanos();
    for (long left = longest.toMillis(); seen == ended && left > 0; ) {
      wait(left);
      left = (end - System.nanoTime()) / 1_000_000;
    }
  }

  @Override
  public void close() {
    threads.shutdownNow();
    synchronized (clients) {
      clients.forEach(AwsClients::close);
    }
  }

  private static boolean matchesRule(String event) {
    try {
      JsonNode tree = JSON.readTree(event);
      String detailType = tree.path("detail-type").asText();
      return tree.path("source").asText().equals("aws.autoscaling")
          && (detailType.equals(IncomingParser.LAUNCH)
              || detailType.equals(IncomingParser.TERMINATE));
    } catch (JsonProcessingException e) {
      return false;
    }
  }

  private void begin(String event, int repetitions) {
    synchronized (this) {
      running++;
    }
    threads.execute(() -> {
      try {
        invoke(event, repetitions);
      } finally {
        synchronized (this) {
          running--;
          ended++;
          notifyAll();
        }
      }
    });
  }

  private void invoke(String event, int repetitions) {
    AttachSandbox sandbox = idleOrNew();
    try {
      keep(sandbox.handler().handleRequest(decoder.decode(event), attachContext()));
    } catch (NotDoneException notDone) {
      keep(notDone.report());
      repeatLater(event, repetitions);
    } catch (RuntimeException e) {
      synchronized (this) {
        failures.add("an invocation failed: " + e);
      }
      repeatLater(event, repetitions);
    } finally {
      idle.addFirst(sandbox);
    }
  }

  private void repeatLater(String event, int repetitions) {
    if (repetitions >= REPEATED_AFTER.size()) {
      // Lambda drops it here; the sweep finds the instance.
      return;
    }
    synchronized (this) {
      waitingForRepetition++;
    }
    threads.execute(() -> {
      if (pause(REPEATED_AFTER.get(repetitions))) {
        synchronized (this) {
          waitingForRepetition--;
        }
        begin(event, repetitions + 1);
      }
    });
  }

  /** Waits; false where the host is closed meanwhile. */
  private static boolean pause(Duration duration) {
    try {
      Thread.sleep(duration);
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private void sweep(EniSweepHandler handler) {
    try {
      SweepReport report =
          handler.handleRequest(null, new FunctionContext("multus-eni-sweep", TIMEOUT));
      report.launches().forEach(this::keep);
    } catch (RuntimeException e) {
      synchronized (this) {
        failures.add("a sweep failed: " + e);
      }
    }
    synchronized (this) {
      ended++;
      notifyAll();
    }
  }

  private synchronized void keep(AttachReport report) {
    if (report.instanceId() != null) {
      reports.merge(
          report.instanceId(),
          report,
          (before, now) -> weight(now) > weight(before) || weight(now) == 1 ? now : before);
    }
  }

  /** A decision outweighs a run that came to none, and both outweigh one with nothing to do. */
  private static int weight(AttachReport report) {
    return switch (report.outcome()) {
      case IGNORED -> 0;
      case RETRY -> 1;
      case CONTINUE, ABANDON -> 2;
    };
  }

  private AttachSandbox idleOrNew() {
    AttachSandbox free = idle.pollFirst();
    return free == null ? new AttachSandbox(new EniAttachHandler(sandbox())) : free;
  }

  private Sandbox sandbox() {
    AwsClients own = AwsClients.emulator(endpoint, RetrySettings.standard(), Time.system());
    synchronized (clients) {
      clients.add(own);
    }
    return new Sandbox(config, own, Time.system(), Telemetry.none(), false);
  }

  private static FunctionContext attachContext() {
    return new FunctionContext("multus-eni-attach", TIMEOUT);
  }
}
