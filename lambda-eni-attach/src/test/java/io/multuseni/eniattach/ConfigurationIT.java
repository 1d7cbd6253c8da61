// SPDX-License-Identifier: Apache-2.0
package io.multuseni.eniattach;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.multuseni.aws.AwsClients;
import io.multuseni.core.config.ConfigWriter;
import io.multuseni.core.report.AttachReport;
import io.multuseni.core.report.SweepReport;
import io.multuseni.localcloud.autoscaling.ActionState;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.cloudwatchlogs.emf.config.Configuration;
import software.amazon.cloudwatchlogs.emf.config.EnvironmentConfigurationProvider;
import software.amazon.cloudwatchlogs.emf.environment.Environments;

/** The functions as Lambda runs them, with their configuration in parameters. */
class ConfigurationIT {
  private static final String CONFIG = "/multus-eni/core5g/config";
  private static final String DEPLOYED = "/multus-eni/core5g/deployed";
  private static final Configuration EMF = EnvironmentConfigurationProvider.getConfig();
  private static final FixedContext CONTEXT = new FixedContext(Duration.ofMinutes(2));

  private final Scene scene = new Scene().withGroup();
  private final AwsClients clients =
      AwsClients.emulator(scene.cloud.endpoint(), Scene.QUICK_RETRIES, scene.time);
  private final ByteArrayOutputStream log = new ByteArrayOutputStream();
  private final Sandbox sandbox =
      Sandbox.asLambdaRunsIt(
          () -> {},
          Map.of("MULTUS_ENI_CONFIG_PARAMETER", CONFIG, "MULTUS_ENI_DEPLOYED_PARAMETER", DEPLOYED)
              ::get,
          clients,
          scene.time,
          new PrintStream(log, true, UTF_8));
  private final EniAttachHandler attach = new EniAttachHandler(sandbox);
  private final EniSweepHandler sweep = new EniSweepHandler(sandbox);

  @AfterEach
  void close() {
    clients.close();
    scene.close();
  }

  @Test
  void aSandboxReadsNothingBeforeItsFirstInvocation() {
    assertThat(scene.cloud.calls().all()).isEmpty();
  }

  @Test
  void aLaunchGoesByWhatTheParametersSay() throws InterruptedException {
    deploy(CONFIG, json());
    deploy(DEPLOYED, "{}");

    AttachReport report = scene.deliver(scene.launchOne(), attach);

    assertThat(report.outcome()).isEqualTo(AttachReport.Outcome.CONTINUE);
    assertThat(report.interfaces()).hasSize(2);
    assertThat(report.apiCalls()).containsEntry("GetParameters", 1);
    assertThat(scene.cloud.calls().of("GetParameters")).hasSize(1);
  }

  @Test
  void aChangeIsSeenAMinuteLater() throws InterruptedException {
    deploy(CONFIG, json());
    deploy(DEPLOYED, "{}");
    scene.deliver(scene.launchOne(), attach);
    deploy(CONFIG, json().replace(Scene.GROUP, "smf-a"));
    scene.clock.advance(Duration.ofSeconds(50));
    assertThat(scene.deliver(scene.launchOne(), attach).outcome())
        .isEqualTo(AttachReport.Outcome.CONTINUE);

    scene.clock.advance(Duration.ofSeconds(10));

    assertThat(scene.deliver(scene.launchOne(), attach).reason()).isEqualTo("FOREIGN_GROUP");
    assertThat(scene.cloud.calls().of("GetParameters")).hasSize(2);
  }

  @Test
  void theSweepGoesByTheNewConfigurationAndKeepsWhatItRemembersOtherwise()
      throws InterruptedException {
    deploy(CONFIG, json());
    deploy(DEPLOYED, "{}");
    scene.launchOne();
    sweep();
    scene.clock.advance(Duration.ofMinutes(2));
    assertThat(sweep().launches()).as("seen to wait since the first sweep").hasSize(1);

    scene.launchOne();
    deploy(CONFIG, json().replace(Scene.GROUP, "smf-a"));
    scene.clock.advance(Duration.ofMinutes(2));

    SweepReport report = sweep();
    assertThat(report.launches()).isEmpty();
    assertThat(report.findings())
        .anySatisfy(finding -> assertThat(finding.message()).contains("smf-a"));
  }

