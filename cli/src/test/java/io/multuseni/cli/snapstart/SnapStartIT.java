// SPDX-License-Identifier: Apache-2.0
package io.multuseni.cli.snapstart;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpServer;
import io.multuseni.core.config.ConfigException;
import io.multuseni.core.config.ConfigReader;
import io.multuseni.core.config.ConfigText;
import io.multuseni.core.config.ConfigWriter;
import io.multuseni.core.config.ProvisionerConfig;
import io.multuseni.eniattach.EniAttachHandler;
import io.multuseni.eniattach.EniSweepHandler;
import io.multuseni.ipreconcile.IpReconcileHandler;
import io.multuseni.localcloud.LocalCloud;
import io.multuseni.localcloud.Settings;
import io.multuseni.localcloud.autoscaling.GroupSpec;
import io.multuseni.localcloud.autoscaling.HookSpec;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is in a snapshot and what isn't, seen from outside of the function's process. */
class SnapStartIT {
  private static final String CONFIG = "/multus-eni/core5g/config";
  private static final String DEPLOYED = "/multus-eni/core5g/deployed";
  private static final String TICK =
      "{\"source\": \"aws.events\", \"detail-type\": \"Scheduled Event\", \"detail\": {}}";

  private final LocalCloud cloud = LocalCloud.start(Settings.defaults().withThrottling(false));
  private final String vpc = cloud.world().vpc("10.0.0.0/16");
  private final String nodes = cloud.world().subnet(vpc, "us-east-1a", "10.0.0.0/24");
  private final String n3 = cloud.world().subnet(vpc, "us-east-1a", "10.0.30.0/24");
  private final String securityGroup = cloud.world().securityGroup(vpc, "multus");
  private final AtomicInteger credentialsAsked = new AtomicInteger();
  private HttpServer credentials;

  @BeforeEach
  void createGroup() {
    cloud
        .world()
        .autoScalingGroup(
            "upf-a",
            GroupSpec.of("m5.xlarge", nodes).withHook(HookSpec.launching("multus-eni-launch")));
  }

