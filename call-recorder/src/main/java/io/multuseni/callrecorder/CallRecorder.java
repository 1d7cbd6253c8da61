// SPDX-License-Identifier: Apache-2.0
package io.multuseni.callrecorder;

import io.multuseni.aws.pacing.CountingInterceptor;
import io.multuseni.core.config.ProvisionerConfig;
import io.multuseni.localcloud.LocalCloud;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListSet;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.core.interceptor.SdkExecutionAttribute;

/**
 * Records what the functions ask of AWS in their tests: the action, its resources with the tags
 * that they have at that moment, and the tags in the request. Every client on the class path has it
 * (file {@code execution.interceptors}); it heeds calls to a registered cloud that carry the edge's
 * counter, so that what a test itself does to the cloud is left out.
 *
 * <p>At the end of the JVM it writes the distinct ones to {@code target/recorded-calls.jsonl}:
 * first a line that tells whether all tests were to run, then a line for each call. A JVM without
 * such calls writes nothing.
 */
public final class CallRecorder implements ExecutionInterceptor {
  private static final Path FILE = Path.of("target", "recorded-calls.jsonl");
  private static final Map<Integer, Account> ACCOUNTS = new ConcurrentHashMap<>();
  private static final NavigableSet<String> CALLS = new ConcurrentSkipListSet<>();

  static {
    Runtime.getRuntime().addShutdownHook(new Thread(CallRecorder::write, "call-recorder"));
  }

  /** For the SDK. */
  public CallRecorder() {}

  /**
   * From now on, calls to a cloud are recorded as made under a configuration.
   *
   * @param cloud the cloud
   * @param config what the function is configured with
   */
  public static void record(LocalCloud cloud, ProvisionerConfig config) {
    ACCOUNTS.compute(
        cloud.endpoint().getPort(),
        (port, known) ->
            known != null && known.cloud() == cloud
                ? known.under(config)
                : new Account(cloud, config));
  }

  /** Nothing more is recorded of a cloud: its port may soon be another's. */
  public static void forget(LocalCloud cloud) {
    ACCOUNTS.remove(cloud.endpoint().getPort());
  }

  @Override
  public void beforeTransmission(
      Context.BeforeTransmission context, ExecutionAttributes attributes) {
    account(context.httpRequest().port(), attributes)
        .ifPresent(account ->
            CALLS.addAll(
                account.linesOf(
                    attributes.getAttribute(SdkExecutionAttribute.SERVICE_NAME),
                    attributes.getAttribute(SdkExecutionAttribute.OPERATION_NAME),
                    context.request())));
  }

  @Override
  public void afterExecution(Context.AfterExecution context, ExecutionAttributes attributes) {
    account(context.httpRequest().port(), attributes)
        .ifPresent(account -> account.learn(context.response()));
  }

  private static Optional<Account> account(int port, ExecutionAttributes attributes) {
    return attributes.getAttribute(CountingInterceptor.COUNTER) == null
        ? Optional.empty()
        : Optional.ofNullable(ACCOUNTS.get(port));
  }

  private static void write() {
    if (CALLS.isEmpty()) {
      return;
    }
    List<String> lines = new ArrayList<>();
    lines.add("{\"complete\":%b}".formatted(allTestsRun()));
    lines.addAll(CALLS);
    try {
      Files.createDirectories(FILE.toAbsolutePath().getParent());
      Files.write(FILE, lines);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Surefire and Failsafe hand these properties of the command line on. */
  private static boolean allTestsRun() {
    return System.getProperty("test") == null && System.getProperty("it.test") == null;
  }
}
