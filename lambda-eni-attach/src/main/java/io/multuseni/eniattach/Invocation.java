// SPDX-License-Identifier: Apache-2.0
package io.multuseni.eniattach;

import io.multuseni.aws.AutoScalingEdge;
import io.multuseni.aws.AwsClients;
import io.multuseni.aws.Ec2Edge;
import io.multuseni.aws.pacing.CallCounter;
import io.multuseni.base.Deadline;
import io.multuseni.base.Time;
import io.multuseni.core.error.CallFailure;
import io.multuseni.core.error.ErrorMeaning;
import io.multuseni.core.node.Attachment;
import io.multuseni.core.node.InterfaceFacts;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * What one run for one instance needs and gathers.
 *
 * @param cluster the cluster's name
 * @param ec2 EC2, until the steps must end
 * @param cleanUp EC2 for taking back what was begun, some seconds longer
 * @param autoScaling Auto Scaling, until the report must be written
 * @param clients makes edges with other deadlines
 * @param deadline when the invocation ends
 * @param time the clock
 * @param stepsDeadline when the steps must end
 * @param counter counts the calls
 * @param began when the run began
 * @param dryRun whether nothing may be changed
 * @param notes what the report should mention beside its message
 */
record Invocation(
    String cluster,
    Ec2Edge ec2,
    Ec2Edge cleanUp,
    AutoScalingEdge autoScaling,
    AwsClients clients,
    Deadline deadline,
    Time time,
    Deadline stepsDeadline,
    CallCounter counter,
    Instant began,
    boolean dryRun,
    List<String> notes) {
  /** Kept back from the clean-up, so that the lifecycle action can still be completed. */
  private static final Duration TELLING = Duration.ofSeconds(5);

  /** Kept back from everything, so that the report is written before Lambda ends the run. */
  private static final Duration REPORTING = Duration.ofMillis(1500);

  /** What is only nice to have may take this long. */
  private static final Duration BRIEFLY = Duration.ofSeconds(2);

  /** Auto Scaling for a call that nothing depends on. */
  AutoScalingEdge autoScalingBriefly() {
    Duration left = deadline.earlierBy(REPORTING).left();
    return clients.autoScaling(
        counter, Deadline.in(time, left.compareTo(BRIEFLY) < 0 ? left : BRIEFLY));
  }

  static Invocation begin(
      String cluster,
      AwsClients clients,
      Time time,
      Deadline deadline,
      CallCounter counter,
      boolean dryRun) {
    Deadline stepsDeadline = deadline.earlierBy(AttachFlow.RESERVE);
    return new Invocation(
        cluster,
        clients.ec2(counter, stepsDeadline),
        clients.ec2(counter, deadline.earlierBy(TELLING)),
        clients.autoScaling(counter, deadline.earlierBy(REPORTING)),
        clients,
        deadline,
        time,
        stepsDeadline,
        counter,
        time.now(),
        dryRun,
        new CopyOnWriteArrayList<>());
  }

  void note(String text) {
    notes.add(text);
  }

  Reports reports() {
    return new Reports(this);
  }

  /** Time since the run began. */
  Duration elapsed() {
    return Duration.between(began, time.now());
  }

  /**
   * Lets EC2 delete an attached interface with its instance.
   *
   * @return the interface's id
   */
  static String deleteWithInstance(Ec2Edge ec2, InterfaceFacts one) {
    Attachment attachment =
        one.attachment()
            .orElseThrow(() ->
                new CallFailure(
                    ErrorMeaning.NOT_YET_VISIBLE,
                    "ModifyNetworkInterfaceAttribute",
                    one.networkInterfaceId(),
                    "NotAttached",
                    "DeleteOnTermination needs an attachment",
                    null));
    ec2.setDeleteOnTermination(one.networkInterfaceId(), attachment.attachmentId());
    return one.networkInterfaceId();
  }
}