  @BeforeEach
  void openCredentials() throws Exception {
    credentials = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    credentials.createContext(
        "/",
        exchange -> {
          credentialsAsked.incrementAndGet();
          byte[] body =
              """
              {"AccessKeyId": "AKIDEXAMPLE", "SecretAccessKey": "example", "Token": "example",
               "Expiration": "2099-01-01T00:00:00Z"}
              """
                  .getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(200, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    credentials.start();
  }

  @AfterEach
  void close() {
    credentials.stop(0);
    cloud.close();
  }

  private Sandboxed start(Class<?> handler) throws Exception {
    return Sandboxed.start(
        handler,
        Map.of(
            "AWS_REGION",
            "us-east-1",
            "AWS_ENDPOINT_URL",
            cloud.endpoint().toString(),
            "AWS_CONTAINER_CREDENTIALS_FULL_URI",
            "http://127.0.0.1:" + credentials.getAddress().getPort() + "/credentials",
            "MULTUS_ENI_CONFIG_PARAMETER",
            CONFIG,
            "MULTUS_ENI_DEPLOYED_PARAMETER",
            DEPLOYED));
  }

  @ParameterizedTest
  @ValueSource(classes = {EniAttachHandler.class, EniSweepHandler.class, IpReconcileHandler.class})
  void nothingIsSentReadOrSignedBeforeASnapshot(Class<?> handler) throws Exception {
    try (Sandboxed function = start(handler)) {
      JsonNode primed = function.tell("checkpoint");

      assertThat(primed.path("resources").asInt()).as("ours, and no library's").isEqualTo(1);
      assertThat(primed.path("loaded").asInt()).as("classes").isGreaterThan(1000);
      assertThat(credentialsAsked).hasValue(0);
      assertThat(cloud.calls().all()).isEmpty();
      assertThat(function.log()).as("neither a warning nor a metric").isEmpty();

      function.tell("restore");
      assertThat(credentialsAsked).hasValue(0);
      assertThat(cloud.calls().all()).isEmpty();
    }
  }

  @Test
  void aPrimedLaunchLoadsFewClassesAnyMore() throws Exception {
    configure("upf-a");
    cloud.world().parameter(DEPLOYED, "{}");

    int cold;
    try (Sandboxed function = start(EniAttachHandler.class)) {
      JsonNode launched = function.tell(launch());
      assertThat(launched.path("report").path("outcome").asText())
          .as("%s %s", launched, function.log())
          .isEqualTo("CONTINUE");
      cold = launched.path("loaded").asInt();
    }
    try (Sandboxed function = start(EniAttachHandler.class)) {
      function.tell("checkpoint");
      function.tell("restore");
      JsonNode launched = function.tell(launch());

      assertThat(launched.path("report").path("outcome").asText()).isEqualTo("CONTINUE");
      assertThat(launched.path("loaded").asInt()).isLessThan(cold / 2);
    }
  }

  @Test
  void aPrimedReconciliationLoadsFewClassesAnyMore() throws Exception {
    configure("upf-a");
    cloud.world().parameter(DEPLOYED, nobodysApiServer());

    int cold;
    try (Sandboxed function = start(IpReconcileHandler.class)) {
      cold = function.tell(TICK).path("loaded").asInt();
    }
    try (Sandboxed function = start(IpReconcileHandler.class)) {
      function.tell("checkpoint");
      function.tell("restore");
      JsonNode reconciled = function.tell(TICK);

      assertThat(reconciled.path("report").path("cluster").asText()).isEqualTo("core5g");
      assertThat(reconciled.path("report").path("guard").path("kind").asText())
          .isEqualTo("UNREADABLE");
      assertThat(reconciled.path("loaded").asInt()).isLessThan(cold / 2);
    }
  }

  @Test
  void whatChangedMeanwhileIsReadAfterARestore() throws Exception {
    configure("upf-a");
    cloud.world().parameter(DEPLOYED, "{}");
    String event = launch();

    try (Sandboxed function = start(EniAttachHandler.class)) {
      function.tell("checkpoint");
      function.tell("restore");
      assertThat(function.tell(event).path("report").path("outcome").asText())
          .isEqualTo("CONTINUE");
      assertThat(credentialsAsked).as("signed from here on").hasPositiveValue();

      configure("smf-a");
      function.tell("restore");
      assertThat(function.tell(event).path("report").path("reason").asText())
          .isEqualTo("FOREIGN_GROUP");
    }
  }

  /** A configuration that claims that Auto Scaling group. */
  private void configure(String group) throws ConfigException {
    ProvisionerConfig config =
        ConfigReader.readYaml(
            """
            cluster: {name: core5g}
            reconcile: {watch: false}
            nodeGroups:
              - name: upf
                autoScalingGroups: [%s]
                networks: [{name: n3, subnets: [%s], securityGroups: [%s]}]
            """
                .formatted(group, n3, securityGroup));
    cloud.world().parameter(CONFIG, ConfigText.encode(ConfigWriter.toJson(config)));
  }

  /** The event of a new instance. */
  private String launch() throws InterruptedException {
    cloud.world().scaleOut("upf-a", 1);
    cloud.events().awaitIdle(Duration.ofSeconds(10));
    return cloud.events().history().getLast();
  }

  /** Nobody listens there: the connection is refused. */
  private static String nobodysApiServer() throws Exception {
    String authority =
        Files.readString(
            Path.of(Objects.requireNonNull(SnapStartIT.class.getResource("authority.pem")).toURI()),
            StandardCharsets.US_ASCII);
    return "{\"endpoint\": \"https://127.0.0.1:1\", \"certificateAuthority\": \"%s\"}"
        .formatted(
            Base64.getEncoder().encodeToString(authority.getBytes(StandardCharsets.US_ASCII)));
  }
}
