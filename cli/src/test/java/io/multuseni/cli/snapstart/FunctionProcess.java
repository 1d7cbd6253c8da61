// SPDX-License-Identifier: Apache-2.0
package io.multuseni.cli.snapstart;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.events.ScheduledEvent;
import com.amazonaws.services.lambda.runtime.serialization.events.LambdaEventSerializers;
import io.multuseni.base.Json;
import io.multuseni.cli.snapstart.crac.Core;
import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A function alone in a JVM, made as Lambda makes it. It does what each line of its standard input
 * says, and tells what came of it on a line of its standard output.
 */
final class FunctionProcess {
  /** What a line for the caller begins with; the others are the function's log. */
  static final String MARK = "@@";

  private final RequestHandler<ScheduledEvent, ?> handler;
  private final PrintStream out =
      new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);

  private FunctionProcess(RequestHandler<ScheduledEvent, ?> handler) {
    this.handler = handler;
  }

  /**
   * Runs until its input ends.
   *
   * @param args the handler's class
   */
  @SuppressWarnings({"unchecked", "rawtypes"}) // All handlers here take this event.
  public static void main(String... args) throws Exception {
    Class<? extends RequestHandler> handler =
        Class.forName(args[0]).asSubclass(RequestHandler.class);
    new FunctionProcess(
            (RequestHandler<ScheduledEvent, ?>) handler.getDeclaredConstructor().newInstance())
        .serve();
  }

  private void serve() throws Exception {
    tell(new LinkedHashMap<>());
    BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      long before = loaded();
      Map<String, Object> answer = new LinkedHashMap<>();
      if (line.equals("checkpoint")) {
        // CRaC's context keeps weak references only.
        System.gc();
        Core.getGlobalContext().beforeCheckpoint();
      } else if (line.equals("restore")) {
        Core.getGlobalContext().afterRestore();
      } else {
        invoke(line, answer);
      }
      answer.put("loaded", loaded() - before);
      tell(answer);
    }
  }

  private void invoke(String event, Map<String, Object> answer) {
    ScheduledEvent read =
        LambdaEventSerializers.serializerFor(
                ScheduledEvent.class, FunctionProcess.class.getClassLoader())
            .fromJson(new ByteArrayInputStream(event.getBytes(StandardCharsets.UTF_8)));
    try {
      answer.put("report", handler.handleRequest(read, context()));
    } catch (RuntimeException e) {
      answer.put("failure", String.valueOf(e.getMessage()));
    }
  }

  private static Context context() {
    return (Context)
        Proxy.newProxyInstance(
            FunctionProcess.class.getClassLoader(),
            new Class<?>[] {Context.class},
            (proxy, method, arguments) -> answer(method.getName()));
  }

  private static @Nullable Object answer(String method) {
    return method.equals("getRemainingTimeInMillis") ? 60_000 : null;
  }

  private static long loaded() {
    return ManagementFactory.getClassLoadingMXBean().getTotalLoadedClassCount();
  }

  private void tell(Map<String, Object> answer) {
    answer.put("resources", Core.getGlobalContext().size());
    out.println(MARK + Json.of(answer));
  }
}
