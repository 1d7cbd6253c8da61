// SPDX-License-Identifier: Apache-2.0
package io.multuseni.eniattach;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.multuseni.localcloud.autoscaling.LifecycleActionView;
import io.multuseni.localcloud.ec2.AttachmentView;
import io.multuseni.localcloud.ec2.InterfaceView;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Lifecycle events as text, and the actions and interfaces in the world that belong to them. */
final class Lifecycle {
  private static final ObjectMapper JSON = new ObjectMapper();

  private Lifecycle() {}

  /** Lets something happen and gives the lifecycle events that it led to. */
  static List<String> eventsOf(Scene scene, Runnable happening) throws InterruptedException {
    int before = scene.events.size();
    happening.run();
    assertThat(scene.cloud.events().awaitIdle(Duration.ofSeconds(5))).isTrue();
    List<String> lifecycle = new ArrayList<>();
    for (String event : scene.events.subList(before, scene.events.size())) {
      if (event.contains("LifecycleActionToken")) {
        lifecycle.add(event);
      }
    }
    return lifecycle;
  }

  /** The only lifecycle event that something leads to. */
  static String eventOf(Scene scene, Runnable happening) throws InterruptedException {
    List<String> events = eventsOf(scene, happening);
    assertThat(events).hasSize(1);
    return events.getFirst();
  }

  static JsonNode tree(String json) {
    try {
      return JSON.readTree(json);
    } catch (JsonProcessingException e) {
      throw new AssertionError(e);
    }
  }

  static String instanceOf(String event) {
    return tree(event).at("/detail/EC2InstanceId").asText();
  }

  /** The event with another value in a field of its detail. */
  static String with(String event, String field, String value) {
    JsonNode changed = tree(event);
    ((ObjectNode) changed.get("detail")).put(field, value);
    return changed.toString();
  }

  /** The lifecycle action that an event tells of. */
  static LifecycleActionView actionOf(Scene scene, String event) {
    String token = tree(event).at("/detail/LifecycleActionToken").asText();
    return scene.cloud.world().lifecycleActions().stream()
        .filter(action -> action.token().equals(token))
        .findFirst()
        .orElseThrow();
  }

  /** What is attached to an instance beside its primary interface, by card and device index. */
  static List<InterfaceView> attachedTo(Scene scene, String instanceId) {
    return scene.cloud.world().instance(instanceId).interfaces().stream()
        .filter(one -> attachment(one).deviceIndex() > 0)
        .toList();
  }

  static AttachmentView attachment(InterfaceView one) {
    return one.attachment().orElseThrow();
  }

  /** The results that were told to Auto Scaling, refused calls included. */
  static List<String> toldResults(Scene scene) {
    return scene.cloud.calls().of("CompleteLifecycleAction").stream()
        .map(call -> String.valueOf(call.params().get("LifecycleActionResult")))
        .toList();
  }
}
