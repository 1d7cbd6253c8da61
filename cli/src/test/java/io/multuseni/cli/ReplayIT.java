// SPDX-License-Identifier: Apache-2.0
package io.multuseni.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.multuseni.core.config.ConfigWriter;
import io.multuseni.core.config.ProvisionerConfig;
import io.multuseni.localcloud.LocalCloud;
import io.multuseni.localcloud.Settings;
import io.multuseni.localcloud.autoscaling.ActionState;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Events replayed on local-cloud, which the SDK finds by its standard settings. */
class ReplayIT {
  private static final Path SAMPLES = Path.of("..", "events-samples");

  @TempDir Path folder;

  private final LocalCloud cloud = LocalCloud.start(Settings.defaults());
  private final SdkSettings settings = new SdkSettings(cloud.endpoint());

  @AfterEach
  void close() {
    settings.close();
    cloud.close();
  }

  /** A node that waits, its event and the configuration. */
  private String[] launch(int networks, String instanceType, String... options) throws Exception {
    ProvisionerConfig config =
        DemoScene.build(
            cloud.world(),
            new DemoRequest(
                1, networks, instanceType, Duration.ZERO, Duration.ZERO, Duration.ZERO, false));
    cloud.world().scaleOut(DemoScene.GROUP, 1);
    Path event = write("event.json", cloud.events().history().getLast());
    Path file = write("config", ConfigWriter.toJson(config));
    String[] args = new String[4 + options.length];
    args[0] = "replay";
    args[1] = event.toString();
    args[2] = "--config";
    args[3] = file.toString();
    System.arraycopy(options, 0, args, 4, options.length);
    return args;
  }

  private Path write(String name, String text) throws Exception {
    return Files.writeString(folder.resolve(name), text);
  }

  private static JsonNode json(Ran ran) throws Exception {
    return new ObjectMapper().readTree(ran.out());
  }

  @Test
  void aLaunchIsSeenThrough() throws Exception {
    Ran ran = Ran.of(launch(2, "m5.4xlarge", "--json"));

    assertThat(ran.err()).isEmpty();
    assertThat(ran.code()).isZero();
    assertThat(json(ran).path("outcome").asText()).isEqualTo("CONTINUE");
    assertThat(json(ran).path("interfaces")).hasSize(2);
    assertThat(cloud.world().lifecycleActions().getFirst().state())
        .isEqualTo(ActionState.CONTINUED);
  }

  @Test
  void aDryRunOnlyDescribes() throws Exception {
    Ran ran = Ran.of(launch(2, "m5.4xlarge", "--dry-run"));

    assertThat(ran.code()).isZero();
    assertThat(ran.out()).contains("dry run, nothing changed: 2 of 2", "0000:00:06.0");
    assertThat(cloud.calls().all())
        .isNotEmpty()
        .allSatisfy(call -> assertThat(call.action()).startsWith("Describe"));
    assertThat(cloud.world().lifecycleActions().getFirst().state()).isEqualTo(ActionState.WAITING);
  }

  @Test
  void aRefusalIsCodeOne() throws Exception {
    Ran ran = Ran.of(launch(3, "m5.large", "--json"));

    assertThat(ran.code()).isEqualTo(1);
    assertThat(json(ran).path("reason").asText()).isEqualTo("INSTANCE_TYPE_TOO_SMALL");
  }

