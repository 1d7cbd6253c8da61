// SPDX-License-Identifier: Apache-2.0
package io.multuseni.ipreconcile;

import static org.assertj.core.api.Assertions.assertThat;

import io.multuseni.aws.CannedAws;
import io.multuseni.core.report.ReconcileReport;
import io.multuseni.kube.CannedCluster;
import org.junit.jupiter.api.Test;

/** What runs before a snapshot is a whole pass, and stays one as the function changes. */
class PrimingTest {
  @Test
  void aPassAssignsAndReleases() {
    ReconcileReport report = Priming.pass();

    assertThat(report.guard()).isNull();
    assertThat(report.problems()).isEmpty();
    assertThat(report.unfinished()).isEmpty();
    assertThat(report.assigned())
        .singleElement()
        .satisfies(one -> assertThat(one.address()).isEqualTo(CannedCluster.RESERVED));
    assertThat(report.released())
        .singleElement()
        .satisfies(one -> assertThat(one.networkInterfaceId()).isEqualTo(CannedAws.INTERFACE));
    assertThat(report.drift()).isZero();
    assertThat(report.kubernetesCalls()).hasSize(6);
    assertThat(report.apiCalls())
        .containsKeys(
            "GetParameters",
            "DescribeNetworkInterfaces",
            "DescribeSubnets",
            "AssignPrivateIpAddresses",
            "UnassignPrivateIpAddresses");
  }
}
