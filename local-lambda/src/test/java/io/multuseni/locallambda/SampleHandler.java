// SPDX-License-Identifier: Apache-2.0
package io.multuseni.locallambda;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import org.crac.Core;
import org.crac.Resource;

/** A function that does what its event says. */
public final class SampleHandler implements RequestHandler<Map<String, String>, Object> {
  // The hooks' context keeps only a weak reference.
  private final Resource hooks =
      new Resource() {
        @Override
        public void beforeCheckpoint(org.crac.Context<? extends Resource> context) {
          say("before checkpoint");
        }

        @Override
        public void afterRestore(org.crac.Context<? extends Resource> context) {
          say("after restore");
        }
      };

  private int invocations;

  /** Registers its hooks, and fails where its environment says so. */
  public SampleHandler() {
    Core.getGlobalContext().register(hooks);
    String failure = System.getenv("FAIL_INIT");
    if (failure != null) {
      throw new IllegalStateException(failure);
    }
    say("init");
  }

  @Override
  public Object handleRequest(Map<String, String> event, Context context) {
    invocations++;
    switch (event.getOrDefault("do", "")) {
      case "fail" -> throw new IllegalArgumentException(event.get("with"));
      case "exit" -> System.exit(3);
      case "hang" -> hang();
      case "say" -> say(String.valueOf(event.get("with")));
      default -> {
        return Map.of(
            "environment",
            new TreeMap<>(System.getenv()),
            "classPath",
            System.getProperty("java.class.path"),
            "folder",
            System.getProperty("user.dir"),
            "javaHome",
            System.getProperty("java.home"),
            "maxHeap",
            Runtime.getRuntime().maxMemory(),
            "left",
            context.getRemainingTimeInMillis(),
            "requestId",
            context.getAwsRequestId());
      }
    }
    return Map.of("invocations", invocations);
  }

  private static void hang() {
    try {
      new CountDownLatch(1).await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @SuppressWarnings("SystemOut") // As functions do.
  private static void say(String line) {
    System.out.println(line);
    System.err.println(line + " as an error");
  }
}
