// SPDX-License-Identifier: Apache-2.0
package io.multuseni.ipreconcile;

import static org.assertj.core.api.Assertions.assertThat;

import io.multuseni.aws.AddressEdge;
import io.multuseni.aws.AwsClients;
import io.multuseni.aws.pacing.CallCounter;
import io.multuseni.base.Deadline;
import io.multuseni.core.address.AddressDecision;
import io.multuseni.core.address.AddressPlan;
import io.multuseni.core.address.EarlierLooks;
import io.multuseni.core.address.VpcFacts;
import io.multuseni.core.config.Reconciliation.Source;
import io.multuseni.core.report.ReconcileReport;
import io.multuseni.kube.KubeCallCounter;
import io.multuseni.kube.KubeClients;
import io.multuseni.kube.KubeEdge;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A watcher's plan is as old as the events it has heard; what has changed since keeps it still. */
class MoveCheckIT {
  private final ClusterScene scene = new ClusterScene();
  private final AwsClients aws =
      AwsClients.emulator(scene.cloud.endpoint(), ClusterScene.QUICK_RETRIES, scene.time);
  private final KubeClients kube = KubeClients.at(scene.cluster.endpoint(), scene.time);
  private final Deadline deadline = Deadline.in(scene.time, Duration.ofMinutes(1));
  private final AddressEdge ec2 = aws.addresses(new CallCounter(), deadline);
  private final KubeEdge kubernetes = kube.edge(new KubeCallCounter(), deadline);
  private String a;
  private String b;

  @BeforeEach
  void aPodThatHasMovedFromAToB() {
    a = scene.node("a", ClusterScene.M5_XLARGE, scene.n3).getFirst();
    b = scene.node("b", ClusterScene.M5_XLARGE, scene.n3).getFirst();
    scene.pool("p", "10.0.30.128/25");
    scene.pool("p6", "fd00:30::1:0/112");
    scene.kubernetes.reserve("p6", "fd00:30::1:10", "ns/one", "net1");
    scene.pod("one", "a", "p", "10.0.30.130");
    scene.reconcile();
    scene.kubernetes.changePod(ClusterScene.running("one", "b", "10.0.30.130", "fd00:30::1:10"));
  }

  @AfterEach
  void close() {
    kube.close();
    aws.close();
    scene.close();
  }

  private VpcFacts vpc() {
    return new VpcFacts(
        ec2.interfaces(ClusterScene.CLUSTER),
        ec2.subnets(Set.of(scene.n3, scene.n6)),
        ec2.limits(Set.of(ClusterScene.M5_XLARGE)));
  }

  private AddressPlan plan(VpcFacts vpc) {
    AddressPlan plan =
        AddressDecision.decide(
                scene.config(),
                kubernetes.read(Set.of(Source.WHEREABOUTS)).facts(),
                vpc,
                EarlierLooks.NONE)
            .plan();
    assertThat(plan.movedFrom()).hasSize(2).containsValue(a);
    return plan;
  }

  private MoveCheck.Checked check(AddressPlan plan, VpcFacts vpc) {
    return new MoveCheck(ClusterScene.CLUSTER, ec2, kubernetes).check(plan, vpc);
  }

  @Test
  void letsAMoveThroughWherePodAndAddressAreAsThePlanKnowsThem() {
    VpcFacts vpc = vpc();
    AddressPlan plan = plan(vpc);

    MoveCheck.Checked checked = check(plan, vpc);

    assertThat(checked.plan()).isEqualTo(plan);
    assertThat(checked.viewWasWrong()).isFalse();
  }

  @Test
  void keepsAnAddressWhereItIsWhenItsPodHasMovedOnSince() {
    VpcFacts vpc = vpc();
    AddressPlan plan = plan(vpc);
    scene.kubernetes.changePod(ClusterScene.running("one", "a", "10.0.30.130", "fd00:30::1:10"));

    MoveCheck.Checked checked = check(plan, vpc);

    assertThat(checked.plan().waves()).isEmpty();
    assertThat(checked.viewWasWrong()).isFalse();
  }

  @Test
  void keepsAnAddressWhereItIsWhenItsPodIsGoneSince() {
    VpcFacts vpc = vpc();
    AddressPlan plan = plan(vpc);
    scene.kubernetes.removePod("ns", "one");

    assertThat(check(plan, vpc).plan().waves()).isEmpty();
  }

  @Test
  void learnsWhereAnAddressIsThatAnotherRunHasMovedSince() {
    VpcFacts vpc = vpc();
    AddressPlan plan = plan(vpc);
    ReconcileReport byAnotherRun = scene.reconcile();
    assertThat(byAnotherRun.moved()).hasSize(2);

    MoveCheck.Checked checked = check(plan, vpc);

    assertThat(checked.plan().waves()).isEmpty();
    assertThat(checked.viewWasWrong()).isTrue();
    assertThat(checked.vpc().interfaces().get(b)).isEqualTo(vpc().interfaces().get(b));
    assertThat(
            AddressDecision.decide(
                    scene.config(),
                    kubernetes.read(Set.of(Source.WHEREABOUTS)).facts(),
                    checked.vpc(),
                    EarlierLooks.NONE)
                .plan()
                .waves())
        .isEmpty();
  }

  @Test
  void readsOneHolderAndOnePodPerMove() {
    VpcFacts vpc = vpc();
    AddressPlan plan = plan(vpc);
    scene.cloud.calls().clear();
    scene.cluster.calls().clear();

    check(plan, vpc);

    assertThat(scene.cloud.calls().counts()).isEqualTo(Map.of("DescribeNetworkInterfaces", 2));
    assertThat(scene.cluster.calls().counts()).isEqualTo(Map.of("get pods", 2));
  }
}
