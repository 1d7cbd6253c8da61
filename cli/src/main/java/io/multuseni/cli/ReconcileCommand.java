// SPDX-License-Identifier: Apache-2.0
package io.multuseni.cli;

import io.multuseni.core.report.ReconcileReport;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code multus-eni reconcile}. */
@Command(
    name = "reconcile",
    mixinStandardHelpOptions = true,
    description = {
      "One reconciliation, here instead of in Lambda: secondary addresses of the cluster's network"
          + " interfaces become what whereabouts has reserved. It goes to the AWS endpoint that the"
          + " SDK's standard settings name: AWS_REGION, AWS_PROFILE, AWS_ENDPOINT_URL and so on.",
      "The Kubernetes API is the one of --kubeconfig. Without it the way is the function's own:"
          + " cluster.endpoint and cluster.certificateAuthority of the configuration, what is missing"
          + " from EKS (DescribeCluster), and a token for the AWS credentials. KUBECONFIG is not"
          + " looked at.",
      "An address that nobody needs is released once it has been so for reconcile"
          + ".releaseGraceSeconds. This process remembers no earlier run, so it waits that long where"
          + " there is such an address.",
      "Exit code 0 stands for a drift of 0, nothing unfinished and no guard, 1 for anything else."
    })
final class ReconcileCommand implements Callable<Integer> {
  private final Terminal terminal;

  @Option(
      names = "--config",
      paramLabel = "FILE",
      required = true,
      description = "The configuration, YAML or JSON.")
  private Path config = Path.of("");

  @Option(
      names = "--kubeconfig",
      paramLabel = "F",
      description = "Take the current context of this file instead of asking EKS.")
  private @Nullable Path kubeconfig;

  @Option(
      names = "--dry-run",
      description = "Decide and report; change nothing, and don't wait for the grace.")
  private boolean dryRun;

  @Option(
      names = "--timeout",
      paramLabel = "D",
      defaultValue = "120s",
      converter = DurationConverter.class,
      description =
          "Time that it has, the grace that it waits out aside (default: ${DEFAULT-VALUE}).")
  private Duration timeout = Duration.ZERO;

  @Option(names = "--json", description = "Print the report as JSON, and nothing else, on stdout.")
  private boolean json;

  ReconcileCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  /** The arguments as a request. */
  ReconcileRequest request() {
    return new ReconcileRequest(config, Optional.ofNullable(kubeconfig), dryRun, timeout, json);
  }

  @Override
  public Integer call() {
    ReconcileRequest request = request();
    Progress progress = new Progress(terminal, Instant.now());
    ReconcileReport report =
        Waiting.during(
            progress, "reconciling", () -> ReconcileOnceFlow.run(request, progress::line));
    if (request.json()) {
      terminal.out().println(JsonOut.text(report));
    } else {
      new ReportPrinter(terminal).reconciled(report);
    }
    terminal.out().flush();
    return exitCode(report);
  }

  /** 0 where every address is where it belongs. */
  static int exitCode(ReconcileReport report) {
    Integer drift = report.drift();
    boolean right =
        drift != null && drift == 0 && report.unfinished().isEmpty() && report.guard() == null;
    return right ? 0 : 1;
  }
}
