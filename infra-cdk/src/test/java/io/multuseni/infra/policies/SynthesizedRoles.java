// SPDX-License-Identifier: Apache-2.0
package io.multuseni.infra.policies;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.multuseni.core.config.NodeGroup;
import io.multuseni.core.config.NodeGroup.EksManagedNodegroup;
import io.multuseni.core.config.ProvisionerConfig;
import io.multuseni.infra.BadInput;
import io.multuseni.infra.EniAttachStack;
import io.multuseni.infra.GroupNames;
import io.multuseni.infra.IpReconcileStack;
import io.multuseni.infra.Names;
import io.multuseni.infra.OutputFolder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.StreamSupport;
import software.amazon.awscdk.App;
import software.amazon.awscdk.AppProps;
import software.amazon.awscdk.Stack;
import software.amazon.awscdk.assertions.Template;

/**
 * The policies of the functions' roles as they stand in the templates of a configuration: inline,
 * managed, and what the CDK adds by itself. Pseudo parameters are those of {@link Configs#SCOPE},
 * attributes of other resources stay recognizable texts.
 *
 * @param attach the attach function's, one list per policy
 * @param sweep the sweep function's
 * @param reconcile the reconcile function's
 */
record SynthesizedRoles(
    List<List<Statement>> attach, List<List<Statement>> sweep, List<List<Statement>> reconcile) {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final Map<List<Object>, SynthesizedRoles> KNOWN = new HashMap<>();

  /** Synthesizes; once for each configuration and each set of names. */
  static SynthesizedRoles of(ProvisionerConfig config, GroupNames names) {
    Map<String, String> managed = new HashMap<>();
    for (NodeGroup group : config.nodeGroups()) {
      if (group.membership() instanceof EksManagedNodegroup eks) {
        managed.put(eks.nodegroup(), names.of(group).getFirst());
      }
    }
    return KNOWN.computeIfAbsent(List.of(config, managed), _ -> synthesize(config, managed));
  }

  /** All statements of a role. */
  static List<Statement> all(List<List<Statement>> policies) {
    return policies.stream().flatMap(List::stream).toList();
  }

  private static SynthesizedRoles synthesize(
      ProvisionerConfig config, Map<String, String> managed) {
    try {
      Path folder = Files.createTempDirectory(Path.of("target"), "roles");
      Path jar = Files.writeString(folder.resolve("function.jar"), "no jar, but a file");
      App app = new App(AppProps.builder().outdir(folder.resolve("cdk.out").toString()).build());
      EniAttachStack attach = new EniAttachStack(app, config, jar, "");
      IpReconcileStack reconcile =
          new IpReconcileStack(app, config, jar, OutputFolder.of(app, config.cluster()));
      Names names = new Names(config.cluster());
      JsonNode attachTemplate = template(attach, managed);
      return new SynthesizedRoles(
          policies(attachTemplate, names.attachFunction()),
          policies(attachTemplate, names.sweepFunction()),
          policies(template(reconcile, managed), names.reconcileFunction()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (BadInput e) {
      throw new AssertionError(e.getMessage(), e);
    }
  }

  /** The resources, with their intrinsic functions worked out. */
  private static JsonNode template(Stack stack, Map<String, String> managed) {
    JsonNode resources = MAPPER.valueToTree(Template.fromStack(stack).toJSON().get("Resources"));
    Map<String, String> groups = new HashMap<>();
    resources
        .properties()
        .forEach(one -> {
          String question = one.getValue().at("/Properties/Update").asText();
          managed.forEach((nodegroup, name) -> {
            if (question.contains("\"nodegroupName\":\"" + nodegroup + "\"")) {
              groups.put(one.getKey(), name);
            }
          });
        });
    return resolved(resources, groups);
  }

  private static JsonNode resolved(JsonNode node, Map<String, String> groups) {
    if (node.isObject() && node.size() == 1) {
      if (node.has("Ref")) {
        return MAPPER.getNodeFactory().textNode(ref(node.get("Ref").asText()));
      }
      if (node.has("Fn::GetAtt")) {
        String resource = node.at("/Fn::GetAtt/0").asText();
        String attribute = node.at("/Fn::GetAtt/1").asText();
        return MAPPER
            .getNodeFactory()
            .textNode(
                groups.containsKey(resource)
                    ? groups.get(resource)
                    : attribute(resource, attribute));
      }
      if (node.has("Fn::Join")) {
        StringBuilder text = new StringBuilder();
        node.at("/Fn::Join/1").forEach(part -> text.append(resolved(part, groups).asText()));
        return MAPPER.getNodeFactory().textNode(text.toString());
      }
    }
    if (node.isArray()) {
      return StreamSupport.stream(node.spliterator(), false)
          .map(element -> resolved(element, groups))
          .collect(MAPPER::createArrayNode, (all, one) -> all.add(one), (a, b) -> a.addAll(b));
    }
    if (node.isObject()) {
      var object = MAPPER.createObjectNode();
      node.properties()
          .forEach(entry -> object.set(entry.getKey(), resolved(entry.getValue(), groups)));
      return object;
    }
    return node;
  }

  private static String ref(String name) {
    return switch (name) {
      case "AWS::Partition" -> Configs.SCOPE.partition();
      case "AWS::Region" -> Configs.SCOPE.region();
      case "AWS::AccountId" -> Configs.SCOPE.account();
      default -> name;
    };
  }

  /** ARNs of the form that the resource's type has. */
  private static String attribute(String resource, String attribute) {
    if (!attribute.equals("Arn")) {
      return resource + "." + attribute;
    }
    return resource.contains("Role") ? resource : Configs.SCOPE.arn("sqs", resource);
  }

  private static List<List<Statement>> policies(JsonNode resources, String function) {
    String role =
        StreamSupport.stream(resources.spliterator(), false)
            .filter(one -> one.at("/Properties/FunctionName").asText().equals(function))
            .map(one -> one.at("/Properties/Role").asText())
            .findFirst()
            .orElseThrow(() -> new AssertionError("no function " + function));
    List<JsonNode> documents = new ArrayList<>();
    JsonNode properties = resources.path(role).path("Properties");
    properties.path("Policies").forEach(one -> documents.add(one.path("PolicyDocument")));
    properties
        .path("ManagedPolicyArns")
        .forEach(
            arn -> documents.add(resources.path(arn.asText()).at("/Properties/PolicyDocument")));
    for (JsonNode one : resources) {
      if (one.path("Type").asText().equals("AWS::IAM::Policy")
          && texts(one.at("/Properties/Roles")).contains(role)) {
        documents.add(one.at("/Properties/PolicyDocument"));
      }
    }
    return documents.stream().map(SynthesizedRoles::statements).toList();
  }

  private static List<Statement> statements(JsonNode document) {
    return StreamSupport.stream(document.required("Statement").spliterator(), false)
        .map(SynthesizedRoles::statement)
        .toList();
  }

  private static Statement statement(JsonNode node) {
    SortedMap<String, SortedMap<String, List<String>>> conditions = new TreeMap<>();
    node.path("Condition")
        .properties()
        .forEach(operator -> {
          SortedMap<String, List<String>> keys = new TreeMap<>();
          operator
              .getValue()
              .properties()
              .forEach(key -> keys.put(key.getKey(), texts(key.getValue())));
          conditions.put(operator.getKey(), keys);
        });
    return new Statement(
        node.path("Sid").asText("Cdk"),
        node.required("Effect").asText().equals("Allow")
            ? Statement.Effect.ALLOW
            : Statement.Effect.DENY,
        texts(node.required("Action")),
        texts(node.required("Resource")),
        conditions);
  }

  private static List<String> texts(JsonNode node) {
    return node.isArray()
        ? StreamSupport.stream(node.spliterator(), false).map(JsonNode::asText).toList()
        : List.of(node.asText());
  }
}
