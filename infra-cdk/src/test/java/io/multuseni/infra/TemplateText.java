// SPDX-License-Identifier: Apache-2.0
package io.multuseni.infra;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * A template as a person reads it: YAML, with references in the midst of text as <code>${…}</code>,
 * JSON in text laid open, and without what changes with each build (hashes) or belongs to the CDK.
 * CloudFormation can't read it.
 */
final class TemplateText {
  /** Longer text, in characters, is shown by its digest; it has tests of its own. */
  private static final int TEXT_MAX = 600;

  private static final int DIGEST_LENGTH = 12;
  private static final Pattern ASSET = Pattern.compile("[0-9a-f]{64}");

  /** The CDK's name of a version: a part for its path, and one for what is in it. */
  private static final Pattern VERSION = Pattern.compile("(Version[0-9A-F]{8})[0-9a-f]{32}");

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final ObjectMapper YAML =
      new ObjectMapper(
          YAMLFactory.builder()
              .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)
              .disable(YAMLGenerator.Feature.SPLIT_LINES)
              .enable(YAMLGenerator.Feature.MINIMIZE_QUOTES)
              .enable(YAMLGenerator.Feature.LITERAL_BLOCK_STYLE)
              .build());

  private TemplateText() {}

  /** Of a template as the CDK's assertions give it. */
  static String of(Map<String, Object> template) {
    ObjectNode root = JSON.valueToTree(template);
    root.remove("Rules");
    if (root.get("Parameters") instanceof ObjectNode parameters) {
      parameters.remove("BootstrapVersion");
      if (parameters.isEmpty()) {
        root.remove("Parameters");
      }
    }
    // cdk-nag's suppressions and the CDK's paths.
    root.path("Resources").forEach(resource -> ((ObjectNode) resource).remove("Metadata"));
    try {
      return YAML.writeValueAsString(readable(root));
    } catch (JsonProcessingException e) {
      throw new AssertionError(e);
    }
  }

  private static JsonNode readable(JsonNode node) {
    if (node.isTextual()) {
      return text(node.asText());
    }
    if (node instanceof ArrayNode array) {
      ArrayNode copy = JSON.createArrayNode();
      array.forEach(one -> copy.add(readable(one)));
      return copy;
    }
    if (node instanceof ObjectNode object) {
      if (isReference(object) || object.at("/Fn::Join/0").asText("-").isEmpty()) {
        return text(inText(object));
      }
      ObjectNode copy = JSON.createObjectNode();
      object.properties().forEach(one -> copy.set(stable(one.getKey()), readable(one.getValue())));
      return copy;
    }
    return node;
  }

  private static boolean isReference(ObjectNode node) {
    return node.size() == 1 && (node.has("Ref") || node.path("Fn::GetAtt").isArray());
  }

  /** What a reference, a text or a join of such is within a text. */
  private static String inText(JsonNode node) {
    if (node.isTextual()) {
      return node.asText();
    }
    if (node.has("Ref")) {
      return "${" + node.path("Ref").asText() + "}";
    }
    if (node.path("Fn::GetAtt").isArray()) {
      return "${"
          + node.at("/Fn::GetAtt/0").asText()
          + "."
          + node.at("/Fn::GetAtt/1").asText()
          + "}";
    }
    if (node.at("/Fn::Join/0").asText("-").isEmpty() && node.at("/Fn::Join/1").isArray()) {
      StringBuilder text = new StringBuilder();
      node.at("/Fn::Join/1").forEach(part -> text.append(inText(part)));
      return text.toString();
    }
    return "${" + node + "}";
  }

  private static JsonNode text(String raw) {
    String text = stable(raw);
    if (text.length() > TEXT_MAX) {
      return JSON.getNodeFactory()
          .textNode("<%d characters, %s>".formatted(text.length(), digest(text)));
    }
    if (text.startsWith("{") && text.endsWith("}")) {
      try {
        return JSON.createObjectNode().set("(JSON)", JSON.readTree(text));
      } catch (JsonProcessingException e) {
        // Shown as the text that it is.
        return JSON.getNodeFactory().textNode(text);
      }
    }
    return JSON.getNodeFactory().textNode(text);
  }

  private static String stable(String text) {
    return VERSION.matcher(ASSET.matcher(text).replaceAll("<asset>")).replaceAll("$1<version>");
  }

  private static String digest(String text) {
    try {
      byte[] hash = MessageDigest.getInstance("SHA-256").digest(text.getBytes(UTF_8));
      return HexFormat.of().formatHex(hash).substring(0, DIGEST_LENGTH);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
