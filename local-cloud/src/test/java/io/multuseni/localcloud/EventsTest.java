// SPDX-License-Identifier: Apache-2.0
package io.multuseni.localcloud;

import static org.assertj.core.api.Assertions.assertThat;

import io.multuseni.localcloud.autoscaling.HookSpec;
import io.multuseni.localcloud.autoscaling.LifecycleActionView;
import io.multuseni.localcloud.autoscaling.WarmPoolSpec;
import io.multuseni.localcloud.events.DeliveryPolicy;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What events look like, and the ways they arrive. */
class EventsTest {
  private static final Duration SOON = Duration.ofSeconds(5);

  private final Fixture f = Fixture.start();

  @AfterEach
  void close() {
    f.close();
  }

  private final List<String> received = new CopyOnWriteArrayList<>();

  private String launch(HookSpec... hooks) {
    var spec = f.spec();
    for (HookSpec hook : hooks) {
      spec = spec.withHook(hook);
    }
    f.world.autoScalingGroup("workers", spec);
    return f.world.scaleOut("workers", 1).getFirst();
  }

  private void complete(String hook, String instance, String result) {
    f.autoScaling.completeLifecycleAction(r ->
        r.autoScalingGroupName("workers")
            .lifecycleHookName(hook)
            .instanceId(instance)
            .lifecycleActionResult(result));
  }

  private List<String> history() {
    return f.cloud.events().history();
  }

  @Test
  void tellsALaunchActionWithEveryField() {
    String instance =
        launch(HookSpec.launching("attach").withNotificationMetadata("{\"cluster\":\"prod\"}"));
    LifecycleActionView action = f.world.lifecycleActions().getFirst();
    String arn = f.world.group("workers").arn();

    String event = history().getFirst();

    String id = event.substring(event.indexOf("\"id\":\"") + 6, event.indexOf("\",\"detail-type"));
    assertThat(id).hasSize(36);
    assertThat(event.replace(id, "ID"))
        .isEqualTo(
            "{\"version\":\"0\",\"id\":\"ID\","
                + "\"detail-type\":\"EC2 Instance-launch Lifecycle Action\","
                + "\"source\":\"aws.autoscaling\",\"account\":\"123456789012\","
                + "\"time\":\"2026-03-01T12:00:00Z\",\"region\":\"us-east-1\","
                + "\"resources\":[\""
                + arn
                + "\"],\"detail\":{\"LifecycleActionToken\":\""
                + action.token()
                + "\",\"AutoScalingGroupName\":\"workers\",\"LifecycleHookName\":\"attach\","
                + "\"EC2InstanceId\":\""
                + instance
                + "\",\"LifecycleTransition\":\"autoscaling:EC2_INSTANCE_LAUNCHING\","
                + "\"NotificationMetadata\":\"{\\\"cluster\\\":\\\"prod\\\"}\","
                + "\"Origin\":\"EC2\",\"Destination\":\"AutoScalingGroup\"}}");
  }

  @Test
  void leavesOutMetadataThatAHookDoesNotHave() {
    launch(HookSpec.launching("attach"));

    assertThat(history().getFirst()).doesNotContain("NotificationMetadata");
  }

  @Test
  void tellsOneActionPerHook() {
    launch(HookSpec.launching("attach"), HookSpec.launching("eks"));

    assertThat(history()).hasSize(2);
    assertThat(history().get(1)).contains("\"LifecycleHookName\":\"eks\"");
  }

  @Test
  void tellsSuccessFailureAndTermination() {
    String abandoned = launch(HookSpec.launching("attach"), HookSpec.terminating("drain"));
    complete("attach", abandoned, "ABANDON");
    String replacement = f.world.group("workers").lifecycleStates().keySet().iterator().next();
    complete("attach", replacement, "CONTINUE");
    f.world.scaleIn(replacement);
    complete("drain", replacement, "CONTINUE");

    assertThat(history())
        .extracting(EventsTest::detailType)
        .containsExactly(
            "EC2 Instance-launch Lifecycle Action",
            "EC2 Instance Launch Unsuccessful",
            "EC2 Instance-launch Lifecycle Action",
            "EC2 Instance Launch Successful",
            "EC2 Instance-terminate Lifecycle Action",
            "EC2 Instance Terminate Successful");
    assertThat(history().get(1))
        .contains("\"StatusCode\":\"Failed\"")
        .doesNotContain("\"Description\"");
    assertThat(history().get(3))
        .contains(
            "\"StatusCode\":\"InProgress\"",
            "\"Description\":\"Launching a new EC2 instance: " + replacement + "\"",
            "\"Details\":{\"Availability Zone\":\"us-east-1b\",\"Subnet ID\":\"" + f.subnetB,
            "\"StatusMessage\":\"\"",
            ":instance/" + replacement + "\"]");
    assertThat(history().get(4))
        .contains("\"Origin\":\"AutoScalingGroup\",\"Destination\":\"EC2\"");
  }

