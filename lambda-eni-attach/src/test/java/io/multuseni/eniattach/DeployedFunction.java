// SPDX-License-Identifier: Apache-2.0
package io.multuseni.eniattach;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import io.multuseni.locallambda.Invocation;
import io.multuseni.locallambda.LocalLambda;
import io.multuseni.locallambda.Settings;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A function as it is deployed: the shrunk jar in a process of its own, on the system's clock,
 * against a scene's cloud.
 */
final class DeployedFunction implements AutoCloseable {
  /** Failsafe runs in the module's folder. */
  static final Path JAR = Path.of("target", "lambda-eni-attach-function.jar");

  static final String ATTACH = "io.multuseni.eniattach.EniAttachHandler";
  static final String SWEEP = "io.multuseni.eniattach.EniSweepHandler";
  static final String CONFIG = "/multus-eni/core5g/config";
  static final String DEPLOYED = "/multus-eni/core5g/deployed";

  private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());

  private final LocalLambda function;

  private DeployedFunction(LocalLambda function) {
    this.function = function;
  }

  static DeployedFunction attach(Scene scene) {
    return new DeployedFunction(LocalLambda.start(settings(scene, ATTACH)));
  }

  static DeployedFunction attach(Scene scene, Duration timeout) {
    return new DeployedFunction(LocalLambda.start(settings(scene, ATTACH).withTimeout(timeout)));
  }

  static DeployedFunction sweep(Scene scene) {
    return new DeployedFunction(LocalLambda.start(settings(scene, SWEEP)));
  }

  static DeployedFunction start(Settings settings) {
    return new DeployedFunction(LocalLambda.start(settings));
  }

  /** With the scene's configuration in its environment. */
  static Settings settings(Scene scene, String handler) {
    return settings(scene, handler, Map.of("MULTUS_ENI_CONFIG", json(scene)));
  }

  /** With parameters' names in its environment; what they say is up to the scene's cloud. */
  static Settings configuredByParameters(Scene scene, String handler) {
    return settings(
        scene,
        handler,
        Map.of("MULTUS_ENI_CONFIG_PARAMETER", CONFIG, "MULTUS_ENI_DEPLOYED_PARAMETER", DEPLOYED));
  }

  private static Settings settings(Scene scene, String handler, Map<String, String> configuration) {
    Map<String, String> environment = new HashMap<>(configuration);
    environment.put("AWS_ENDPOINT_URL", scene.cloud.endpoint().toString());
    return Settings.of(JAR, handler, environment).withTimeout(Duration.ofMinutes(2));
  }

  /** Hands it an event. */
  Invocation invoke(String event) {
    return function.invoke(event);
  }

  /** What it has written since its start. */
  List<String> log() {
    return function.log();
  }

  /** Its report of an event that it sees through. */
  JsonNode report(String event) {
    return Lifecycle.tree(invoke(event).result());
  }

  /** Its report, which must be CONTINUE. */
  JsonNode continued(String event) {
    JsonNode report = report(event);
    assertThat(report.path("outcome").asText()).as(report.toString()).isEqualTo("CONTINUE");
    return report;
  }

  @Override
  public void close() {
    function.close();
  }

  /** An event as if it had happened now. */
  static String now(String event) {
    return event.replaceFirst(
        "(\"time\"\\s*:\\s*)\"[^\"]*\"", "$1\"" + Instant.now().toString() + "\"");
  }

  /** The scene's configuration as JSON. */
  static String json(Scene scene) {
    try {
      return YAML.readTree(scene.configYaml()).toString();
    } catch (JsonProcessingException e) {
      throw new AssertionError(e);
    }
  }
}
