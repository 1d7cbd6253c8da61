// SPDX-License-Identifier: Apache-2.0
package io.multuseni.cli;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code multus-eni}: what the launcher script at the root of the repository starts. */
@Command(
    name = "multus-eni",
    description = "Extra network interfaces for Multus pods on Amazon EKS.",
    synopsisSubcommandLabel = "COMMAND",
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class,
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:the goal is reached",
      "1:the goal is not reached; the output says why",
      "2:bad usage or input"
    })
public final class Main implements Runnable {
  @Spec private CommandSpec spec;

  // Picocli sets the field; nothing else makes this object.
  @SuppressWarnings("NullAway.Init")
  Main() {}

  /** Runs a command line and exits with its code. */
  public static void main(String[] args) {
    PrintWriter out = new PrintWriter(System.out, true, StandardCharsets.UTF_8);
    PrintWriter err = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
    int code = run(new Terminal(out, err, Terminal.Looks.ofProcess()), args);
    out.flush();
    err.flush();
    System.exit(code);
  }

  /**
   * Runs a command line.
   *
   * @param terminal where it prints
   * @param args its arguments
   * @return the exit code
   */
  static int run(Terminal terminal, String... args) {
    CommandLine line = commandLine(terminal);
    return line.execute(args);
  }

  /** The whole command, ready to parse. */
  static CommandLine commandLine(Terminal terminal) {
    CommandLine line =
        new CommandLine(new Main())
            .addSubcommand(new DemoCommand(terminal))
            .addSubcommand(new ReplayCommand(terminal))
            .addSubcommand(new ReconcileCommand(terminal))
            .setOut(terminal.out())
            .setErr(terminal.err())
            .setColorScheme(
                CommandLine.Help.defaultColorScheme(
                    terminal.looks().colours() ? Ansi.ON : Ansi.OFF))
            .setCaseInsensitiveEnumValuesAllowed(true);
    // Set last: both reach the subcommands that are there by now.
    line.setParameterExceptionHandler(Main::badUsage);
    line.setExecutionExceptionHandler(Main::failed);
    return line;
  }

  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(), "a command is missing: demo, replay or reconcile");
  }

  private static int badUsage(ParameterException e, String[] args) {
    CommandLine line = e.getCommandLine();
    PrintWriter err = line.getErr();
    err.println("multus-eni: " + e.getMessage());
    CommandLine.UnmatchedArgumentException.printSuggestions(e, err);
    err.println("Try '" + line.getCommandSpec().qualifiedName() + " --help'.");
    return CommandLine.ExitCode.USAGE;
  }

  private static int failed(Exception e, CommandLine line, CommandLine.ParseResult parsed) {
    if (e instanceof BadInputException bad) {
      line.getErr().println("multus-eni: " + bad.getMessage());
      return CommandLine.ExitCode.USAGE;
    }
    // Nothing is known about this one, so whoever reads it needs all of it.
    line.getErr().println("multus-eni: failed unexpectedly");
    e.printStackTrace(line.getErr());
    return CommandLine.ExitCode.SOFTWARE;
  }

  /** The version that the build wrote into the jar. */
  static final class Version implements CommandLine.IVersionProvider {
    @Override
    public String[] getVersion() {
      String version = Main.class.getPackage().getImplementationVersion();
      return new String[] {"multus-eni " + (version == null ? "(not packaged)" : version)};
    }
  }
}