  private static String detailType(String event) {
    String key = "\"detail-type\":\"";
    int start = event.indexOf(key) + key.length();
    return event.substring(start, event.indexOf('"', start));
  }

  @Test
  void tellsWhereAWarmInstanceComesFromAndGoesTo() {
    f.world.autoScalingGroup(
        "workers",
        f.spec().withHook(HookSpec.launching("attach")).withWarmPool(WarmPoolSpec.ofStopped()));
    String instance = f.world.launchIntoWarmPool("workers", 1).getFirst();
    complete("attach", instance, "CONTINUE");
    f.world.warmPoolToService(instance);

    assertThat(history().get(0)).contains("\"Origin\":\"EC2\",\"Destination\":\"WarmPool\"");
    assertThat(history().get(1)).contains("\"Origin\":\"EC2\",\"Destination\":\"WarmPool\"");
    assertThat(history().get(2))
        .contains("\"Origin\":\"WarmPool\",\"Destination\":\"AutoScalingGroup\"");
  }

  @Test
  void letsASubscriberCallTheCloud() throws InterruptedException {
    f.cloud
        .events()
        .subscribe(event -> {
          if (detailType(event).equals("EC2 Instance-launch Lifecycle Action")) {
            complete("attach", f.world.instances().getFirst().id(), "CONTINUE");
          }
        });

    launch(HookSpec.launching("attach"));

    assertThat(f.cloud.events().awaitIdle(SOON)).isTrue();
    assertThat(f.cloud.events().failures()).isEmpty();
    assertThat(f.world.group("workers").lifecycleStates()).containsValue("InService");
  }

  @Test
  void deliversOnceByDefault() throws InterruptedException {
    receive(DeliveryPolicy.once());
    assertThat(received).containsExactlyElementsOf(history()).hasSize(1);
  }

  @Test
  void deliversTwice() throws InterruptedException {
    receive(DeliveryPolicy.twice());
    assertThat(received).containsExactly(history().getFirst(), history().getFirst());
  }

  @Test
  void deliversTwiceAtTheSameTime() throws InterruptedException {
    // Each copy waits for the other one: delivered one after the other, both would fail.
    CyclicBarrier both = new CyclicBarrier(2);
    f.cloud.events().policy(DeliveryPolicy.concurrentTwice());
    f.cloud
        .events()
        .subscribe(event -> {
          try {
            both.await(5, TimeUnit.SECONDS);
            received.add(event);
          } catch (Exception e) {
            throw new IllegalStateException(e);
          }
        });

    launch(HookSpec.launching("attach"));

    assertThat(f.cloud.events().awaitIdle(SOON)).isTrue();
    assertThat(f.cloud.events().failures()).isEmpty();
    assertThat(received).hasSize(2);
  }

  @Test
  void dropsEventsButKeepsThemInTheHistory() throws InterruptedException {
    receive(DeliveryPolicy.drop());
    assertThat(received).isEmpty();
    assertThat(history()).hasSize(1);
  }

  @Test
  void dropsTheNextEventsOnly() throws InterruptedException {
    receive(DeliveryPolicy.dropNext(2));
    f.world.scaleOut("workers", 2);
    assertThat(f.cloud.events().awaitIdle(SOON)).isTrue();

    assertThat(received).containsExactly(history().get(2));
  }

  @Test
  void deliversLateOnTheCloudsClock() throws InterruptedException {
    receive(DeliveryPolicy.delay(Duration.ofMinutes(1)));
    f.pass(Duration.ofSeconds(59));
    assertThat(f.cloud.events().awaitIdle(SOON)).isTrue();
    assertThat(received).isEmpty();

    f.pass(Duration.ofSeconds(1));
    assertThat(f.cloud.events().awaitIdle(SOON)).isTrue();
    assertThat(received).hasSize(1);
  }

  private void receive(DeliveryPolicy policy) throws InterruptedException {
    f.cloud.events().policy(policy);
    f.cloud.events().subscribe(received::add);
    launch(HookSpec.launching("attach"));
    assertThat(f.cloud.events().awaitIdle(SOON)).isTrue();
  }

  @Test
  void redeliversOnDemand() throws InterruptedException {
    receive(DeliveryPolicy.drop());
    f.cloud.events().redeliver(history().getFirst());

    assertThat(f.cloud.events().awaitIdle(SOON)).isTrue();
    assertThat(received).containsExactly(history().getFirst());
  }

  @Test
  void keepsWhatSubscribersThrow() throws InterruptedException {
    f.cloud
        .events()
        .subscribe(event -> {
          throw new IllegalStateException("broken");
        });
    receive(DeliveryPolicy.once());

    assertThat(f.cloud.events().failures())
        .singleElement()
        .isInstanceOf(IllegalStateException.class);
    assertThat(received).hasSize(1);
  }
}
