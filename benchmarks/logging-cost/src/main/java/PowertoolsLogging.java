// SPDX-License-Identifier: Apache-2.0
import org.slf4j.LoggerFactory;
import software.amazon.lambda.powertools.logging.argument.StructuredArguments;

/** The same line through Powertools Logging on log4j. */
public class PowertoolsLogging {
  public record Report(String outcome, int interfaces) {}

  public static void main(String[] args) {
    LoggerFactory.getLogger(PowertoolsLogging.class)
        .info("done", StructuredArguments.entry("report", new Report("CONTINUE", 2)));
  }
}
