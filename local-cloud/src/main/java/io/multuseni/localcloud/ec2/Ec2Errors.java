// SPDX-License-Identifier: Apache-2.0
package io.multuseni.localcloud.ec2;

import io.multuseni.localcloud.wire.ApiError;

/**
 * The refusals of EC2 with their codes and texts, as public logs and issue threads show them. Where
 * no text of EC2 is known the one here is our own and marked; match on codes then.
 */
final class Ec2Errors {
  private Ec2Errors() {}

  static ApiError dryRun() {
    return new ApiError(
        "DryRunOperation", 412, "Request would have succeeded, but DryRun flag is set.");
  }

  static ApiError interfaceNotFound(String id) {
    return ApiError.of(
        "InvalidNetworkInterfaceID.NotFound",
        "The networkInterface ID '" + id + "' does not exist");
  }

  static ApiError instanceNotFound(String id) {
    return ApiError.of("InvalidInstanceID.NotFound", "The instance ID '" + id + "' does not exist");
  }

  static ApiError subnetNotFound(String id) {
    return ApiError.of("InvalidSubnetID.NotFound", "The subnet ID '" + id + "' does not exist");
  }

  static ApiError groupNotFound(String id) {
    return ApiError.of(
        "InvalidSecurityGroupID.NotFound", "The securityGroup ID '" + id + "' does not exist");
  }

  static ApiError attachmentNotFound(String id) {
    return ApiError.of(
        "InvalidAttachmentID.NotFound",
        "The network interface attachment ID '" + id + "' does not exist");
  }

  /** The text is our own. */
  static ApiError malformed(String code, String id, String prefix) {
    return ApiError.of(code, "Invalid id: \"" + id + "\" (expecting \"" + prefix + "...\")");
  }

  static ApiError differentNetworks() {
    return ApiError.of(
        "InvalidGroup.NotFound",
        "You have specified two resources that belong to different networks.");
  }

  static ApiError indexOccupied(String instanceId, int deviceIndex) {
    return ApiError.of(
        "InvalidParameterValue",
        "Instance '"
            + instanceId
            + "' already has an interface attached at device index '"
            + deviceIndex
            + "'.");
  }

  static ApiError attachmentLimit(int count, String type) {
    return ApiError.of(
        "AttachmentLimitExceeded", "Interface count " + count + " exceeds the limit for " + type);
  }

  /** The text is our own. */
  static ApiError noSuchCard(int card, String type) {
    return ApiError.of(
        "InvalidParameterValue",
        "Network card index '" + card + "' does not exist on instance type " + type + ".");
  }

  /** The text is our own. */
  static ApiError noSuchDevice(int device, int card, String type) {
    return ApiError.of(
        "InvalidParameterValue",
        "Device index '"
            + device
            + "' is out of range for network card '"
            + card
            + "' of instance type "
            + type
            + ".");
  }

  static ApiError zoneMismatch() {
    return ApiError.of(
        "InvalidParameterCombination",
        "You may not attach a network interface to an instance if they are not in the same"
            + " availability zone");
  }

  /** The code is documented, the text is the one of RunInstances. */
  static ApiError interfaceInUse(String id) {
    return ApiError.of("InvalidNetworkInterface.InUse", "Interface: [" + id + "] in use.");
  }

  static ApiError deleteInUse(String id) {
    return ApiError.of(
        "InvalidParameterValue", "Network interface '" + id + "' is currently in use.");
  }

  /** The text is that of a neighbouring call (AssociateAddress). */
  static ApiError instanceState(String id, String state) {
    return ApiError.of(
        "IncorrectInstanceState",
        "The " + state + " instance '" + id + "' is not in a valid state for this operation");
  }

  /** The text is our own. */
  static ApiError detachPrimary() {
    return ApiError.of(
        "OperationNotPermitted",
        "The network interface at device index 0 and networkCard index 0 cannot be detached.");
  }

  static ApiError notYours() {
    return ApiError.of(
        "OperationNotPermitted", "You are not allowed to manage 'ela-attach' attachments.");
  }

  static ApiError addressInUse() {
    return ApiError.of("InvalidIPAddress.InUse", "The specified address is already in use.");
  }

  static ApiError moveNotAllowed(Object addresses) {
    return ApiError.of("InvalidParameterValue", addresses + " assigned, but move is not allowed.");
  }

  /** Only the word {@code secondary-addresses} is known. */
  static ApiError primaryCannotMove(Object addresses) {
    return ApiError.of(
        "InvalidParameterValue", addresses + " are not secondary-addresses and cannot be moved.");
  }

  static ApiError addressLimit() {
    return ApiError.of(
        "PrivateIpAddressLimitExceeded", "Number of private addresses will exceed limit.");
  }

  static ApiError notAssigned(String interfaceId) {
    return ApiError.of(
        "InvalidParameterValue",
        "Some of the specified addresses are not assigned to interface " + interfaceId);
  }

  static ApiError unassignPrimary() {
    return ApiError.of(
        "InvalidParameterValue", "The primary IP address of an interface cannot be unassigned");
  }

  /** The text is our own. */
  static ApiError primaryIpv6WithoutAddress() {
    return ApiError.of(
        "InvalidParameterCombination",
        "A primary IPv6 address needs an IPv6 address on the network interface.");
  }

  /** The text is our own. */
  static ApiError combination(String one, String other) {
    return ApiError.of(
        "InvalidParameterCombination",
        "The parameter " + one + " cannot be used with the parameter " + other);
  }

  static ApiError missing(String parameter) {
    return ApiError.of("MissingParameter", "The request must contain the parameter " + parameter);
  }

  static ApiError tokenMismatch() {
    return ApiError.of(
        "IdempotentParameterMismatch",
        "Arguments on this idempotent request are inconsistent with arguments used in previous"
            + " request(s).");
  }

  /** The text is our own. */
  static ApiError tagLimit() {
    return ApiError.of(
        "TagLimitExceeded", "The maximum number of Tags for a resource has been reached.");
  }

  static ApiError throttled() {
    return new ApiError("RequestLimitExceeded", 503, "Request limit exceeded.");
  }
}
