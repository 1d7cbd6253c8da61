// SPDX-License-Identifier: Apache-2.0
package io.multuseni.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.multuseni.aws.pacing.CallCounter;
import io.multuseni.aws.pacing.RetrySettings;
import io.multuseni.base.Deadline;
import io.multuseni.base.Time;
import io.multuseni.core.attach.AttachPlanner;
import io.multuseni.core.attach.AttachmentPlan;
import io.multuseni.core.attach.PlannedInterface;
import io.multuseni.core.attach.Setting;
import io.multuseni.core.config.ConfigReader;
import io.multuseni.core.config.ProvisionerConfig;
import io.multuseni.core.error.CallFailure;
import io.multuseni.core.error.ErrorMeaning;
import io.multuseni.core.node.Attachment;
import io.multuseni.core.node.InterfaceFacts;
import io.multuseni.core.node.NodeFacts;
import io.multuseni.core.slot.Slot;
import io.multuseni.localcloud.LocalCloud;
import io.multuseni.localcloud.Settings;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.localstack.LocalStackContainer;
import org.testcontainers.utility.DockerImageName;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.ec2.Ec2Client;

/**
 * The product's own EC2 calls, from a bare instance to its interfaces at their slots, on whatever
 * answers like EC2: local-cloud always, LocalStack where Docker is, and any emulator that {@code
 * MULTUS_ENI_TEST_ENDPOINT} names. What one of them refuses is a fault of ours or a drift of
 * local-cloud.
 */
class Ec2ContractIT {
  /** The last LocalStack image that needs no account. */
  private static final DockerImageName LOCALSTACK =
      DockerImageName.parse("localstack/localstack:community-archive");

  /**
   * Where the contract is played.
   *
   * @param ignored settings that the endpoint accepts and forgets; never on local-cloud
   */
  private record Ground(
      String vpc, String zone, String subnet, String group, String instance, Set<Setting> ignored) {
    Set<Setting> modelled(Set<Setting> deviations) {
      return deviations.stream()
          .filter(setting -> !ignored.contains(setting))
          .collect(Collectors.toSet());
    }
  }

  @Test
  void holdsOnLocalCloud() throws Exception {
    try (LocalCloud cloud = LocalCloud.start(Settings.defaults())) {
      String zone = "us-east-1a";
      String vpc = cloud.world().vpc("10.0.0.0/16");
      String nodes = cloud.world().subnet(vpc, zone, "10.0.0.0/24");
      String subnet = cloud.world().subnet(vpc, zone, "10.0.1.0/24");
      String group = cloud.world().securityGroup(vpc, "multus");
      String instance = cloud.world().launchInstance("m5.xlarge", nodes, Map.of());
      contract(cloud.endpoint(), new Ground(vpc, zone, subnet, group, instance, Set.of()));
    }
  }

  @Test
  void holdsOnTheEmulatorThatTheEnvironmentNames() throws Exception {
    String endpoint = System.getenv("MULTUS_ENI_TEST_ENDPOINT");
    run(
        endpoint != null && !endpoint.isBlank(),
        "EC2 contract on another emulator: MULTUS_ENI_TEST_ENDPOINT names none");
    URI uri = URI.create(String.valueOf(endpoint));
    contract(uri, prepare(uri));
  }

  @Test
  void holdsOnLocalStack() throws Exception {
    run(
        DockerClientFactory.instance().isDockerAvailable(),
        "EC2 contract on LocalStack: no Docker engine");
    try (LocalStackContainer container = new LocalStackContainer(LOCALSTACK).withServices("ec2")) {
      container.start();
      contract(container.getEndpoint(), prepare(container.getEndpoint()));
    }
  }

  /** Skips in one visible line; JUnit's own count of skipped tests tells nobody what and why. */
  @SuppressWarnings("SystemOut")
  private static void run(boolean possible, String what) {
    if (!possible) {
      System.out.println("SKIPPED: " + what);
    }
    assumeTrue(possible, what);
  }

  @SuppressWarnings("SystemOut")
  private static Ground prepare(URI endpoint) {
    try (Ec2Client ec2 =
        Ec2Client.builder()
            .endpointOverride(endpoint)
            .region(Region.US_EAST_1)
            .credentialsProvider(
                StaticCredentialsProvider.create(AwsBasicCredentials.create("test", "test")))
            .build()) {
      String zone = "us-east-1a";
      String vpc = ec2.createVpc(r -> r.cidrBlock("10.77.0.0/16")).vpc().vpcId();
      String nodes =
          ec2.createSubnet(r -> r.vpcId(vpc).availabilityZone(zone).cidrBlock("10.77.0.0/24"))
              .subnet()
              .subnetId();
      String subnet =
          ec2.createSubnet(r -> r.vpcId(vpc).availabilityZone(zone).cidrBlock("10.77.1.0/24"))
              .subnet()
              .subnetId();
      String group =
          ec2.createSecurityGroup(r -> r.vpcId(vpc).groupName("multus").description("multus"))
              .groupId();
      String image = ec2.describeImages(r -> r.maxResults(5)).images().getFirst().imageId();
      String instance =
          ec2.runInstances(r ->
                  r.imageId(image)
                      .minCount(1)
                      .maxCount(1)
                      .instanceType("m5.xlarge")
                      .subnetId(nodes))
              .instances()
              .getFirst()
              .instanceId();
      System.out.println(
          "NOT CHECKED on "
              + endpoint
              + ": DeleteOnTermination and the refusal to delete what is attached, which moto lacks");
      return new Ground(vpc, zone, subnet, group, instance, Set.of(Setting.DELETE_ON_TERMINATION));
    }
  }

