// SPDX-License-Identifier: Apache-2.0
package io.multuseni.localcloud;

import static io.multuseni.localcloud.Fixture.refused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.ssm.SsmClient;
import software.amazon.awssdk.services.ssm.model.GetParametersResponse;
import software.amazon.awssdk.services.ssm.model.Parameter;

class ParametersTest {
  private final Fixture f = Fixture.start();
  private final SsmClient ssm = Clients.ssm(f.cloud);

  @AfterEach
  void close() {
    ssm.close();
    f.close();
  }

  private GetParametersResponse get(String... names) {
    return ssm.getParameters(request -> request.names(names));
  }

  @Test
  void givesTheNewestValueOfEachAndNamesWhatIsNotThere() {
    f.world.parameter("/a/config", "{\"x\": \"ä\\\"\"}\n");
    f.world.parameter("/a/deployed", "old");
    f.world.parameter("/a/deployed", "new");

    GetParametersResponse found = get("/a/config", "/a/deployed", "/a/none");

    assertThat(found.parameters())
        .extracting(Parameter::name, Parameter::value, Parameter::version, Parameter::arn)
        .containsExactlyInAnyOrder(
            tuple(
                "/a/config",
                "{\"x\": \"ä\\\"\"}\n",
                1L,
                "arn:aws:ssm:us-east-1:123456789012:parameter/a/config"),
            tuple(
                "/a/deployed",
                "new",
                2L,
                "arn:aws:ssm:us-east-1:123456789012:parameter/a/deployed"));
    assertThat(found.invalidParameters()).containsExactly("/a/none");
  }

  @Test
  void forgetsADeletedParameter() {
    f.world.parameter("a", "x");
    f.world.dropParameter("a");

    assertThat(get("a").invalidParameters()).containsExactly("a");
    assertThatThrownBy(() -> f.world.dropParameter("a"))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void showsAnOldValueAsLongAsTheDelaySays() {
    f.world.parameter("a", "old");
    f.pass(Duration.ofMinutes(1));
    f.cloud.reconfigure(f.cloud.settings().withVisibilityDelay(Duration.ofSeconds(10)));
    f.world.parameter("a", "new");
    f.world.parameter("b", "first");

    assertThat(get("a", "b").parameters()).extracting(Parameter::value).containsExactly("old");

    f.pass(Duration.ofSeconds(10));
    assertThat(get("a", "b").parameters())
        .extracting(Parameter::value)
        .containsExactlyInAnyOrder("new", "first");
  }

  @Test
  void throttlesBeyondFortyCallsPerSecond() {
    f.world.parameter("a", "x");
    for (int call = 0; call < 40; call++) {
      get("a");
    }

    refused(() -> get("a"), "ThrottlingException", "Rate exceeded");
    f.pass(Duration.ofSeconds(1));
    assertThat(get("a").parameters()).hasSize(1);
  }

  @Test
  void failsAsTheFaultPlanSays() {
    f.world.parameter("a", "x");
    f.cloud.faults().fail("GetParameters").with("AccessDeniedException", 400, "not allowed");

    refused(() -> get("a"), "AccessDeniedException", "not allowed");
    assertThat(get("a").parameters()).hasSize(1);
    assertThat(f.cloud.calls().of("GetParameters"))
        .extracting(Call::service, Call::httpStatus)
        .containsExactly(tuple("ssm", 400), tuple("ssm", 200));
    assertThat(f.cloud.calls().of("GetParameters").getFirst().params())
        .containsEntry("Names.1", "a");
  }

  @Test
  void refusesWhatAwsRefuses() {
    refused(() -> get(), "ValidationException");
    refused(() -> get("a", "a"), "ValidationException");
    refused(
        () -> get("1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11"), "ValidationException");
    refused(() -> ssm.getParameter(request -> request.name("a")), "InvalidAction");
    assertThatThrownBy(() -> f.world.parameter("a", "x".repeat(8193)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> f.world.parameter("a b", "x"))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void readsEveryFormOfJsonThatACallMayHave() throws Exception {
    f.world.parameter("/a", "x");

    for (String body :
        List.of(
            "{\"Names\":[\"\\/\\u0061\"]}",
            " { \"WithDecryption\" : true , \"Names\" : [ \"/a\" ] } ",
            "{\"Names\":[\"/a\"],\"WithDecryption\":false}")) {
      assertThat(post(body).body()).as(body).contains("\"Value\":\"x\"");
    }
    for (String body :
        List.of(
            "",
            "[]",
            "{",
            "{\"Names\"}",
            "{\"Names\":[\"a\"}",
            "{\"a\":null}",
            "{}x",
            "{\"a\":\"\\")) {
      HttpResponse<String> answer = post(body);
      assertThat(answer.statusCode()).as(body).isEqualTo(400);
      assertThat(answer.body()).as(body).contains("SerializationException");
    }
    assertThat(post("{\"Filters\":\"x\"}").body()).contains("UnknownParameter");
  }

  private HttpResponse<String> post(String body) throws Exception {
    try (HttpClient http = HttpClient.newHttpClient()) {
      return http.send(
          HttpRequest.newBuilder(URI.create(f.cloud.endpoint() + "/"))
              .header("X-Amz-Target", "AmazonSSM.GetParameters")
              .POST(HttpRequest.BodyPublishers.ofString(body))
              .build(),
          HttpResponse.BodyHandlers.ofString());
    }
  }
}
