// SPDX-License-Identifier: Apache-2.0
package io.multuseni.cli;

import java.net.URI;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The AWS SDK's settings as system properties, put back at the end. */
final class SdkSettings implements AutoCloseable {
  private static final List<String> NAMES =
      List.of(
          "aws.endpointUrl",
          "aws.region",
          "aws.accessKeyId",
          "aws.secretAccessKey",
          "aws.disableEc2Metadata",
          "aws.configFile",
          "aws.sharedCredentialsFile");

  private final Map<String, String> before = new HashMap<>();

  /** All that the SDK needs for calls to an emulator. */
  SdkSettings(URI endpoint) {
    for (String name : NAMES) {
      String value = System.getProperty(name);
      if (value != null) {
        before.put(name, value);
      }
    }
    System.setProperty("aws.endpointUrl", endpoint.toString());
    System.setProperty("aws.region", "us-east-1");
    System.setProperty("aws.accessKeyId", "any");
    System.setProperty("aws.secretAccessKey", "any");
  }

  /** Leaves none. */
  void clear() {
    NAMES.forEach(System::clearProperty);
  }

  @Override
  public void close() {
    clear();
    before.forEach(System::setProperty);
  }
}
