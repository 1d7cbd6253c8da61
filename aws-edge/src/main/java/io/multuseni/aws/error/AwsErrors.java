// SPDX-License-Identifier: Apache-2.0
package io.multuseni.aws.error;

import static io.multuseni.core.error.ErrorMeaning.ADDRESS_TAKEN;
import static io.multuseni.core.error.ErrorMeaning.ALREADY_DONE;
import static io.multuseni.core.error.ErrorMeaning.DENIED;
import static io.multuseni.core.error.ErrorMeaning.GONE;
import static io.multuseni.core.error.ErrorMeaning.INVALID;
import static io.multuseni.core.error.ErrorMeaning.IN_USE;
import static io.multuseni.core.error.ErrorMeaning.MISSING_DEPENDENCY;
import static io.multuseni.core.error.ErrorMeaning.NOT_READY;
import static io.multuseni.core.error.ErrorMeaning.NOT_YET_VISIBLE;
import static io.multuseni.core.error.ErrorMeaning.NO_ROOM_IN_SUBNET;
import static io.multuseni.core.error.ErrorMeaning.NO_ROOM_ON_INSTANCE;
import static io.multuseni.core.error.ErrorMeaning.NO_ROOM_ON_INTERFACE;
import static io.multuseni.core.error.ErrorMeaning.QUOTA;
import static io.multuseni.core.error.ErrorMeaning.SLOT_TAKEN;
import static io.multuseni.core.error.ErrorMeaning.THROTTLED;
import static io.multuseni.core.error.ErrorMeaning.TOKEN_REUSED;
import static io.multuseni.core.error.ErrorMeaning.TRANSIENT;
import static io.multuseni.core.error.ErrorMeaning.UNKNOWN_EFFECT;

import io.multuseni.core.error.CallFailure;
import io.multuseni.core.error.ErrorMeaning;
import io.multuseni.core.ip.IpAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.ApiCallTimeoutException;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.exception.SdkException;

/** Tables from AWS' error codes to their meaning. */
public final class AwsErrors {
  /**
   * Source: the SDK's own list of throttling codes; EC2 and Auto Scaling use the first two, SSM the
   * third.
   */
  private static final Set<String> THROTTLING =
      Set.of(
          "RequestLimitExceeded",
          "Throttling",
          "ThrottlingException",
          "ThrottledException",
          "RequestThrottled",
          "RequestThrottledException",
          "TooManyRequestsException",
          "EC2ThrottledException",
          "RateExceeded",
          "SlowDown",
          "PriorRequestNotComplete");

  /** Codes that say one thing. Source: EC2 API reference, "Error codes"; field reports. */
  private static final Map<String, ErrorMeaning> BY_CODE =
      Map.ofEntries(
          Map.entry("InvalidNetworkInterfaceID.NotFound", NOT_YET_VISIBLE),
          Map.entry("InvalidAttachmentID.NotFound", NOT_YET_VISIBLE),
          Map.entry("InvalidInstanceID.NotFound", GONE),
          Map.entry("IncorrectInstanceState", NOT_READY),
          Map.entry("IncorrectState", NOT_READY),
          Map.entry("ConcurrentTagAccess", TRANSIENT),
          // Credentials that ran out on the way, or a clock that is off: the next try signs anew.
          Map.entry("RequestExpired", TRANSIENT),
          Map.entry("ExpiredToken", TRANSIENT),
          Map.entry("ExpiredTokenException", TRANSIENT),
          Map.entry("ResourceContention", TRANSIENT),
          Map.entry("InvalidNetworkInterface.InUse", IN_USE),
          Map.entry("AttachmentLimitExceeded", NO_ROOM_ON_INSTANCE),
          Map.entry("PrivateIpAddressLimitExceeded", NO_ROOM_ON_INTERFACE),
          Map.entry("InvalidIPAddress.InUse", ADDRESS_TAKEN),
          Map.entry("IdempotentParameterMismatch", TOKEN_REUSED),
          Map.entry("InsufficientFreeAddressesInSubnet", NO_ROOM_IN_SUBNET),
          Map.entry("InsufficientCidrBlocks", NO_ROOM_IN_SUBNET),
          Map.entry("NetworkInterfaceLimitExceeded", QUOTA),
          Map.entry("TagLimitExceeded", QUOTA),
          Map.entry("InvalidSecurityGroupID.NotFound", MISSING_DEPENDENCY),
          Map.entry("InvalidGroup.NotFound", MISSING_DEPENDENCY),
          Map.entry("InvalidGroupId.Malformed", MISSING_DEPENDENCY),
          Map.entry("InvalidSubnetID.NotFound", MISSING_DEPENDENCY),
          Map.entry("UnauthorizedOperation", DENIED),
          Map.entry("AccessDenied", DENIED),
          Map.entry("AccessDeniedException", DENIED),
          Map.entry("AuthFailure", DENIED),
          Map.entry("OptInRequired", DENIED),
          Map.entry("UnrecognizedClientException", DENIED),
          Map.entry("InvalidClientTokenId", DENIED),
          Map.entry("OperationNotPermitted", DENIED));

