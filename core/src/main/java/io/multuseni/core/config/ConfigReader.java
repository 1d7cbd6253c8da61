// SPDX-License-Identifier: Apache-2.0
package io.multuseni.core.config;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Reads a configuration: YAML as people write it, JSON as the function gets it in {@code
 * MULTUS_ENI_CONFIG}. Both have one schema, which docs/configuration.md describes.
 */
public final class ConfigReader {
  private static final ObjectMapper JSON =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();
  private static final ObjectMapper YAML =
      YAMLMapper.builder(new StrictYamlFactory())
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private ConfigReader() {}

  /**
   * Reads YAML.
   *
   * @param text the whole file
   * @throws ConfigException with every problem of the text
   */
  public static ProvisionerConfig readYaml(String text) throws ConfigException {
    return read(YAML, text);
  }

  /**
   * Reads JSON.
   *
   * @param text the whole object
   * @throws ConfigException with every problem of the text
   */
  public static ProvisionerConfig readJson(String text) throws ConfigException {
    return read(JSON, text);
  }

  /**
   * Reads what only the deployment knows: a JSON object with the keys {@code endpoint}, {@code
   * certificateAuthority} and {@code autoScalingGroups}, each of which may be missing.
   *
   * @param text the whole object
   * @throws ConfigException with every problem of the text
   */
  public static DeployedFacts readDeployed(String text) throws ConfigException {
    List<ConfigProblem> problems = new ArrayList<>();
    DeployedFacts facts = ConfigValidator.deployed(ConfigNode.root(tree(JSON, text), problems));
    if (!problems.isEmpty()) {
      throw new ConfigException(problems);
    }
    return facts;
  }

  private static ProvisionerConfig read(ObjectMapper mapper, String text) throws ConfigException {
    ConfigValidator.Result result = ConfigValidator.validate(tree(mapper, text));
    if (result.config().isEmpty()) {
      throw new ConfigException(result.problems());
    }
    return result.config().get();
  }

  private static JsonNode tree(ObjectMapper mapper, String text) throws ConfigException {
    try {
      return mapper.readTree(text);
    } catch (JsonProcessingException e) {
      throw new ConfigException(
          List.of(syntax(Optional.ofNullable(e.getLocation()), e.getOriginalMessage())));
    } catch (RuntimeException e) {
      // The YAML reader lets a few exceptions of its own through, for odd scalars mostly.
      throw new ConfigException(List.of(syntax(Optional.empty(), String.valueOf(e.getMessage()))));
    }
  }

  private static ConfigProblem syntax(Optional<JsonLocation> location, String message) {
    return new ConfigProblem(
        location.map(ConfigReader::at).orElse("(whole text)"),
        "can't be read: " + firstLine(message),
        "correct the syntax there");
  }

  private static String at(JsonLocation location) {
    return "line " + location.getLineNr() + ", column " + location.getColumnNr();
  }

  private static String firstLine(String message) {
    return message.lines().findFirst().orElse("");
  }
}
