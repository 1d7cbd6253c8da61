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

/** The functions as Lambda runs them, with their configuration in parameters. */
class ConfigurationIT {
  private static final String CONFIG = "/multus-eni/core5g/config";
  private static final String DEPLOYED = "/multus-eni/core5g/deployed";
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
    assertThat(report.instanceId()).isEqualTo(scene.onlyAction().instanceId());
    assertThat(report.autoScalingGroup()).isEqualTo(Scene.GROUP);
    assertThat(log()).contains("\"level\":\"WARN\"").doesNotContain("\"level\":\"ERROR\"");
    assertThat(scene.ours()).isEmpty();
    assertThat(scene.onlyAction().state()).isEqualTo(ActionState.WAITING);

    scene.cloud.faults().clear();
    assertThat(scene.deliver(event, attach).outcome()).isEqualTo(AttachReport.Outcome.CONTINUE);
  }

  @Test
  void aSweepWithoutConfigurationChangesNothingAndSaysSo() throws InterruptedException {
    deploy(CONFIG, json());
    scene.launchOne();

    SweepReport report = sweep();

    assertThat(report.unfinished())
        .singleElement()
        .asString()
        .startsWith("nothing was changed")
        .contains("GetParameters on " + DEPLOYED, "deploy the stack again");
    assertThat(scene.cloud.calls().counts()).containsOnlyKeys("GetParameters");
    assertThat(log()).as("a log line, and no metrics of no cluster").contains("WARN");

    deploy(DEPLOYED, "{}");
    assertThat(sweep().unfinished()).isEmpty();
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
