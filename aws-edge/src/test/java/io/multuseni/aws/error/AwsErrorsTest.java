// SPDX-License-Identifier: Apache-2.0
package io.multuseni.aws.error;

import static org.assertj.core.api.Assertions.assertThat;

import io.multuseni.core.error.CallFailure;
import io.multuseni.core.error.ErrorMeaning;
import io.multuseni.core.ip.IpAddress;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.core.exception.ApiCallTimeoutException;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.autoscaling.model.AutoScalingException;
import software.amazon.awssdk.services.ec2.model.Ec2Exception;

class AwsErrorsTest {
  private static CallFailure translated(SdkException exception) {
    return AwsErrors.translate("AttachNetworkInterface", "eni-1", exception);
  }

  /** Codes and messages as EC2 and Auto Scaling gave them to people who reported them. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "400|InvalidParameterValue|Instance 'i-0aa' already has an interface attached at device index '1'.|SLOT_TAKEN",
        "400|AttachmentLimitExceeded|Interface count 4 exceeds the limit for t3.medium|NO_ROOM_ON_INSTANCE",
        "400|InvalidParameterCombination|You may not attach a network interface to an instance if they are not in the same availability zone|INVALID",
        "400|InvalidNetworkInterface.InUse|Interface: [eni-0a] in use.|IN_USE",
        "400|InvalidParameterValue|Network interface 'eni-0a' is currently in use.|IN_USE",
        "400|IncorrectInstanceState|The pending-instance-creation instance to which 'eni-0a' is attached is not in a valid state for this operation|NOT_READY",
        "400|IncorrectState|Instance 'i-0aa' is not 'running'.|NOT_READY",
        "400|InvalidInstanceID|The pending instance 'i-0aa' is not in a valid state for this operation|NOT_READY",
        "400|InvalidInstanceID|something else|INVALID",
        "400|InvalidNetworkInterfaceID.NotFound|The networkInterface ID 'eni-0a' does not exist|NOT_YET_VISIBLE",
        "400|InvalidNetworkInterfaceId.Malformed|bad id|INVALID",
        "400|InvalidInstanceID.NotFound|The instance ID 'i-0aa' does not exist|GONE",
        "400|InvalidAttachmentID.NotFound|The network interface attachment ID 'eni-attach-0a' does not exist|NOT_YET_VISIBLE",
        "400|InvalidNetworkInterfaceAttachmentId.Malformed|bad id|INVALID",
        "400|InvalidSecurityGroupID.NotFound|The securityGroup ID 'sg-0a' does not exist|MISSING_DEPENDENCY",
        "400|InvalidGroup.NotFound|You have specified two resources that belong to different networks.|MISSING_DEPENDENCY",
        "400|InvalidParameter|Security group sg-0a and subnet subnet-0a belong to different networks.|MISSING_DEPENDENCY",
        "400|InvalidSubnetID.NotFound|The subnet ID 'subnet-0a' does not exist|MISSING_DEPENDENCY",
        "400|OperationNotPermitted|You are not allowed to manage 'ela-attach' attachments.|DENIED",
        "400|InsufficientFreeAddressesInSubnet|The specified subnet does not have enough free addresses to satisfy the request.|NO_ROOM_IN_SUBNET",
        "400|InvalidParameterValue|There aren't sufficient free Ipv4 addresses or prefixes|NO_ROOM_IN_SUBNET",
        "400|InvalidParameterValue|There aren't sufficient free Ipv6 addresses or prefixes|NO_ROOM_IN_SUBNET",
        "400|InsufficientCidrBlocks|The specified subnet does not have enough free cidr blocks to satisfy the request.|NO_ROOM_IN_SUBNET",
        "400|InvalidIPAddress.InUse|The specified address is already in use.|ADDRESS_TAKEN",
        "400|InvalidIPAddress.InUse|10.0.0.5 is already assigned.|ADDRESS_TAKEN",
        "400|InvalidIPAddress.InUse|Address 10.0.0.5 is in use.|ADDRESS_TAKEN",
        "400|InvalidParameterValue|10.0.0.5 is already assigned.|ADDRESS_TAKEN",
        "400|InvalidParameterValue|[10.0.0.5] assigned, but move is not allowed.|ADDRESS_TAKEN",
        "400|InvalidParameterValue|[10.0.0.5, 10.0.0.6] assigned, but move is not allowed.|ADDRESS_TAKEN",
        "400|InvalidParameterValue|[10.0.0.5] are not secondary-addresses and cannot be moved.|ADDRESS_TAKEN",
        "400|PrivateIpAddressLimitExceeded|Number of private addresses will exceed limit.|NO_ROOM_ON_INTERFACE",
        "400|InvalidParameterValue|Some of the specified addresses are not assigned to interface eni-0a|ALREADY_DONE",
        "400|InvalidParameterValue|The primary IP address of an interface cannot be unassigned|INVALID",
        "400|InvalidParameterValue|Address 10.9.9.9 does not fall within the subnet's address range|INVALID",
        "400|InvalidParameterValue|Address does not fall within the subnet's address range|INVALID",
        "400|InvalidParameterValue|Address is in subnet's reserved address range|INVALID",
        "400|InvalidParameterValue|invalid value for parameter address: x|INVALID",
        "400|InvalidParameterValue|Address 10.0.0.1 is in subnet's reserved address range|INVALID",
        "400|InvalidParameterCombination|The parameter privateIpAddresses cannot be used with the parameter count|INVALID",
        "400|MissingParameter|The request must contain the parameter subnetId|INVALID",
        "503|RequestLimitExceeded|Request limit exceeded.|THROTTLED",
        "503|RequestLimitExceeded|Request limit exceeded. Account 123456789012 has been throttled on ec2:CreateTags because it exceeded its request rate limit.|THROTTLED",
        "400|NetworkInterfaceLimitExceeded|The maximum number of network interfaces has been reached.|QUOTA",
        "403|UnauthorizedOperation|You are not authorized to perform this operation. Encoded authorization failure message: x|DENIED",
        "403|AuthFailure|AWS was not able to validate the provided access credentials|DENIED",
        "400|IdempotentParameterMismatch|The client token you have provided has already been used|TOKEN_REUSED",
        "400|TagLimitExceeded|The maximum number of tags has been reached.|QUOTA",
        "400|ConcurrentTagAccess|Try again|TRANSIENT",
        "400|InvalidNextToken|The token is invalid.|INVALID",
        "400|InvalidPaginationToken|The token is invalid.|INVALID",
        "400|FilterLimitExceeded|Too many filters|INVALID",
        "500|InternalError|An internal error has occurred|TRANSIENT",
        "503|Unavailable|The server is overloaded and can't handle the request.|TRANSIENT",
        "500|ResourceContention|You already have a pending update|TRANSIENT",
        "400|ValidationError|No active Lifecycle Action found with instance ID i-0aa|ALREADY_DONE",
        "400|ValidationError|No active Lifecycle Action found with token 11111111-2222-3333-4444-555555555555|ALREADY_DONE",
        "400|ValidationException|No active Lifecycle Action found with instance ID i-0aa|ALREADY_DONE",
        "400|ValidationError|AutoScalingGroup name not found - null|INVALID",
        "400|Throttling|Rate exceeded|THROTTLED",
        "400|RateExceeded|Rate exceeded|THROTTLED",
        "403|AccessDenied|User is not authorized to perform: autoscaling:CompleteLifecycleAction|DENIED",
      })
  void eachKnownErrorHasItsMeaning(int status, String code, String message, ErrorMeaning expected) {
    assertThat(AwsErrors.meaningOf(status, code, message)).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({
    "400, INVALID",
    "403, INVALID",
    "404, INVALID",
    "499, INVALID",
    "500, TRANSIENT",
    "502, TRANSIENT",
    "503, TRANSIENT",
    "504, TRANSIENT",
    "599, TRANSIENT",
  })
  void whatNobodyHasSeenIsJudgedByItsStatus(int status, ErrorMeaning expected) {
    assertThat(AwsErrors.meaningOf(status, "BrandNewCode", "what is this")).isEqualTo(expected);
  }

  @Test
  void aMessageCountsOnlyUnderItsCode() {
    assertThat(AwsErrors.meaningOf(400, "SomethingElse", "No active Lifecycle Action found with"))
        .isEqualTo(ErrorMeaning.INVALID);
    assertThat(AwsErrors.meaningOf(400, "ValidationError", "already has an interface attached at"))
        .isEqualTo(ErrorMeaning.INVALID);
  }

  /** Messages of EC2, and turns of speech that it may take up. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "[10.0.4.71, 10.0.4.70] assigned, but move is not allowed.|10.0.4.70 10.0.4.71",
        "Address 10.9.9.9 does not fall within the subnet's address range|10.9.9.9",
        "10.0.0.5 is already assigned.|10.0.0.5",
        "The address is 10.0.0.5.|10.0.0.5",
        "10.0.0.5: in use, and so is 10.0.0.5|10.0.0.5",
        "invalid value for parameter address:10.0.0.5|10.0.0.5",
        "[2001:db8::70, 2001:DB8:0:0:0:0:0:7] are in use|2001:db8::7 2001:db8::70",
        "2001:db8::: in use|2001:db8::",
        "::1 and 10.0.0.5|10.0.0.5 ::1",
        "10.0.0.5 of 10.0.0.0/24 or 2001:db8::/64|10.0.0.5",
        "interface eni-0a1b of 12:30:45 on 0a:1b:2c:3d:4e:5f|''",
        "300.0.0.1 10.0.0 10.0.0.1.2 v10.0.0.1 10.0.0.1x|''",
        "Number of private addresses will exceed limit.|''",
        "''|''",
      })
  void theAddressesOfAMessageAreThoseItWritesOut(String message, String expected) {
    assertThat(
            AwsErrors.addressesIn(message).stream()
                .map(IpAddress::toString)
                .collect(Collectors.joining(" ")))
        .isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "<Response><Errors><Error><Code>RequestLimitExceeded</Code><Message>x</Message></Error></Errors></Response>",
        "<ErrorResponse><Error><Type>Sender</Type><Code>Throttling</Code></Error></ErrorResponse>",
        "<Code>\n  Throttling\n</Code>",
        "{\"__type\":\"ThrottlingException\",\"message\":\"Rate exceeded\"}",
        "{\"__type\" : \"com.amazonaws.ssm#ThrottlingException\"}",
      })
  void aThrottlingAnswerIsKnownByItsCode(String body) {
    assertThat(AwsErrors.isThrottlingBody(body)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "RequestLimitExceeded",
        "<Code>",
        "</Code><Code>",
        "<Code></Code>",
        "<Code>InternalError</Code><Message>Throttling</Message>",
        "<html>Service Unavailable</html>",
        "{\"__type\":\"InternalServerError\",\"message\":\"ThrottlingException\"}",
        "{\"__type\":\"\"}"
      })
  void anyOtherAnswerIsNoThrottlingOne(String body) {
    assertThat(AwsErrors.isThrottlingBody(body)).isFalse();
  }

  @Test
  void anAnswerKeepsItsCodeMessageAndCause() {
    SdkException exception =
        Ec2Exception.builder()
            .statusCode(400)
            .awsErrorDetails(
                AwsErrorDetails.builder()
                    .errorCode("AttachmentLimitExceeded")
                    .errorMessage("Interface count 4 exceeds the limit for t3.medium")
                    .build())
            .build();

    CallFailure failure = translated(exception);

    assertThat(failure.meaning()).isEqualTo(ErrorMeaning.NO_ROOM_ON_INSTANCE);
    assertThat(failure.code()).isEqualTo("AttachmentLimitExceeded");
    assertThat(failure).hasCause(exception);
    assertThat(failure.explained())
        .isEqualTo(
            "AttachNetworkInterface on eni-1 failed: AttachmentLimitExceeded: Interface count 4"
                + " exceeds the limit for t3.medium");
  }

  @Test
  void anAnswerWithoutACodeIsJudgedByItsStatus() {
    CallFailure noDetails =
        translated(AutoScalingException.builder().statusCode(502).message("Bad Gateway").build());
    assertThat(noDetails.meaning()).isEqualTo(ErrorMeaning.TRANSIENT);
    assertThat(noDetails.code()).isEqualTo("HTTP 502");
    assertThat(noDetails.explained()).contains("Bad Gateway");

    CallFailure emptyDetails =
        translated(
            Ec2Exception.builder()
                .statusCode(400)
                .awsErrorDetails(AwsErrorDetails.builder().build())
                .build());
    assertThat(emptyDetails.meaning()).isEqualTo(ErrorMeaning.INVALID);
    assertThat(emptyDetails.code()).isEqualTo("HTTP 400");
  }

  @Test
  void whereNoAnswerCameTheEffectIsUnknown() {
    assertThat(translated(ApiCallTimeoutException.create(500)).meaning())
        .isEqualTo(ErrorMeaning.UNKNOWN_EFFECT);
    CallFailure failure =
        translated(SdkClientException.create("Unable to execute HTTP request: Read timed out"));
    assertThat(failure.meaning()).isEqualTo(ErrorMeaning.UNKNOWN_EFFECT);
    assertThat(failure.code()).isEqualTo("NoAnswer");
    assertThat(failure.explained()).contains("Read timed out");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Unable to load credentials from any of the providers in the chain",
        "Unable to load region from any of the providers in the chain"
      })
  void whatCannotBeSentForWantOfCredentialsIsNotRepeated(String message) {
    CallFailure failure = translated(SdkClientException.create(message));

    assertThat(failure.meaning()).isEqualTo(ErrorMeaning.DENIED);
    assertThat(failure.code()).isEqualTo("NoCredentials");
  }
}
