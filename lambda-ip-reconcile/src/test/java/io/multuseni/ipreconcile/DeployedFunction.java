// SPDX-License-Identifier: Apache-2.0
package io.multuseni.ipreconcile;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import io.multuseni.locallambda.Invocation;
import io.multuseni.locallambda.LocalLambda;
import io.multuseni.locallambda.Settings;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The function as it is deployed: the shrunk jar in a process of its own, on the system's clock,
 * against a scene's cloud, and against its cluster over TLS.
 */
final class DeployedFunction implements AutoCloseable {
  /** Failsafe runs in the module's folder. */
  static final Path JAR = Path.of("target", "lambda-ip-reconcile-function.jar");

  static final String CONFIG = "/multus-eni/core5g/config";
  static final String DEPLOYED = "/multus-eni/core5g/deployed";

  private static final String HANDLER = "io.multuseni.ipreconcile.IpReconcileHandler";
  private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());
  private static final ObjectMapper JSON = new ObjectMapper();

  private final LocalLambda function;

  private DeployedFunction(LocalLambda function) {
    this.function = function;
  }

  static DeployedFunction start(Settings settings) {
    return new DeployedFunction(LocalLambda.start(settings));
  }

  /** With the scene's configuration in its environment; EKS is asked for the way to the cluster. */
  static Settings configuredInline(ClusterScene scene, EksFront eks) {
    return settings(scene, eks, Map.of("MULTUS_ENI_CONFIG", json(scene)));
  }

  /** With parameters' names in its environment; what they say is up to the scene's cloud. */
  static Settings configuredByParameters(ClusterScene scene, EksFront eks) {
    return settings(
        scene,
        eks,
        Map.of("MULTUS_ENI_CONFIG_PARAMETER", CONFIG, "MULTUS_ENI_DEPLOYED_PARAMETER", DEPLOYED));
  }

  private static Settings settings(
      ClusterScene scene, EksFront eks, Map<String, String> configuration) {
    Map<String, String> environment = new HashMap<>(configuration);
    environment.put("AWS_ENDPOINT_URL", scene.cloud.endpoint().toString());
    environment.put("AWS_ENDPOINT_URL_EKS", eks.eksEndpoint());
    return Settings.of(JAR, HANDLER, environment);
  }

  /** The scene's configuration as JSON. */
  static String json(ClusterScene scene) {
    try {
      return YAML.readTree(scene.yaml()).toString();
    } catch (JsonProcessingException e) {
      throw new AssertionError(e);
    }
  }

  Invocation invoke() {
    return function.invoke("{\"source\": \"aws.events\"}");
  }

  JsonNode report() {
    return tree(invoke().result());
  }

  /** What it has written since its start. */
  List<String> log() {
    return function.log();
  }

  static JsonNode tree(String json) {
    try {
      return JSON.readTree(json);
    } catch (JsonProcessingException e) {
      throw new AssertionError(json, e);
    }
  }

  @Override
  public void close() {
    function.close();
  }
}
