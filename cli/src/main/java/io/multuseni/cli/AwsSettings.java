// SPDX-License-Identifier: Apache-2.0
package io.multuseni.cli;

import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.regions.providers.DefaultAwsRegionProviderChain;

/** Whether the SDK finds what it needs for a call, asked before the first one. */
final class AwsSettings {
  private AwsSettings() {}

  /**
   * Asks.
   *
   * @throws BadInputException with the setting to give
   */
  static void check() {
    try {
      new DefaultAwsRegionProviderChain().getRegion();
    } catch (SdkClientException e) {
      throw new BadInputException(
          "no AWS Region is configured; set AWS_REGION, or region in the profile that AWS_PROFILE names");
    }
    try (DefaultCredentialsProvider credentials = DefaultCredentialsProvider.builder().build()) {
      credentials.resolveCredentials();
    } catch (SdkClientException e) {
      throw new BadInputException(
          "no AWS credentials are found; set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY (any will do for an emulator named by AWS_ENDPOINT_URL)");
    }
  }
}
