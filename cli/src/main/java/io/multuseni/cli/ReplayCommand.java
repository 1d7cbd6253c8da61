// SPDX-License-Identifier: Apache-2.0
package io.multuseni.cli;

import io.multuseni.core.report.AttachReport;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code multus-eni replay}. */
@Command(
    name = "replay",
    mixinStandardHelpOptions = true,
    description = {
      "The function takes one event, here instead of in Lambda, against the AWS endpoint that the"
          + " SDK's standard settings name: AWS_REGION, AWS_PROFILE, AWS_ENDPOINT_URL and so on.",
      "Exit code 0 stands for CONTINUE and IGNORED, 1 for ABANDON and RETRY, 2 for an event that no"
          + " function could read."
    })
final class ReplayCommand implements Callable<Integer> {
  private final Terminal terminal;

  @Parameters(
      paramLabel = "EVENT.json",
      description = "The event as EventBridge sends it; events-samples/ has some.")
  private Path event = Path.of("");

  @Option(
      names = "--config",
      paramLabel = "FILE",
      required = true,
      description = "The configuration, YAML or JSON.")
  private Path config = Path.of("");

  @Option(names = "--dry-run", description = "Decide and report; change nothing.")
  private boolean dryRun;

  @Option(
      names = "--timeout",
      paramLabel = "D",
      defaultValue = "120s",
      converter = DurationConverter.class,
      description = "Time that the function has (default: ${DEFAULT-VALUE}, as in Lambda).")
  private Duration timeout = Duration.ZERO;

  @Option(names = "--json", description = "Print the report as JSON, and nothing else, on stdout.")
  private boolean json;

  ReplayCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  /** The arguments as a request. */
  ReplayRequest request() {
    return new ReplayRequest(event, config, dryRun, timeout, json);
  }

  @Override
  public Integer call() {
    ReplayRequest request = request();
    ReplayResult result =
        Waiting.during(terminal, "the function is at work", () -> ReplayFlow.run(request));
    print(result, request.json());
    if (result instanceof ReplayResult.Attached(AttachReport report, boolean readable)
        && !readable) {
      terminal.err().println("multus-eni: the event is broken: " + report.message());
    }
    return result.exitCode();
  }

  private void print(ReplayResult result, boolean asJson) {
    ReportPrinter people = new ReportPrinter(terminal);
    switch (result) {
      case ReplayResult.Attached attached when asJson ->
          terminal.out().println(JsonOut.text(attached.report()));
      case ReplayResult.Attached attached -> people.replayed(attached.report());
      case ReplayResult.Swept swept when asJson ->
          terminal.out().println(JsonOut.text(swept.report()));
      case ReplayResult.Swept swept -> people.swept(swept.report());
    }
    terminal.out().flush();
  }
}
