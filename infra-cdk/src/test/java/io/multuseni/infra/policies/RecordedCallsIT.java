// SPDX-License-Identifier: Apache-2.0
package io.multuseni.infra.policies;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMethodCall;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import io.multuseni.core.config.ConfigException;
import io.multuseni.core.config.ConfigReader;
import io.multuseni.core.config.NodeGroup;
import io.multuseni.core.config.ProvisionerConfig;
import io.multuseni.infra.GroupNames;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * What the functions asked of AWS in their own tests, under the configurations of these tests,
 * against the policies that these configurations get. The build of both functions writes the files.
 */
class RecordedCallsIT {
  /** What the sweep alone reads; the attach function goes by the event. */
  private static final Set<String> SWEEP_ALONE =
      Set.of(
          "autoscaling:DescribeAutoScalingGroups",
          "autoscaling:DescribeLifecycleHooks",
          "autoscaling:DescribeWarmPool");

  private static final Path ATTACH = file("lambda-eni-attach");
  private static final Path RECONCILE = file("lambda-ip-reconcile");
  private static final ObjectMapper MAPPER = new ObjectMapper();

  /**
   * One line.
   *
   * @param config the configuration then
   * @param call the call
   * @param groups Auto Scaling groups among its resources
   */
  private record Recorded(ProvisionerConfig config, IamCall call, List<String> groups) {}

  private static Path file(String module) {
    return Path.of("..", module, "target", "recorded-calls.jsonl");
  }

  @BeforeAll
  @SuppressWarnings("SystemOut")
  static void bothFunctionsWereTested() throws IOException {
    for (Path file : List.of(ATTACH, RECONCILE)) {
      if (!Files.isRegularFile(file)) {
        System.out.println(
            "SKIPPED: policies against recorded calls (%s is missing; run mvn verify on the whole)"
                .formatted(file));
        assumeThat(file).isRegularFile();
      }
      assertThat(Files.getLastModifiedTime(file))
          .as("%s is older than the function's classes; run mvn verify on the whole", file)
          .isGreaterThanOrEqualTo(newestClass(file.resolveSibling("classes")));
    }
  }

