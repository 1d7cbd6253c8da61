// SPDX-License-Identifier: Apache-2.0
package io.multuseni.eniattach;

import com.amazonaws.services.lambda.runtime.events.ScheduledEvent;
import com.amazonaws.services.lambda.runtime.serialization.PojoSerializer;
import com.amazonaws.services.lambda.runtime.serialization.events.LambdaEventSerializers;
import io.multuseni.aws.AwsClients;
import io.multuseni.aws.pacing.RetrySettings;
import io.multuseni.base.Deadline;
import io.multuseni.base.Time;
import io.multuseni.callrecorder.CallRecorder;
import io.multuseni.core.config.ConfigException;
import io.multuseni.core.config.ConfigReader;
import io.multuseni.core.config.ProvisionerConfig;
import io.multuseni.core.config.Tags;
import io.multuseni.core.report.AttachReport;
import io.multuseni.core.report.SweepReport;
import io.multuseni.localcloud.LocalCloud;
import io.multuseni.localcloud.Settings;
import io.multuseni.localcloud.autoscaling.GroupSpec;
import io.multuseni.localcloud.autoscaling.HookSpec;
import io.multuseni.localcloud.autoscaling.LifecycleActionView;
import io.multuseni.localcloud.ec2.InterfaceView;
import io.multuseni.localcloud.ec2.NodeAgents;
import io.multuseni.localcloud.time.VirtualClock;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;

/**
 * A small account with two zones, an Auto Scaling group with our hooks, and the two functions
 * beside it. Events are collected, and a test delivers them when and as often as it likes.
 */
final class Scene implements AutoCloseable {
  static final String CLUSTER = "core5g";
  static final String GROUP = "upf-a";
  static final String ZONE_A = "us-east-1a";
  static final String ZONE_B = "us-east-1b";

  /** Few and short, since the SDK waits by the wall clock. */
  static final RetrySettings QUICK_RETRIES =
      new RetrySettings(3, Duration.ofMillis(1), Duration.ofMillis(1), Duration.ofMillis(2));

  final VirtualClock clock;
  final LocalCloud cloud;
  final String vpc;
  final String nodesA;
  final String nodesB;
  final String n3a;
  final String n3b;
  final String n6a;
  final String n6b;
  final String securityGroup;
  final List<String> events = new CopyOnWriteArrayList<>();
  final Time time =
      new Time() {
        @Override
        public Instant now() {
          return clock.now();
        }

        @Override
        public void pause(Duration duration) {
          clock.sleep(duration);
        }
      };

  private final List<AwsClients> opened = new CopyOnWriteArrayList<>();
  private String configYaml;

  Scene() {
    this(settings -> settings);
  }

  Scene(UnaryOperator<Settings> change) {
    this(Instant.parse("2026-11-25T00:00:00Z"), change);
  }

  /** With a time to start at, where a function looks on that lives by the system's clock. */
  Scene(Instant start, UnaryOperator<Settings> change) {
    clock = VirtualClock.startingAt(start);
    cloud =
        LocalCloud.start(change.apply(Settings.defaults().withClock(clock).withThrottling(false)));
    vpc = cloud.world().vpc("10.0.0.0/16");
    nodesA = cloud.world().subnet(vpc, ZONE_A, "10.0.0.0/24");
    nodesB = cloud.world().subnet(vpc, ZONE_B, "10.0.1.0/24");
    n3a = cloud.world().subnet(vpc, ZONE_A, "10.0.30.0/24");
    n3b = cloud.world().subnet(vpc, ZONE_B, "10.0.31.0/24");
    n6a = cloud.world().subnet(vpc, ZONE_A, "10.0.60.0/24");
    n6b = cloud.world().subnet(vpc, ZONE_B, "10.0.61.0/24");
    securityGroup = cloud.world().securityGroup(vpc, "multus");
    cloud.events().subscribe(events::add);
    configYaml = config("create", "", List.of(network("n3", n3a, n3b), network("n6", n6a, n6b)));
  }

  /** The group with our launch hook, m5.xlarge (4 interfaces), in both zones. */
  Scene withGroup() {
    return withGroup(
        "m5.xlarge",
        HookSpec.launching("multus-eni-launch").withHeartbeatTimeout(Duration.ofMinutes(30)));
  }

  Scene withGroup(String instanceType, HookSpec... hooks) {
    GroupSpec spec = GroupSpec.of(instanceType, nodesA, nodesB);
    for (HookSpec hook : hooks) {
      spec = spec.withHook(hook);
    }
    cloud.world().autoScalingGroup(GROUP, spec);
    return this;
  }

