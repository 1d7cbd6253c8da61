// SPDX-License-Identifier: Apache-2.0
package io.multuseni.localcloud;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.awscore.exception.AwsServiceException;

/** Many callers at once see one world. */
class ConcurrencyTest {
  private static final int CALLERS = 32;

  private final Fixture f = Fixture.start();

  @AfterEach
  void close() {
    f.close();
  }

  private List<String> together(Callable<String> call) throws Exception {
    try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<String>> futures = new ArrayList<>();
      for (int i = 0; i < CALLERS; i++) {
        futures.add(callers.submit(call));
      }
      List<String> results = new ArrayList<>();
      for (Future<String> future : futures) {
        results.add(future.get());
      }
      return results;
    }
  }

  @Test
  void letsOneOfManyTakeASlot() throws Exception {
    String instance = f.launch();

    List<String> results =
        together(() -> {
          try {
            return f.attach(f.create(), instance, 1);
          } catch (AwsServiceException e) {
            return e.awsErrorDetails().errorCode();
          }
        });

    assertThat(results).filteredOn(r -> r.startsWith("eni-attach-")).hasSize(1);
    assertThat(results).filteredOn("InvalidParameterValue"::equals).hasSize(CALLERS - 1);
  }

  @Test
  void givesOneInterfaceToManyWithTheSameToken() throws Exception {
    List<String> results =
        together(() ->
            f.ec2
                .createNetworkInterface(r -> r.subnetId(f.subnetA).clientToken("one"))
                .networkInterface()
                .networkInterfaceId());

    assertThat(new HashSet<>(results)).hasSize(1);
    assertThat(f.world.interfaces()).hasSize(1);
  }

  @Test
  void recordsEveryCall() throws Exception {
    assertThat(together(f::create)).doesNotHaveDuplicates();

    assertThat(f.cloud.calls().counts()).containsEntry("CreateNetworkInterface", CALLERS);
  }
}
