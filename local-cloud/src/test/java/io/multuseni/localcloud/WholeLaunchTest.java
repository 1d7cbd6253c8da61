// SPDX-License-Identifier: Apache-2.0
package io.multuseni.localcloud;

import static org.assertj.core.api.Assertions.assertThat;

import io.multuseni.localcloud.autoscaling.ActionState;
import io.multuseni.localcloud.autoscaling.GroupSpec;
import io.multuseni.localcloud.autoscaling.HookSpec;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.autoscaling.AutoScalingClient;
import software.amazon.awssdk.services.ec2.Ec2Client;

/** One launch from event to service, as the README tells it. */
class WholeLaunchTest {
  @Test
  void takesAnInstanceFromItsHookIntoServiceWithAnotherInterface() {
    try (LocalCloud cloud = LocalCloud.start(Settings.defaults());
        Ec2Client ec2 = Clients.ec2(cloud);
        AutoScalingClient autoScaling = Clients.autoScaling(cloud)) {
      String vpc = cloud.world().vpc("10.0.0.0/16");
      String nodes = cloud.world().subnet(vpc, "us-east-1a", "10.0.0.0/24");
      String plane = cloud.world().subnet(vpc, "us-east-1a", "10.0.1.0/24");
      cloud
          .world()
          .autoScalingGroup(
              "workers", GroupSpec.of("c5.large", nodes).withHook(HookSpec.launching("attach")));
      String instance = cloud.world().scaleOut("workers", 1).getFirst();

      String eni =
          ec2.createNetworkInterface(r -> r.subnetId(plane).description("n2"))
              .networkInterface()
              .networkInterfaceId();
      String attachment =
          ec2.attachNetworkInterface(
                  r -> r.networkInterfaceId(eni).instanceId(instance).deviceIndex(1))
              .attachmentId();
      ec2.modifyNetworkInterfaceAttribute(r ->
          r.networkInterfaceId(eni)
              .attachment(a -> a.attachmentId(attachment).deleteOnTermination(true)));
      autoScaling.completeLifecycleAction(r ->
          r.autoScalingGroupName("workers")
              .lifecycleHookName("attach")
              .instanceId(instance)
              .lifecycleActionResult("CONTINUE"));

      assertThat(cloud.world().instance(instance).lifecycleState()).contains("InService");
      assertThat(cloud.world().instance(instance).interfaces()).hasSize(2);
      assertThat(cloud.world().lifecycleActions().getFirst().state())
          .isEqualTo(ActionState.CONTINUED);
      assertThat(cloud.calls().counts()).containsEntry("AttachNetworkInterface", 1).hasSize(4);
    }
  }
}