  @ParameterizedTest
  @CsvSource({
    "AccessDeniedException, 400, DENIED",
    "ThrottlingException, 400, THROTTLED",
    "InternalServerError, 500, TRANSIENT"
  })
  void aLaunchWhoseConfigurationCantBeReadIsLeftToAnotherTry(String code, int status, String reason)
      throws InterruptedException {
    deploy(CONFIG, json());
    deploy(DEPLOYED, "{}");
    String event = scene.launchOne();
    scene.cloud.faults().fail("GetParameters").always().with(code, status, "as AWS says");

    AttachReport report =
        catchThrowableOfType(
                NotDoneException.class, () -> attach.handleRequest(Scene.decode(event), CONTEXT))
            .report();

    assertThat(report.outcome()).isEqualTo(AttachReport.Outcome.RETRY);
    assertThat(report.reason()).isEqualTo(reason);
    assertThat(report.message())
        .startsWith("nothing was done, since the configuration could not be read: GetParameters on")
        .contains(CONFIG, "as AWS says");
    assertThat(report.apiCalls()).containsOnlyKeys("GetParameters");
    assertThat(report.throttled()).isEqualTo(reason.equals("THROTTLED") ? attempts() : 0);
    assertThat(report.instanceId()).isEqualTo(scene.onlyAction().instanceId());
    assertThat(report.autoScalingGroup()).isEqualTo(Scene.GROUP);
    assertThat(log()).contains("\"level\":\"WARN\"").doesNotContain("\"level\":\"ERROR\"");
    assertThat(scene.ours()).isEmpty();
    assertThat(scene.onlyAction().state()).isEqualTo(ActionState.WAITING);

    scene.cloud.faults().clear();
    assertThat(scene.deliver(event, attach).outcome()).isEqualTo(AttachReport.Outcome.CONTINUE);
  }

  @Test
  void aSweepWithoutConfigurationChangesNothingAndFailsWithTheReason() throws InterruptedException {
    deploy(CONFIG, json());
    scene.launchOne();

    NotSweptException notSwept = catchThrowableOfType(NotSweptException.class, this::sweep);

    assertThat(notSwept.report().unfinished())
        .singleElement()
        .asString()
        .startsWith("nothing was changed")
        .contains("GetParameters on " + DEPLOYED, "deploy the stack again");
    assertThat(notSwept).hasMessage(notSwept.report().unfinished().getFirst());
    assertThat(notSwept.report().apiCalls()).containsExactly(Map.entry("GetParameters", 1));
    assertThat(scene.cloud.calls().counts()).containsOnlyKeys("GetParameters");
    assertThat(log()).as("a log line, and no metrics of no cluster").contains("WARN");

    deploy(DEPLOYED, "{}");
    assertThat(sweep().unfinished()).isEmpty();
  }

  @Test
  void aSweepWhoseFirstReadsFailChangesNothingAndFailsWithTheReason() {
    deploy(CONFIG, json());
    deploy(DEPLOYED, "{}");
    scene
        .cloud
        .faults()
        .fail("DescribeAutoScalingGroups")
        .always()
        .with("AccessDenied", 403, "not authorized");

    NotSweptException notSwept = catchThrowableOfType(NotSweptException.class, this::sweep);

    assertThat(notSwept)
        .hasMessageStartingWith("nothing was changed, since not everything could be read: ")
        .hasMessageContainingAll("DescribeAutoScalingGroups", "not authorized");
    assertThat(notSwept.report().apiCalls())
        .containsEntry("GetParameters", 1)
        .containsKey("DescribeAutoScalingGroups");
    assertThat(log()).contains("not authorized");
  }

  @Test
  void anOlderConfigurationServesForAnHourAndIsCounted() throws InterruptedException {
    deploy(CONFIG, json());
    deploy(DEPLOYED, "{}");
    assertThat(written(this::sweep)).doesNotContain("ConfigurationStale");
    scene
        .cloud
        .faults()
        .fail("GetParameters")
        .always()
        .with("AccessDeniedException", 400, "not authorized");

    scene.clock.advance(Duration.ofMinutes(1));
    assertThat(written(this::sweep)).contains("ConfigurationStale", Scene.CLUSTER);
    String event = scene.launchOne();
    assertThat(written(() -> scene.deliver(event, attach))).contains("ConfigurationStale");

    scene.clock.advance(Duration.ofHours(1));
    String failing =
        written(() ->
            assertThatThrownBy(this::sweep)
                .isInstanceOf(NotSweptException.class)
                .hasMessageContainingAll("not authorized", "the older copy is not used any more"));
    assertThat(failing)
        .as("its metrics still have a cluster")
        .contains("SweepRepairs", Scene.CLUSTER)
        .doesNotContain("ConfigurationStale");
    String retried =
        written(() ->
            assertThat(scene.deliver(event, attach).outcome())
                .isEqualTo(AttachReport.Outcome.RETRY));
    assertThat(retried).contains("Retries", Scene.CLUSTER);
  }