  /**
   * Codes that say several things, told apart by a part of the message. Source: messages in public
   * reports of VPC CNI, Cilium and Terraform users, and of lifecycle-hook users.
   */
  private static final List<ByMessage> BY_MESSAGE =
      List.of(
          new ByMessage(
              "InvalidParameterValue", "already has an interface attached at", SLOT_TAKEN),
          new ByMessage("InvalidParameterValue", "is currently in use", IN_USE),
          new ByMessage("InvalidParameterValue", "sufficient free", NO_ROOM_IN_SUBNET),
          new ByMessage("InvalidParameterValue", "is already assigned", ADDRESS_TAKEN),
          new ByMessage("InvalidParameterValue", "move is not allowed", ADDRESS_TAKEN),
          // A move of what is another interface's primary address, which never moves.
          new ByMessage("InvalidParameterValue", "secondary-addresses", ADDRESS_TAKEN),
          new ByMessage(
              "InvalidParameterValue", "specified addresses are not assigned", ALREADY_DONE),
          new ByMessage("InvalidInstanceID", "is not in a valid state", NOT_READY),
          new ByMessage("InvalidParameter", "belong to different networks", MISSING_DEPENDENCY),
          new ByMessage("ValidationError", "No active Lifecycle Action found", ALREADY_DONE),
          new ByMessage("ValidationException", "No active Lifecycle Action found", ALREADY_DONE));

  /** A run of what addresses are made of, neither part of a word nor of a range. */
  private static final Pattern PERHAPS_ADDRESS =
      Pattern.compile("(?<!\\w)[0-9A-Fa-f:.]++(?![\\w/])");

  /** The code in an error's body: of the Query protocol, or of the JSON protocol with its shape. */
  private static final Pattern CODE =
      Pattern.compile(
          "<Code>\\s*([^<\\s]+)\\s*</Code>|\"__type\"\\s*:\\s*\"(?:[^\"#]*#)?([^\"#]+)\"");

  private record ByMessage(String code, String part, ErrorMeaning meaning) {}

  private AwsErrors() {}

  /**
   * Tells an SDK exception in our words.
   *
   * @param action the API action
   * @param resource what the call was about
   * @param exception what the SDK threw
   */
  public static CallFailure translate(String action, String resource, SdkException exception) {
    if (exception instanceof AwsServiceException service) {
      Optional<AwsErrorDetails> details = Optional.ofNullable(service.awsErrorDetails());
      String code = details.map(AwsErrorDetails::errorCode).orElse("HTTP " + service.statusCode());
      String message =
          details.map(AwsErrorDetails::errorMessage).orElse(String.valueOf(service.getMessage()));
      return new CallFailure(
          meaningOf(service.statusCode(), code, message),
          action,
          resource,
          code,
          message,
          exception);
    }
    // No answer, or no time left to wait for one. What can't be sent at all is a fault of the
    // set-up.
    boolean setUp =
        exception instanceof SdkClientException
            && exception.getMessage() != null
            && (exception.getMessage().contains("Unable to load credentials")
                || exception.getMessage().contains("Unable to load region"));
    return new CallFailure(
        setUp ? DENIED : UNKNOWN_EFFECT,
        action,
        resource,
        setUp ? "NoCredentials" : "NoAnswer",
        String.valueOf(exception.getMessage()),
        exception);
  }

  /**
   * Tells in our words that the time of a call was up.
   *
   * @param action the API action
   * @param resource what the call was about
   * @param exception what the SDK threw
   * @param lastTry what the last try failed with, where one had failed
   */
  public static CallFailure timeout(
      String action, String resource, ApiCallTimeoutException exception, Optional<String> lastTry) {
    String message = String.valueOf(exception.getMessage());
    return new CallFailure(
        UNKNOWN_EFFECT,
        action,
        resource,
        "NoAnswer",
        lastTry.map(failure -> message + "; the last try failed: " + failure).orElse(message),
        exception);
  }

  /**
   * What an error means.
   *
   * @param status HTTP status
   * @param code AWS' error code
   * @param message AWS' message
   */
  public static ErrorMeaning meaningOf(int status, String code, String message) {
    if (THROTTLING.contains(code)) {
      return THROTTLED;
    }
    ErrorMeaning known = BY_CODE.get(code);
    if (known != null) {
      return known;
    }
    for (ByMessage entry : BY_MESSAGE) {
      if (entry.code().equals(code) && message.contains(entry.part())) {
        return entry.meaning();
      }
    }
    return status >= 500 ? TRANSIENT : INVALID;
  }

  /**
   * The addresses that a message of AWS names, in order. EC2 refuses a whole call and says only
   * there which of its addresses it minds.
   *
   * @param message AWS' message alone, such as {@link CallFailure#answer()}: what we say of a call
   *     ourselves names all its addresses
   * @return IPv4 and IPv6 addresses; ranges are left out
   */
  public static SortedSet<IpAddress> addressesIn(String message) {
    SortedSet<IpAddress> found = new TreeSet<>();
    Matcher matcher = PERHAPS_ADDRESS.matcher(message);
    while (matcher.find()) {
      String text = matcher.group();
      Optional<IpAddress> address = IpAddress.parse(text);
      // A sentence goes on with a colon or ends with a full stop.
      while (address.isEmpty() && (text.endsWith(".") || text.endsWith(":"))) {
        text = text.substring(0, text.length() - 1);
        address = IpAddress.parse(text);
      }
      if (address.isPresent()) {
        found.add(address.get());
      }
    }
    return found;
  }

  /** Whether the body of an error answer, XML or JSON, is a throttling one. */
  public static boolean isThrottlingBody(String body) {
    Matcher code = CODE.matcher(body);
    return code.find()
        && THROTTLING.contains(code.group(1) == null ? code.group(2) : code.group(1));
  }
}
