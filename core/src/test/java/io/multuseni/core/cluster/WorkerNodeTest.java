// SPDX-License-Identifier: Apache-2.0
package io.multuseni.core.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WorkerNodeTest {
  @ParameterizedTest
  @CsvSource({
    "aws:///us-east-1a/i-0123456789abcdef0, i-0123456789abcdef0",
    "aws:///i-0123456789abcdef0, i-0123456789abcdef0",
    "aws://us-east-1a/i-0123456789abcdef0, i-0123456789abcdef0",
    "aws:///us-gov-west-1b/i-01234567, i-01234567"
  })
  void knowsTheInstanceOfAProviderId(String providerId, String instanceId) {
    assertThat(WorkerNode.of("node-a", Optional.of(providerId), Optional.of("m5.xlarge")))
        .isEqualTo(new WorkerNode("node-a", Optional.of(instanceId), Optional.of("m5.xlarge")));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "aws:///us-east-1a/",
        "aws:///us-east-1a/fargate-ip-10-0-1-20.ec2.internal",
        "aws:///us-east-1a/i-0123456789ABCDEF0",
        "aws:///us-east-1a/i-0123456",
        "aws:///us-east-1a/x/i-0123456789abcdef0",
        "aws:///us-east-1a/i-0123456789abcdef0/x",
        "eks-hybrid:///us-east-1/core5g/mi-0123456789abcdef0",
        "gce://project/zone/i-0123456789abcdef0",
        "i-0123456789abcdef0"
      })
  void knowsNoInstanceWhereTheProviderIdNamesNone(String providerId) {
    assertThat(WorkerNode.of("node-a", Optional.of(providerId), Optional.empty()).instanceId())
        .isEmpty();
  }

  @Test
  void aNodeThatJustRegisteredHasNoInstance() {
    assertThat(WorkerNode.of("node-a", Optional.empty(), Optional.empty()))
        .isEqualTo(new WorkerNode("node-a", Optional.empty(), Optional.empty()));
  }
}