  @Test
  void anOlderConfigurationServesOnWhereItCantBeReadAgain() throws InterruptedException {
    deploy(CONFIG, json());
    deploy(DEPLOYED, "{}");
    scene.deliver(scene.launchOne(), attach);
    scene.cloud.faults().fail("GetParameters").always().dropRequest();
    scene.clock.advance(Duration.ofMinutes(1));

    assertThat(scene.deliver(scene.launchOne(), attach).outcome())
        .isEqualTo(AttachReport.Outcome.CONTINUE);
    assertThat(scene.deliver(scene.launchOne(), attach).outcome())
        .isEqualTo(AttachReport.Outcome.CONTINUE);
    assertThat(log().lines().filter(line -> line.contains("an older configuration is used")))
        .as("told once, and not at each launch")
        .hasSize(1);
  }

  @Test
  void aConfigurationWithProblemsFailsTheInvocationAndTellsAllOfThem() throws InterruptedException {
    deploy(CONFIG, "{\"cluster\": {\"nam\": \"core5g\"}}");
    deploy(DEPLOYED, "{}");
    String event = scene.launchOne();

    assertThatThrownBy(() -> attach.handleRequest(Scene.decode(event), CONTEXT))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining(CONFIG + ": cluster.nam: unknown key; did you mean 'name'?")
        .hasMessageContaining(CONFIG + ": nodeGroups: missing");
    assertThatThrownBy(this::sweep).isInstanceOf(IllegalStateException.class);
    assertThat(log()).contains("\"level\":\"ERROR\"", "cluster.nam", "nodeGroups");
    assertThat(scene.cloud.calls().counts()).containsOnlyKeys("GetParameters");
  }

  @Test
  void theKnownGroupOfAManagedNodegroupIsTheOnlyOneServed() throws InterruptedException {
    deploy(
        CONFIG,
        json().replace("\"autoScalingGroups\":[\"upf-a\"]", "\"eksManagedNodegroup\":\"upf\""));
    deploy(DEPLOYED, "{\"autoScalingGroups\": {\"upf\": \"smf-a\"}}");

    assertThat(scene.deliver(scene.launchOne(), attach).reason()).isEqualTo("FOREIGN_GROUP");

    deploy(DEPLOYED, "{\"autoScalingGroups\": {\"upf\": \"upf-a\"}}");
    scene.clock.advance(Duration.ofMinutes(1));
    assertThat(scene.deliver(scene.launchOne(), attach).reason())
        .as("the tags of its instances still have to say the cluster")
        .isEqualTo("FOREIGN_CLUSTER");
  }

  private int attempts() {
    return scene.cloud.calls().of("GetParameters").size();
  }

  /** What some work writes to standard output: its metrics. */
  private static String written(Runnable work) {
    Environments usualEnvironment = EMF.getEnvironmentOverride();
    // Otherwise the library asks the network whether it runs on EC2 or ECS.
    EMF.setEnvironmentOverride(Environments.Local);
    ByteArrayOutputStream written = new ByteArrayOutputStream();
    PrintStream usual = System.out;
    System.setOut(new PrintStream(written, true, UTF_8));
    try {
      work.run();
    } finally {
      System.setOut(usual);
      EMF.setEnvironmentOverride(usualEnvironment);
    }
    return written.toString(UTF_8);
  }

  private SweepReport sweep() {
    return sweep.handleRequest(null, CONTEXT);
  }

  private void deploy(String name, String text) {
    scene.cloud.world().parameter(name, text);
  }

  private String json() {
    return ConfigWriter.toJson(scene.config());
  }

  private String log() {
    return log.toString(UTF_8);
  }
}