  private static void contract(URI endpoint, Ground ground) throws Exception {
    Time time = Time.system();
    CallCounter counter = new CallCounter();
    ProvisionerConfig config =
        ConfigReader.readYaml(
            """
            cluster: {name: contract}
            nodeGroups:
              - name: upf
                autoScalingGroups: [upf-a]
                networks:
                  - {name: n3, subnets: [%1$s], securityGroups: [%2$s]}
                  - {name: n6, subnets: [%1$s], securityGroups: [%2$s]}
            """
                .formatted(ground.subnet(), ground.group()));
    try (AwsClients clients = AwsClients.emulator(endpoint, RetrySettings.standard(), time)) {
      Ec2Edge ec2 = clients.ec2(counter, Deadline.in(time, Duration.ofMinutes(1)));

      NodeFacts node = running(ec2, ground.instance(), time);
      assertThat(node.availabilityZone()).isEqualTo(ground.zone());
      assertThat(node.vpcId()).isEqualTo(ground.vpc());
      assertThat(node.limits().interfacesPerCard()).containsEntry(0, 4);
      assertThat(ec2.nodeFacts("i-0123456789abcdef0")).isEmpty();

      AttachmentPlan plan = plan(ec2, config, node);
      for (PlannedInterface planned : plan.interfaces()) {
        serve(ec2, ground, planned);
      }

      AttachmentPlan again = plan(ec2, config, ec2.nodeFacts(ground.instance()).orElseThrow());
      for (PlannedInterface planned : again.interfaces()) {
        assertThat(planned.needsAttach()).as(planned.toString()).isFalse();
        assertThat(ground.modelled(planned.settings())).as(planned.toString()).isEmpty();
      }
      assertThat(again.surplus()).isEmpty();
      refuses(ec2, ground);
    }
  }

  private static NodeFacts running(Ec2Edge ec2, String instance, Time time) {
    for (int look = 0; look < 50; look++) {
      Optional<NodeFacts> node = ec2.nodeFacts(instance);
      if (node.isPresent() && node.get().state().isAttachable()) {
        return node.get();
      }
      time.pause(Duration.ofMillis(100));
    }
    throw new AssertionError("instance " + instance + " doesn't run");
  }

  private static AttachmentPlan plan(Ec2Edge ec2, ProvisionerConfig config, NodeFacts node) {
    return (AttachmentPlan)
        AttachPlanner.plan(
            config.cluster(),
            config.nodeGroups().getFirst(),
            node,
            ec2.subnets(config.nodeGroups().getFirst().networks().getFirst().subnets()));
  }

  private static void serve(Ec2Edge ec2, Ground ground, PlannedInterface planned) {
    InterfaceFacts made =
        ec2.create(
            "contract",
            ground.instance(),
            planned,
            planned.subnets().getFirst(),
            Optional.empty(),
            planned.generation());
    assertThat(made.subnetId()).isEqualTo(ground.subnet());
    assertThat(made.securityGroups()).containsExactly(ground.group());
    assertThat(ec2.taggedFor(ground.instance()))
        .extracting(InterfaceFacts::networkInterfaceId)
        .contains(made.networkInterfaceId());

    ec2.attach(made.networkInterfaceId(), ground.instance(), planned.slot());
    InterfaceFacts attached = only(ec2, made);
    assertThat(attached.slotOn(ground.instance())).contains(planned.slot());
    assertThat(attached.tags()).containsAllEntriesOf(planned.tags());

    Attachment attachment = attached.attachment().orElseThrow();
    ec2.setDeleteOnTermination(made.networkInterfaceId(), attachment.attachmentId());
    ec2.setSourceDestCheck(made.networkInterfaceId(), false);
    InterfaceFacts set = only(ec2, made);
    assertThat(ground.modelled(planned.deviationsOf(set))).isEmpty();
  }

  private static void refuses(Ec2Edge ec2, Ground ground) {
    assertMeaning(
        ErrorMeaning.NOT_YET_VISIBLE,
        () -> ec2.attach("eni-0123456789abcdef0", ground.instance(), new Slot(0, 3)));
    if (ground.ignored().isEmpty()) {
      InterfaceFacts attached = ec2.taggedFor(ground.instance()).getFirst();
      assertMeaning(ErrorMeaning.IN_USE, () -> ec2.delete(attached.networkInterfaceId()));
    }
  }

  private static void assertMeaning(ErrorMeaning meaning, Runnable call) {
    try {
      call.run();
    } catch (CallFailure failure) {
      assertThat(failure.meaning()).as(failure.explained()).isEqualTo(meaning);
      return;
    }
    throw new AssertionError("expected a failure that means " + meaning);
  }

  private static InterfaceFacts only(Ec2Edge ec2, InterfaceFacts made) {
    return ec2.interfaces(List.of(made.networkInterfaceId())).getFirst();
  }
}
