// SPDX-License-Identifier: Apache-2.0
package io.multuseni.benchmarks;

import com.sun.management.GarbageCollectionNotificationInfo;
import io.multuseni.aws.AwsClients;
import io.multuseni.aws.pacing.RetrySettings;
import io.multuseni.base.Deadline;
import io.multuseni.base.Json;
import io.multuseni.base.Time;
import io.multuseni.core.config.ProvisionerConfig;
import io.multuseni.core.report.ReconcileReport;
import io.multuseni.ipreconcile.ReconcileFlow;
import io.multuseni.kube.KubeClients;
import java.io.IOException;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryUsage;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import javax.management.NotificationEmitter;
import javax.management.openmbean.CompositeData;

/**
 * The reconcile function alone in a JVM, so that its memory is its own. It tells each report, and
 * after it the memory, on standard output: one JSON object per line.
 */
final class FunctionProcess {
  private static final Duration LONGEST = Duration.ofMinutes(10);
  private static final int MIB = 1 << 20;

  private final AtomicLong peakAfterCollection = new AtomicLong();

  private FunctionProcess() {}

  /**
   * What is on one line.
   *
   * @param report what the function reported
   * @param seconds since the run began
   * @param heapMib the most that was left in the heap by a collection so far, in MiB; what waits in
   *     the old generation to be collected counts too
   * @param rssMb the most memory that the process had so far, in MB of 10^6 bytes; 0 where the
   *     system doesn't tell
   */
  record Line(ReconcileReport report, double seconds, double heapMib, double rssMb) {}

  /**
   * Runs the function.
   *
   * @param args endpoint of EC2, endpoint of Kubernetes, file of the configuration, number of runs
   */
  public static void main(String... args) throws IOException {
    String yaml = Files.readString(Path.of(args[2]));
    new FunctionProcess()
        .run(
            URI.create(args[0]),
            URI.create(args[1]),
            Fleet.config(yaml),
            Integer.parseInt(args[3]));
  }

  private void run(URI ec2, URI kubernetes, ProvisionerConfig config, int runs) {
    listen();
    Time time = Time.system();
    try (AwsClients aws = AwsClients.emulator(ec2, RetrySettings.standard(), time);
        KubeClients kube = KubeClients.at(kubernetes, time)) {
      ReconcileFlow flow = new ReconcileFlow(config, aws, kube, time, false);
      for (int run = 0; run < runs; run++) {
        long begin = System.nanoTime();
        flow.run(Deadline.in(time, LONGEST), report -> tell(report, begin));
      }
    }
  }

  @SuppressWarnings("SystemOut") // The way to whoever started the process.
  private void tell(ReconcileReport report, long begin) {
    double seconds = (System.nanoTime() - begin) / 1e9;
    System.out.println(
        Json.of(new Line(report, seconds, (double) peakAfterCollection.get() / MIB, peakRssMb())));
  }

  private void listen() {
    for (GarbageCollectorMXBean collector : ManagementFactory.getGarbageCollectorMXBeans()) {
      if (collector instanceof NotificationEmitter emitter) {
        emitter.addNotificationListener(
            (notification, handback) -> {
              if (notification.getUserData() instanceof CompositeData data) {
                collected(GarbageCollectionNotificationInfo.from(data));
              }
            },
            notification ->
                notification
                    .getType()
                    .equals(GarbageCollectionNotificationInfo.GARBAGE_COLLECTION_NOTIFICATION),
            null);
      }
    }
  }

  private void collected(GarbageCollectionNotificationInfo info) {
    long left = 0;
    for (Map.Entry<String, MemoryUsage> pool :
        info.getGcInfo().getMemoryUsageAfterGc().entrySet()) {
      // Metaspace and code are no heap.
      if (pool.getKey().contains("Eden")
          || pool.getKey().contains("Survivor")
          || pool.getKey().contains("Tenured")) {
        left += pool.getValue().getUsed();
      }
    }
    peakAfterCollection.accumulateAndGet(left, Math::max);
  }

  /** The peak of the resident set, as Linux tells it in KiB. */
  private static double peakRssMb() {
    Path status = Path.of("/proc/self/status");
    if (!Files.isReadable(status)) {
      return 0;
    }
    try {
      for (String line : Files.readAllLines(status, StandardCharsets.UTF_8)) {
        if (line.startsWith("VmHWM:")) {
          String kib = line.replaceAll("[^0-9]", "");
          return Long.parseLong(kib) * 1024 / 1e6;
        }
      }
      return 0;
    } catch (IOException e) {
      throw new IllegalStateException("can't read " + status, e);
    }
  }
}