  @Test
  void aTickIsForTheSweep() throws Exception {
    String[] args = launch(1, "m5.4xlarge", "--json");
    args[1] = SAMPLES.resolve("sweep.json").toString();
    Ran ran = Ran.of(args);

    assertThat(ran.err()).isEmpty();
    assertThat(ran.code()).isZero();
    assertThat(json(ran).has("heartbeats")).isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    "broken-no-instance-id.json, 2, MISSING_FIELD",
    "broken-no-detail.json, 2, MISSING_FIELD",
    "broken-bad-instance-id.json, 2, BAD_FIELD",
    "broken-wrong-source.json, 0, OTHER_EVENT",
    "foreign-group.json, 0, FOREIGN_GROUP",
    "foreign-hook.json, 0, FOREIGN_HOOK",
    "test-notification.json, 0, MALFORMED_EVENT",
  })
  void whatIsNotForUsCallsNobodyAndNeedsNoSettings(String sample, int code, String reason)
      throws Exception {
    settings.clear();
    Ran ran =
        Ran.of(
            "replay",
            SAMPLES.resolve(sample).toString(),
            "--config",
            SAMPLES.resolve("config.yaml").toString(),
            "--json");

    assertThat(ran.code()).isEqualTo(code);
    assertThat(json(ran).path("outcome").asText()).isEqualTo("IGNORED");
    assertThat(json(ran).path("reason").asText()).isEqualTo(reason);
    assertThat(ran.err().isEmpty()).isEqualTo(code == 0);
    assertThat(cloud.calls().all()).isEmpty();
  }

  private static Ran bad(Path event, Path config) {
    Ran ran = Ran.of("replay", event.toString(), "--config", config.toString());
    assertThat(ran.code()).isEqualTo(2);
    assertThat(ran.out()).isEmpty();
    assertThat(ran.err()).startsWith("multus-eni: ").doesNotContain("\tat ");
    return ran;
  }

  @Test
  void filesThatAreNoUseAreNamed() throws Exception {
    Path event = SAMPLES.resolve("launch.json");
    Path config = SAMPLES.resolve("config.yaml");

    assertThat(bad(Path.of("nope.json"), config).err()).contains("nope.json doesn't exist");
    assertThat(bad(event, Path.of("nope.yaml")).err()).contains("nope.yaml doesn't exist");
    assertThat(bad(folder, config).err()).contains("is a directory; name a file");
    Path binary = Files.write(folder.resolve("binary"), new byte[] {(byte) 0xff, (byte) 0xfe});
    assertThat(bad(binary, config).err()).contains("is not text in UTF-8");
    assertThat(bad(SAMPLES.resolve("broken-not-json.json"), config).err())
        .contains("broken-not-json.json: the event is not JSON");
    assertThat(bad(write("list.json", "[1]"), config).err()).contains("is not a JSON object");
  }

  @Test
  void everyProblemOfAConfigurationIsToldWithItsPath() throws Exception {
    Path config =
        write(
            "bad.yaml",
            """
            cluster: {name: core5g}
            nodeGroups:
              - name: upf
                autoScalingGroups: []
                colour: red
                networks: []
            """);
    assertThat(bad(SAMPLES.resolve("launch.json"), config).err())
        .contains(
            "3 problems",
            "nodeGroups[0].autoScalingGroups: ",
            "nodeGroups[0].colour: ",
            "nodeGroups[0].networks: ");
  }

  @Test
  void aConfigurationIsReadByItsNameOrElseByItsBeginning() throws Exception {
    String flow = "{cluster: {name: a}, nodeGroups: [}";
    assertThat(bad(SAMPLES.resolve("launch.json"), write("c.json", "cluster: a")).err())
        .contains("Unrecognized token");
    assertThat(bad(SAMPLES.resolve("launch.json"), write("c", flow)).err())
        .contains("double-quote");
    assertThat(bad(SAMPLES.resolve("launch.json"), write("c.yaml", flow)).err())
        .doesNotContain("double-quote");
  }

  @Test
  void missingSettingsAreNamed() throws Exception {
    org.junit.jupiter.api.Assumptions.assumeTrue(
        System.getenv("AWS_REGION") == null && System.getenv("AWS_ACCESS_KEY_ID") == null,
        "the environment has settings of its own");
    System.setProperty("aws.disableEc2Metadata", "true");
    System.setProperty("aws.configFile", folder.resolve("none").toString());
    System.setProperty("aws.sharedCredentialsFile", folder.resolve("none").toString());
    Path event = SAMPLES.resolve("launch.json");
    Path config = SAMPLES.resolve("config.yaml");

    System.clearProperty("aws.secretAccessKey");
    System.clearProperty("aws.accessKeyId");
    assertThat(bad(event, config).err()).contains("no AWS credentials", "AWS_PROFILE");
    System.clearProperty("aws.region");
    assertThat(bad(event, config).err()).contains("no AWS Region", "AWS_REGION");
  }
}
