// SPDX-License-Identifier: Apache-2.0
package io.multuseni.cli;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code multus-eni demo}. */
@Command(
    name = "demo",
    mixinStandardHelpOptions = true,
    description = {
      "A node group scales out on an embedded EC2 and Auto Scaling endpoint: real events, the real"
          + " function, the real AWS SDK. Then pods start, one moves and one goes on an embedded"
          + " Kubernetes API, and the real reconcile function follows them. No AWS account and no"
          + " cluster are needed or touched.",
      "Durations are 100ms, 1.7s, 2m or a number of seconds."
    })
final class DemoCommand implements Callable<Integer> {
  private final Terminal terminal;

  @Option(
      names = "--nodes",
      paramLabel = "N",
      defaultValue = "3",
      description = "Nodes to launch at once, 1 to 1000 (default: ${DEFAULT-VALUE}).")
  private int nodes;

  @Option(
      names = "--networks",
      paramLabel = "K",
      defaultValue = "2",
      description = "Networks of each node (default: ${DEFAULT-VALUE}).")
  private int networks;

  @Option(
      names = "--instance-type",
      paramLabel = "T",
      defaultValue = "m5.4xlarge",
      description = "Their instance type (default: ${DEFAULT-VALUE}).")
  private String instanceType = "";

  @Option(
      names = "--latency",
      paramLabel = "D",
      defaultValue = "0",
      converter = DurationConverter.class,
      description = "Time added to each API call (default: ${DEFAULT-VALUE}).")
  private Duration latency = Duration.ZERO;

  @Option(
      names = "--attach-time",
      paramLabel = "D",
      defaultValue = "0",
      converter = DurationConverter.class,
      description = "Time that an attachment takes (default: ${DEFAULT-VALUE}).")
  private Duration attachTime = Duration.ZERO;

  @Option(
      names = "--boot-time",
      paramLabel = "D",
      defaultValue = "0",
      converter = DurationConverter.class,
      description = "Time that an instance is pending (default: ${DEFAULT-VALUE}).")
  private Duration bootTime = Duration.ZERO;

  @Option(names = "--json", description = "Print the result as JSON, and nothing else, on stdout.")
  private boolean json;

  DemoCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  /** The arguments as a request. */
  DemoRequest request() {
    return new DemoRequest(nodes, networks, instanceType, latency, attachTime, bootTime, json);
  }

  @Override
  public Integer call() throws InterruptedException {
    DemoRequest request = request();
    DemoResult result = new DemoFlow(request, new Progress(terminal, Instant.now())).run();
    DemoPrinter printer = new DemoPrinter(terminal);
    if (request.json()) {
      printer.json(result);
    } else {
      printer.people(result);
    }
    return result.problems().isEmpty() ? 0 : 1;
  }
}