  /** The group with our launch hook, m5.xlarge, where kubelet and the VPC CNI run. */
  Scene withGroup(NodeAgents agents) {
    cloud
        .world()
        .autoScalingGroup(
            GROUP,
            GroupSpec.of("m5.xlarge", nodesA, nodesB)
                .withHook(
                    HookSpec.launching("multus-eni-launch")
                        .withHeartbeatTimeout(Duration.ofMinutes(30)))
                .withNodeAgents(agents));
    return this;
  }

  String network(String name, String... subnets) {
    return networkWith(name, "", subnets);
  }

  /** One network's YAML; {@code more} is further keys, such as {@code ipv6: 2}. */
  String networkWith(String name, String more, String... subnets) {
    return "      - {name: %s, subnets: [%s], securityGroups: [%s]%s}\n"
        .formatted(
            name, String.join(", ", subnets), securityGroup, more.isEmpty() ? "" : ", " + more);
  }

  /** A configuration of one node group; {@code more} is further keys of the node group. */
  String config(String hook, String more, List<String> networks) {
    return """
    cluster: {name: %s}
    nodeGroups:
      - name: upf
        autoScalingGroups: [%s]
        lifecycleHook: %s
    %s    networks:
    %s\
    """
        .formatted(
            CLUSTER,
            GROUP,
            hook,
            more.isEmpty() ? "" : "    " + more + "\n",
            String.join("", networks));
  }

  void configure(String yaml) {
    configYaml = yaml;
  }

  String configYaml() {
    return configYaml;
  }

  /** The configuration; what is called from now on is recorded as called under it. */
  ProvisionerConfig config() {
    try {
      ProvisionerConfig config = ConfigReader.readYaml(configYaml);
      CallRecorder.record(cloud, config);
      return config;
    } catch (ConfigException e) {
      throw new AssertionError(e);
    }
  }

  /** A new sandbox: new clients, empty caches. */
  Sandbox sandbox() {
    AwsClients clients = AwsClients.emulator(cloud.endpoint(), QUICK_RETRIES, time);
    opened.add(clients);
    return new Sandbox(config(), clients, time, Telemetry.none(), false);
  }

  EniAttachHandler attachHandler() {
    return new EniAttachHandler(sandbox());
  }

  /** Delivers an event to a new sandbox, as Lambda would; a failed invocation gives its report. */
  AttachReport deliver(String eventJson) {
    return deliver(eventJson, attachHandler());
  }

  AttachReport deliver(String eventJson, EniAttachHandler handler) {
    try {
      return handler.handleRequest(decode(eventJson), new FixedContext(Duration.ofMinutes(2)));
    } catch (NotDoneException e) {
      return e.report();
    }
  }

  SweepReport sweep() {
    return new SweepFlow(config(), sandbox().clients(), time, false)
        .run(Deadline.in(time, Duration.ofMinutes(2)));
  }

  static ScheduledEvent decode(String eventJson) {
    PojoSerializer<ScheduledEvent> serializer =
        LambdaEventSerializers.serializerFor(ScheduledEvent.class, Scene.class.getClassLoader());
    return serializer.fromJson(
        new ByteArrayInputStream(eventJson.getBytes(StandardCharsets.UTF_8)));
  }

  /** Scales out by one and gives the launch event. */
  String launchOne() throws InterruptedException {
    return launch(1).getFirst();
  }

  /** Scales out and gives the events in the order of the launches; they are delivered in any. */
  List<String> launch(int nodes) throws InterruptedException {
    int before = events.size();
    List<String> instances = cloud.world().scaleOut(GROUP, nodes);
    cloud.events().awaitIdle(Duration.ofSeconds(5));
    List<String> launched = new ArrayList<>(events.subList(before, events.size()));
    return instances.stream()
        .flatMap(instance -> launched.stream().filter(event -> event.contains(instance)))
        .toList();
  }

  /** From now on no interface can be attached, until {@code cloud.faults().clear()}. */
  void attachingFails() {
    cloud.faults().fail("AttachNetworkInterface").always().with("InternalError", 500, "down");
  }

  /** Every interface of ours. */
  List<InterfaceView> ours() {
    return cloud.world().interfaces().stream()
        .filter(one -> CLUSTER.equals(one.tags().get(Tags.CLUSTER)))
        .toList();
  }

  List<InterfaceView> available() {
    return ours().stream().filter(one -> one.status().equals("available")).toList();
  }

  LifecycleActionView onlyAction() {
    List<LifecycleActionView> actions = cloud.world().lifecycleActions();
    if (actions.size() != 1) {
      throw new AssertionError("expected one lifecycle action: " + actions);
    }
    return actions.getFirst();
  }

  @Override
  public void close() {
    opened.forEach(AwsClients::close);
    CallRecorder.forget(cloud);
    cloud.close();
  }
}