  private static FileTime newestClass(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      FileTime newest = FileTime.fromMillis(0);
      for (Path file : files.filter(one -> one.toString().endsWith(".class")).toList()) {
        FileTime time = Files.getLastModifiedTime(file);
        newest = time.compareTo(newest) > 0 ? time : newest;
      }
      return newest;
    }
  }

  @Test
  void theAttachFunctionMayDoWhatItDoesInItsTests() throws IOException {
    List<Recorded> calls =
        read(ATTACH).stream().filter(one -> !SWEEP_ALONE.contains(one.call().action())).toList();

    assertThat(denied(calls, one -> roles(one).attach())).isEmpty();
    assertThat(calls).as("recorded").hasSizeGreaterThan(20);
  }

  @Test
  void theSweepMayDoWhatItAndTheAttachFunctionDo() throws IOException {
    assertThat(denied(read(ATTACH), one -> roles(one).sweep())).isEmpty();
  }

  @Test
  void theReconcileFunctionMayDoWhatItDoesInItsTests() throws IOException {
    List<Recorded> calls = read(RECONCILE);

    assertThat(denied(calls, one -> roles(one).reconcile())).isEmpty();
    assertThat(calls).as("recorded").hasSizeGreaterThan(6);
  }

  @Test
  void theReconcileFunctionMayDoTheSameInAVpc() throws IOException {
    String function = Configs.SCOPE.arn("lambda", "function:multus-eni-reconcile-core5g");
    ProvisionerConfig inVpc = Configs.read(Configs.IN_VPC);
    List<Recorded> calls =
        read(RECONCILE).stream()
            .map(one ->
                new Recorded(
                    inVpc, one.call().with("lambda:SourceFunctionArn", function), one.groups()))
            .toList();

    assertThat(denied(calls, one -> roles(one).reconcile())).isEmpty();
  }

  @Test
  void theAttachFunctionIsAllowedNothingThatNobodyCalls() throws IOException {
    assumeAllTestsRan(ATTACH);

    assertThat(actions(ATTACH))
        .containsAll(
            allowed(
                SynthesizedRoles.of(Configs.read(Configs.TWO_GROUPS), Configs.names()).sweep()));
  }

  @Test
  void theReconcileFunctionIsAllowedNothingThatNobodyCalls() throws IOException {
    assumeAllTestsRan(RECONCILE);

    assertThat(actions(RECONCILE))
        .containsAll(
            allowed(
                SynthesizedRoles.of(Configs.read(Configs.TWO_GROUPS), Configs.names())
                    .reconcile()));
  }

  @Test
  void everyCallOfTheEdgesIsRecorded() throws IOException {
    assumeAllTestsRan(ATTACH);
    assumeAllTestsRan(RECONCILE);
    SortedSet<String> recorded = new TreeSet<>(actions(ATTACH));
    recorded.addAll(actions(RECONCILE));

    assertThat(recorded).containsExactlyInAnyOrderElementsOf(callsOfTheEdges());
  }

  @Test
  void onlyTheSweepReadsGroups() {
    JavaClasses attach =
        new ClassFileImporter().importPath(Path.of("..", "lambda-eni-attach", "target", "classes"));

    assertThat(
            attach.stream()
                .flatMap(one -> one.getMethodCallsFromSelf().stream())
                .filter(call -> call.getTargetOwner().getSimpleName().equals("AutoScalingEdge"))
                .filter(call -> call.getName().equals("claims"))
                .map(call -> call.getOriginOwner().getSimpleName()))
        .isNotEmpty()
        .allMatch("SweepFlow"::equals);
  }

  /** Methods of the SDK's clients that the edges call, as actions. */
  private static SortedSet<String> callsOfTheEdges() {
    JavaClasses edge =
        new ClassFileImporter().importPath(Path.of("..", "aws-edge", "target", "classes"));
    return edge.stream()
        .flatMap(one -> one.getMethodCallsFromSelf().stream())
        .filter(
            call -> call.getTargetOwner().getName().startsWith("software.amazon.awssdk.services."))
        .filter(call -> call.getTargetOwner().getSimpleName().endsWith("Client"))
        .filter(call -> call.getTarget().getRawParameterTypes().size() == 1)
        .map(RecordedCallsIT::action)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static String action(JavaMethodCall call) {
    String client = call.getTargetOwner().getSimpleName();
    String method = call.getName();
    return client.substring(0, client.length() - "Client".length()).toLowerCase(Locale.ROOT)
        + ":"
        + method.substring(0, 1).toUpperCase(Locale.ROOT)
        + method.substring(1);
  }

  /** Actions of EC2 and Auto Scaling that a role allows. */
  private static List<String> allowed(List<List<Statement>> policies) {
    return SynthesizedRoles.all(policies).stream()
        .flatMap(statement -> statement.actions().stream())
        .filter(action -> action.startsWith("ec2:") || action.startsWith("autoscaling:"))
        .toList();
  }

  private static SynthesizedRoles roles(Recorded recorded) {
    return SynthesizedRoles.of(recorded.config(), names(recorded));
  }

  private static SortedSet<String> actions(Path file) throws IOException {
    return read(file).stream()
        .map(one -> one.call().action())
        .collect(Collectors.toCollection(TreeSet::new));
  }

  @SuppressWarnings("SystemOut")
  private static void assumeAllTestsRan(Path file) throws IOException {
    boolean complete =
        MAPPER.readTree(Files.readAllLines(file).getFirst()).required("complete").asBoolean();
    if (!complete) {
      System.out.println(
          "SKIPPED: whether every allowed action is needed (%s is of some tests only)"
              .formatted(file));
    }
    assumeThat(complete).isTrue();
  }

  private static List<String> denied(
      List<Recorded> calls, Function<Recorded, List<List<Statement>>> policy) {
    return calls.stream()
        .filter(one -> !IamEvaluator.ofPolicies(policy.apply(one)).allows(one.call()))
        .map(one -> one.call().toString())
        .toList();
  }

  private static GroupNames names(Recorded recorded) {
    return group ->
        switch (group.membership()) {
          case NodeGroup.AutoScalingGroups(List<String> names) -> names;
          case NodeGroup.EksManagedNodegroup managed ->
              Stream.concat(
                      recorded.groups().stream().filter(managed::owns),
                      Stream.of("eks-" + managed.nodegroup() + "-" + Configs.UUID))
                  .toList();
        };
  }

  private static List<Recorded> read(Path file) throws IOException {
    return Files.readAllLines(file).stream().skip(1).map(RecordedCallsIT::recorded).toList();
  }

  private static Recorded recorded(String line) {
    try {
      JsonNode node = MAPPER.readTree(line);
      String action = node.required("action").asText();
      String service = action.substring(0, action.indexOf(':'));
      List<IamCall.Resource> resources = new ArrayList<>();
      List<String> groups = new ArrayList<>();
      for (JsonNode resource : node.required("resources")) {
        String name = resource.required("name").asText();
        Map<String, String> tags = map(resource.required("tags"));
        resources.add(
            new IamCall.Resource(name.equals("*") ? name : Configs.SCOPE.arn(service, name), tags));
        if (name.startsWith("autoScalingGroup:")) {
          groups.add(name.substring(name.indexOf('/') + 1));
        }
        groups.addAll(tags.values());
      }
      Map<String, String> keys = new HashMap<>();
      if (node.has("createAction")) {
        keys.put("ec2:CreateAction", node.required("createAction").asText());
      }
      return new Recorded(
          ConfigReader.readJson(node.required("config").asText()),
          new IamCall(action, resources, map(node.required("requestTags")), keys),
          groups);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (ConfigException e) {
      throw new AssertionError(e);
    }
  }

  private static Map<String, String> map(JsonNode node) {
    Map<String, String> map = new HashMap<>();
    node.properties().forEach(entry -> map.put(entry.getKey(), entry.getValue().asText()));
    return map;
  }
}
