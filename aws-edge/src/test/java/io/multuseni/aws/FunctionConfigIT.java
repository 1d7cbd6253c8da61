// SPDX-License-Identifier: Apache-2.0
package io.multuseni.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.multuseni.aws.pacing.CallCounter;
import io.multuseni.aws.pacing.RetrySettings;
import io.multuseni.base.Deadline;
import io.multuseni.core.config.ApiServer;
import io.multuseni.core.config.ConfigException;
import io.multuseni.core.config.ConfigText;
import io.multuseni.core.config.NodeGroup;
import io.multuseni.core.config.ProvisionerConfig;
import io.multuseni.core.error.CallFailure;
import io.multuseni.core.error.ErrorMeaning;
import io.multuseni.localcloud.Call;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FunctionConfigIT {
  private static final String CONFIG = "/multus-eni/core5g/config";
  private static final String DEPLOYED = "/multus-eni/core5g/deployed";
  private static final Map<String, String> VARIABLES =
      Map.of("MULTUS_ENI_CONFIG_PARAMETER", CONFIG, "MULTUS_ENI_DEPLOYED_PARAMETER", DEPLOYED);

  private final EdgeScene scene = new EdgeScene();

  @AfterEach
  void close() {
    scene.close();
  }

  @Test
  void readsBothParametersWithOneCall() throws ConfigException {
    scene.cloud.world().parameter(CONFIG, json(1));
    scene
        .cloud
        .world()
        .parameter(
            DEPLOYED,
            "{\"endpoint\": \"https://api.example\", \"autoScalingGroups\": {\"upf-0\": \"g\"}}");

    ProvisionerConfig config = read(VARIABLES);

    assertThat(config.cluster()).isEqualTo("core5g");
    assertThat(config.apiServer())
        .isEqualTo(new ApiServer(Optional.of("https://api.example"), Optional.empty()));
    assertThat(config.nodeGroups().getFirst().membership())
        .isEqualTo(new NodeGroup.EksManagedNodegroup("upf-0", Optional.of("g")));
    assertThat(scene.cloud.calls().all()).extracting(Call::action).containsExactly("GetParameters");
    assertThat(scene.counter.byAction()).containsOnly(Map.entry("GetParameters", 1));
  }

  @Test
  void needsNoSecondParameter() throws ConfigException {
    scene.cloud.world().parameter(CONFIG, json(1));

    assertThat(read(Map.of("MULTUS_ENI_CONFIG_PARAMETER", CONFIG)).cluster()).isEqualTo("core5g");
  }

  @Test
  void unpacksALongConfiguration() throws ConfigException {
    String text = ConfigText.encode(json(60));
    assertThat(text).startsWith("gzip:");
    scene.cloud.world().parameter(CONFIG, text);

    assertThat(read(Map.of("MULTUS_ENI_CONFIG_PARAMETER", CONFIG)).nodeGroups()).hasSize(60);
  }

  @Test
  void takesTheConfigurationFromTheEnvironmentWithoutACall() throws ConfigException {
    assertThat(read(Map.of("MULTUS_ENI_CONFIG", json(1))).cluster()).isEqualTo("core5g");
    assertThat(scene.cloud.calls().all()).isEmpty();
  }

  @Test
  void tellsInWhichTextAProblemIs() {
    scene
        .cloud
        .world()
        .parameter(CONFIG, "{\"cluster\": {\"name\": \"core5g\"}, \"nodeGroup\": []}");
    scene.cloud.world().parameter(DEPLOYED, "{\"endPoint\": 1}");

    assertThatThrownBy(() -> read(VARIABLES))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining(CONFIG + ": nodeGroup: unknown key; did you mean 'nodeGroups'?");
    scene.cloud.world().parameter(CONFIG, json(1));
    assertThatThrownBy(() -> read(VARIABLES))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining(DEPLOYED + ": endPoint: unknown key; did you mean 'endpoint'?");
    scene.cloud.world().parameter(CONFIG, "gzip:x");
    assertThatThrownBy(() -> read(VARIABLES))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining(CONFIG + ": (whole text): can't be unpacked");
    assertThatThrownBy(() -> read(Map.of("MULTUS_ENI_CONFIG", "{}")))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("MULTUS_ENI_CONFIG: cluster: missing; add it");
    assertThatThrownBy(() -> read(Map.of()))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("neither is set");
  }

  @Test
  void namesTheParameterThatIsMissing() {
    scene.cloud.world().parameter(CONFIG, json(1));

    CallFailure failure = failure();

    assertThat(failure.meaning()).isEqualTo(ErrorMeaning.MISSING_DEPENDENCY);
    assertThat(failure.explained())
        .isEqualTo(
            "GetParameters on /multus-eni/core5g/deployed failed: InvalidParameters: there is no"
                + " such parameter; deploy the stack again");
  }

  @ParameterizedTest
  @CsvSource({
    "AccessDeniedException, 400, DENIED",
    "ThrottlingException, 400, THROTTLED",
    "InternalServerError, 500, TRANSIENT",
    "ExpiredTokenException, 400, TRANSIENT",
    "UnrecognizedClientException, 400, DENIED",
    "ValidationException, 400, INVALID"
  })
  void tellsWhatARefusalMeans(String code, int status, ErrorMeaning meaning) {
    scene.cloud.faults().fail("GetParameters").always().with(code, status, "as AWS says");

    CallFailure failure = failure();

    assertThat(failure.meaning()).isEqualTo(meaning);
    assertThat(failure.code()).isEqualTo(code);
    assertThat(failure.explained()).contains(CONFIG + ", " + DEPLOYED, "as AWS says");
  }

  @Test
  void namesTheActionThatIsNotAllowed() {
    scene
        .cloud
        .faults()
        .fail("GetParameters")
        .always()
        .with("AccessDeniedException", 400, "User is not authorized");

    assertThat(failure().explained())
        .endsWith("User is not authorized; allow the function's role ssm:GetParameters on them");
  }

  @Test
  void tellsWhatTheLastTryFailedWithWhenTheTimeIsUp() {
    scene.cloud.world().parameter(CONFIG, json(1));
    try (AwsClients clients =
        AwsClients.emulator(scene.cloud.endpoint(), RetrySettings.standard(), scene.time)) {
      // The first call loads classes, which must not be what the time is up with.
      clients.parameters(new CallCounter(), in(Duration.ofHours(1))).read(List.of(CONFIG));
      scene
          .cloud
          .faults()
          .fail("GetParameters")
          .always()
          .with("InternalServerError", 500, "as AWS says");

      CallFailure failure =
          catchThrowableOfType(
              CallFailure.class,
              () ->
                  clients
                      .parameters(new CallCounter(), in(Duration.ofMillis(700)))
                      .read(List.of(CONFIG)));

      assertThat(failure.meaning()).isEqualTo(ErrorMeaning.UNKNOWN_EFFECT);
      assertThat(failure.explained())
          .contains("did not complete before the specified timeout")
          .contains("; the last try failed: as AWS says (Service: Ssm, Status Code: 500")
          .endsWith("; in a VPC: is there a route or an interface endpoint for ssm?");
    }
  }

  @Test
  void asksForTheWayThereWhereNobodyAnswers() {
    scene.cloud.faults().fail("GetParameters").always().dropRequest();

    assertThat(failure().explained())
        .contains("NoAnswer")
        .endsWith("; in a VPC: is there a route or an interface endpoint for ssm?");
  }

  @Test
  void repeatsWhatPassesByItself() throws ConfigException {
    scene.cloud.world().parameter(CONFIG, json(1));
    scene.cloud.world().parameter(DEPLOYED, "{}");
    scene.cloud.faults().fail("GetParameters").with("ThrottlingException", 400, "Rate exceeded");
    scene.cloud.faults().fail("GetParameters").onCall(2).dropAnswer();

    assertThat(read(VARIABLES).cluster()).isEqualTo("core5g");
    assertThat(scene.cloud.faults().hits()).isEqualTo(2);
  }

  @Test
  void countsItsCallsAndThoseThatWereThrottled() {
    scene.cloud.world().parameter(CONFIG, json(1));
    scene.cloud.faults().fail("GetParameters").with("ThrottlingException", 400, "Rate exceeded");

    SortedMap<String, String> values = scene.parameters.read(List.of(CONFIG));

    assertThat(values).containsOnlyKeys(CONFIG);
    assertThat(scene.counter.byAction()).containsEntry("GetParameters", 2);
    assertThat(scene.counter.throttledCalls()).isEqualTo(1);
  }

  private Deadline in(Duration time) {
    return Deadline.in(scene.time, time);
  }

  private CallFailure failure() {
    return catchThrowableOfType(CallFailure.class, () -> read(VARIABLES));
  }

  private ProvisionerConfig read(Map<String, String> variables) throws ConfigException {
    return new FunctionConfig(variables::get, scene.clients)
        .read(in(Duration.ofHours(1)), scene.counter);
  }

  private static String json(int groups) {
    return IntStream.range(0, groups)
        .mapToObj(
            """
            {"name": "upf-%1$d", "eksManagedNodegroup": "upf-%1$d", "networks": [
              {"name": "n3", "subnets": ["subnet-0123456789abcdef0"],
               "securityGroups": ["sg-0123456789abcdef0"]}]}
            """
                ::formatted)
        .collect(
            Collectors.joining(
                ",", "{\"cluster\": {\"name\": \"core5g\"}, \"nodeGroups\": [", "]}"));
  }
}
