// SPDX-License-Identifier: Apache-2.0
package io.multuseni.eniattach;

import static org.assertj.core.api.Assertions.assertThat;

import io.multuseni.core.report.AttachReport;
import io.multuseni.core.report.SweepReport;
import org.junit.jupiter.api.Test;

/** What runs before a snapshot is a whole launch, and stays one as the function changes. */
class PrimingTest {
  @Test
  void aLaunchIsSeenThroughToItsEnd() {
    AttachReport report = Priming.launch();

    assertThat(report.outcome()).as(report.message()).isEqualTo(AttachReport.Outcome.CONTINUE);
    assertThat(report.completed()).isTrue();
    assertThat(report.interfaces())
        .singleElement()
        .satisfies(one -> assertThat(one.created()).isTrue());
    assertThat(report.apiCalls())
        .containsEntry("AttachNetworkInterface", 2)
        .containsKeys(
            "GetParameters",
            "DescribeInstances",
            "DescribeInstanceTypes",
            "DescribeSubnets",
            "DescribeNetworkInterfaces",
            "CreateNetworkInterface",
            "ModifyNetworkInterfaceAttribute",
            "CompleteLifecycleAction");
  }

  @Test
  void aSweepSeesALaunchThrough() {
    SweepReport report = Priming.sweep();

    assertThat(report.unfinished()).isEmpty();
    assertThat(report.launches())
        .singleElement()
        .satisfies(launch -> {
          assertThat(launch.outcome()).isEqualTo(AttachReport.Outcome.CONTINUE);
          assertThat(launch.completed()).isTrue();
        });
    assertThat(report.apiCalls())
        .containsKeys("DescribeAutoScalingGroups", "DescribeLifecycleHooks");
  }
}
