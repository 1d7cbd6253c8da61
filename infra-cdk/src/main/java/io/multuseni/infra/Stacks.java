// SPDX-License-Identifier: Apache-2.0
package io.multuseni.infra;

import io.multuseni.core.config.ConfigProblem;
import io.multuseni.core.config.NodeGroup;
import io.multuseni.core.config.ProvisionerConfig;
import io.multuseni.core.config.ZoneCoverage;
import io.multuseni.infra.bootgate.BootGate;
import io.multuseni.infra.bootgate.UserData;
import io.multuseni.infra.observability.Watched;
import io.multuseni.infra.policies.AccountScope;
import java.util.List;
import java.util.Optional;
import software.amazon.awscdk.Annotations;
import software.amazon.awscdk.App;
import software.amazon.awscdk.Stack;

/**
 * The stacks of one cluster, and the order in which they are deployed.
 *
 * @param attach the attach and the sweep function
 * @param reconcile the reconcile function
 * @param observability alarms and the dashboard
 * @param nodes Auto Scaling groups of the deployment's own, where there are any
 */
public record Stacks(
    EniAttachStack attach,
    IpReconcileStack reconcile,
    ObservabilityStack observability,
    Optional<NodeGroupStack> nodes) {
  /**
   * Makes them, and writes what people need beside them to the output folder.
   *
   * @param app the app
   * @param config the configuration
   * @param jars of the functions
   * @param refresh a text whose change makes EKS be asked again
   * @throws BadInput where the configuration can't be deployed
   */
  public static Stacks of(App app, ProvisionerConfig config, FunctionJars jars, String refresh)
      throws BadInput {
    OutputFolder output = OutputFolder.of(app, config.cluster());
    EniAttachStack attach = new EniAttachStack(app, config, jars.attach(), refresh);
    IpReconcileStack reconcile = new IpReconcileStack(app, config, jars.reconcile(), output);
    // It reads the parameters of the former.
    reconcile.getNode().addDependency(attach);
    ObservabilityStack observability =
        new ObservabilityStack(
            app, new Watched(config, List.of(attach.deadLetters().getQueueName())));
    observability.getNode().addDependency(reconcile);
    Optional<NodeGroupStack> nodes = Optional.empty();
    if (NodeGroupStack.isNeededBy(config)) {
      NodeGroupStack stack = new NodeGroupStack(app, config, refresh);
      // The first launch already needs the rule, its permission and the function.
      stack.getNode().addDependency(attach);
      nodes = Optional.of(stack);
    }
    for (NodeGroup group : config.nodeGroups()) {
      writeBootGate(group, output);
    }
    for (ConfigProblem gap : ZoneCoverage.gaps(config)) {
      Annotations.of(attach).addWarningV2("multus-eni:zones", gap.toString());
    }
    return new Stacks(attach, reconcile, observability, nodes);
  }

  /** Partition, Region and account of a stack, as tokens. */
  static AccountScope scopeOf(Stack stack) {
    return new AccountScope(stack.getPartition(), stack.getRegion(), stack.getAccount());
  }

  /** For launch templates that aren't ours. */
  private static void writeBootGate(NodeGroup group, OutputFolder output) throws BadInput {
    if (group.setup().bootGate().isPresent() && group.setup().launch().isEmpty()) {
      try {
        output.write(
            "boot-gate/" + group.name() + ".mime",
            UserData.of(BootGate.of(group, group.setup().bootGate().get())));
      } catch (IllegalArgumentException e) {
        throw new BadInput("node group " + group.name() + ": " + e.getMessage());
      }
    }
  }
}
