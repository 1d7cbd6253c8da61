// SPDX-License-Identifier: Apache-2.0
package io.multuseni.localcloud;

import static io.multuseni.localcloud.Fixture.refused;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The protocol itself, as a client without an SDK sees it. */
class WireTest {
  private final Fixture f = Fixture.start();

  @AfterEach
  void close() {
    f.close();
  }

  private HttpResponse<String> get(String query) throws IOException, InterruptedException {
    try (HttpClient http = HttpClient.newHttpClient()) {
      return http.send(
          HttpRequest.newBuilder(URI.create(f.cloud.endpoint() + "/?" + query)).build(),
          HttpResponse.BodyHandlers.ofString());
    }
  }

  @Test
  void refusesAnUnknownActionByItsName() {
    refused(
        () -> f.ec2.describeVolumes(),
        "InvalidAction",
        "The action DescribeVolumes is not valid for this web service.");
    refused(
        () -> f.autoScaling.describePolicies(),
        "InvalidAction",
        "The action DescribePolicies is not valid for this web service.");
  }

  @Test
  void refusesAParameterThatIsNotModelled() {
    refused(
        () -> f.ec2.createNetworkInterface(r -> r.subnetId(f.subnetA).ipv4PrefixCount(1)),
        "UnknownParameter",
        "The parameter Ipv4PrefixCount is not modelled for CreateNetworkInterface");
  }

  @Test
  void refusesAMissingParameterByItsName() throws Exception {
    assertThat(get("Action=CreateNetworkInterface&Version=2016-11-15").body())
        .contains("<Code>MissingParameter</Code>", "SubnetId");
    assertThat(get("Version=2016-11-15").body()).contains("<Code>MissingParameter</Code>");
    assertThat(get("Action=DeleteLifecycleHook&Version=2011-01-01").body())
        .contains("<Code>ValidationError</Code>", "AutoScalingGroupName");
    assertThat(
            get("Action=AttachNetworkInterface&NetworkInterfaceId=a&InstanceId=b&DeviceIndex=one")
                .body())
        .contains("<Code>InvalidParameterValue</Code>", "DeviceIndex");
  }

  @Test
  void answersEc2InItsForm() throws Exception {
    HttpResponse<String> response = get("Action=DescribeSubnets&Version=2016-11-15");

    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.body())
        .contains(
            "<DescribeSubnetsResponse xmlns=\"http://ec2.amazonaws.com/doc/2016-11-15/\">"
                + "<requestId>",
            "<subnetSet><item><subnetId>" + f.subnetA + "</subnetId>");
  }

  @Test
  void answersAutoScalingInItsForm() throws Exception {
    assertThat(get("Action=DescribeTags&Version=2011-01-01").body())
        .contains(
            "<DescribeTagsResponse xmlns=\"http://autoscaling.amazonaws.com/doc/2011-01-01/\">"
                + "<DescribeTagsResult><Tags></Tags></DescribeTagsResult><ResponseMetadata>");
  }

  @Test
  void tellsTheServicesApartByActionWhenNoVersionIsSent() throws Exception {
    assertThat(get("Action=DescribeAutoScalingGroups").body())
        .contains("DescribeAutoScalingGroupsResult");
    assertThat(get("Action=DescribeSubnets").body()).contains("<subnetSet>");
    assertThat(f.cloud.calls().all())
        .extracting(Call::service)
        .containsExactly("autoscaling", "ec2");
  }

  @Test
  void formsErrorsLikeEachService() throws Exception {
    assertThat(get("Action=No&Version=2016-11-15").body())
        .contains("<Response><Errors><Error><Code>InvalidAction</Code>", "<RequestID>");
    assertThat(get("Action=No&Version=2011-01-01").body())
        .contains(
            "<ErrorResponse xmlns=\"http://autoscaling.amazonaws.com/doc/2011-01-01/\">"
                + "<Error><Type>Sender</Type><Code>InvalidAction</Code>",
            "</Error><RequestId>");
  }

  @Test
  void recordsEachCallWithItsParameters() {
    String eni = f.create();
    refused(() -> f.create("subnet-0"), "InvalidSubnetID.NotFound");

    Call first = f.cloud.calls().all().getFirst();
    assertThat(first.params())
        .containsEntry("Action", "CreateNetworkInterface")
        .containsEntry("SubnetId", f.subnetA)
        .containsKey("ClientToken");
    assertThat(first.at()).isEqualTo(Fixture.START);
    assertThat(f.cloud.calls().of("CreateNetworkInterface"))
        .extracting(c -> c.errorCode().orElse("none"))
        .containsExactly("none", "InvalidSubnetID.NotFound");
    assertThat(f.cloud.calls().counts()).containsEntry("CreateNetworkInterface", 2);
    f.cloud.calls().clear();
    assertThat(f.cloud.calls().all()).isEmpty();
    assertThat(eni).startsWith("eni-");
  }
}
