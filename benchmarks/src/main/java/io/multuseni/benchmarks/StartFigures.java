// SPDX-License-Identifier: Apache-2.0
package io.multuseni.benchmarks;

import io.multuseni.locallambda.LocalLambda;
import io.multuseni.locallambda.Settings;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What shrinking is worth: each function with the jar that is deployed, and with its whole class
 * path in one jar, under Lambda's runtime client. Nothing is asked of them.
 */
final class StartFigures {
  private static final double MEGABYTE = 1e6;

  /** Never read: a configuration is read at the first invocation. */
  private static final Map<String, String> ENVIRONMENT = Map.of("MULTUS_ENI_CONFIG", "{}");

  static final Deployable ATTACH =
      new Deployable("lambda-eni-attach", "io.multuseni.eniattach.EniAttachHandler");
  static final Deployable RECONCILE =
      new Deployable("lambda-ip-reconcile", "io.multuseni.ipreconcile.IpReconcileHandler");

  private StartFigures() {}

  /**
   * A function.
   *
   * @param module its Maven module
   * @param handler class of its handler
   */
  record Deployable(String module, String handler) {
    Path shrunk(Path root) {
      return root.resolve(module).resolve("target").resolve(module + "-function.jar");
    }

    Path whole(Path root) {
      return root.resolve(module).resolve("target").resolve("shrink").resolve("whole.jar");
    }
  }

  /**
   * What was measured.
   *
   * @param jarMb size of the jar, in MB of 10^6 bytes
   * @param seconds from the start of the process to its asking for the first invocation; median
   * @param residentMb memory that the process had then, in MB; median; 0 where the system doesn't
   *     tell
   */
  record Figures(double jarMb, double seconds, double residentMb) {}

  /**
   * Both jars of a function.
   *
   * @param shrunk as it is deployed
   * @param whole with everything in it
   */
  record Compared(Figures shrunk, Figures whole) {}

  /**
   * Prints the table.
   *
   * @param args folder of the whole project (the working directory), number of starts (5)
   */
  @SuppressWarnings("SystemOut")
  public static void main(String... args) throws IOException {
    Path root = Path.of(args.length > 0 ? args[0] : "");
    int starts = args.length > 1 ? Integer.parseInt(args[1]) : 5;
    run(List.of(ATTACH, RECONCILE), root, starts, System.out);
  }

  /**
   * Starts the functions.
   *
   * @param functions which
   * @param root folder of the whole project, where the jars are made already
   * @param starts so many with each jar, in turns
   * @param out where the table goes
   */
  static List<Compared> run(List<Deployable> functions, Path root, int starts, PrintStream out)
      throws IOException {
    out.println("| function | jar | MB | start, s | resident at its first poll, MB |");
    out.println("| --- | --- | --- | --- | --- |");
    List<Compared> all = new ArrayList<>();
    for (Deployable function : functions) {
      Compared compared = compare(function, root, starts);
      all.add(compared);
      print(function.module(), compared, out);
    }
    return all;
  }

  private static Compared compare(Deployable function, Path root, int starts) throws IOException {
    Started[] shrunk = new Started[starts];
    Started[] whole = new Started[starts];
    for (int i = 0; i < starts; i++) {
      shrunk[i] = start(function.shrunk(root), function.handler());
      whole[i] = start(function.whole(root), function.handler());
    }
    return new Compared(
        figures(function.shrunk(root), shrunk), figures(function.whole(root), whole));
  }

  private record Started(Duration took, long residentBytes) {}

  private static Started start(Path jar, String handler) {
    try (LocalLambda function = LocalLambda.start(Settings.of(jar, handler, ENVIRONMENT))) {
      return new Started(function.startTime(), function.residentBytes().orElse(0));
    }
  }

  private static Figures figures(Path jar, Started[] started) throws IOException {
    return new Figures(
        Files.size(jar) / MEGABYTE,
        median(Arrays.stream(started).mapToDouble(one -> one.took().toNanos() / 1e9).toArray()),
        median(
            Arrays.stream(started).mapToDouble(one -> one.residentBytes() / MEGABYTE).toArray()));
  }

  private static double median(double[] values) {
    Arrays.sort(values);
    return values[values.length / 2];
  }

  private static void print(String module, Compared compared, PrintStream out) {
    Figures shrunk = compared.shrunk();
    Figures whole = compared.whole();
    row(out, module, "whole class path", whole);
    row(out, module, "deployed", shrunk);
    out.printf(
        Locale.ROOT,
        "| | ratio | %.2f | %.2f | %.2f |%n",
        shrunk.jarMb() / whole.jarMb(),
        shrunk.seconds() / whole.seconds(),
        shrunk.residentMb() / whole.residentMb());
  }

  private static void row(PrintStream out, String module, String jar, Figures figures) {
    out.printf(
        Locale.ROOT,
        "| %s | %s | %.1f | %.2f | %.0f |%n",
        module,
        jar,
        figures.jarMb(),
        figures.seconds(),
        figures.residentMb());
  }
}
