// SPDX-License-Identifier: Apache-2.0
package io.multuseni.infra;

import io.multuseni.core.config.Deployment;
import io.multuseni.core.config.ProvisionerConfig;
import io.multuseni.infra.functions.JavaFunction;
import io.multuseni.infra.policies.ReconcilePolicy;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import software.amazon.awscdk.CfnOutput;
import software.amazon.awscdk.Stack;
import software.amazon.awscdk.StackProps;
import software.amazon.awscdk.services.eks.CfnAccessEntry;
import software.amazon.awscdk.services.events.Rule;
import software.constructs.Construct;

/**
 * The reconcile function, its schedule, and its way into the cluster.
 *
 * <p>It reads the parameters that {@link Names#configParameter()} and {@link
 * Names#deployedParameter()} name, so that whoever makes these comes before it.
 */
public final class IpReconcileStack extends Stack {
  private final JavaFunction function;

  /**
   * Makes the stack, and writes the manifest that belongs to it.
   *
   * @param scope the app
   * @param config the configuration
   * @param jar of the function
   * @param output where the manifest goes
   * @throws BadInput where the manifest can't be written
   */
  public IpReconcileStack(Construct scope, ProvisionerConfig config, Path jar, OutputFolder output)
      throws BadInput {
    super(
        scope,
        new Names(config.cluster()).reconcileStack(),
        StackProps.builder()
            .description("multus-eni: secondary addresses of " + config.cluster())
            .build());
    ReconcileRuns runs = ReconcileRuns.of(config);
    output.write(RbacManifest.FILE, RbacManifest.text());
    function = function(config, jar, runs);
    if (config.deployment().vpc().isPresent()) {
      Nag.suppress(
          function.role(),
          "AwsSolutions-IAM5",
          "Lambda makes its own network interfaces with the function's role, which AWS permits on"
              + " everything only; denials take that from the function's code",
          "Resource::*");
    }
    Rule schedule = schedule(config);
    // The first run needs both.
    schedule.getNode().addDependency(accessEntry(config));
    Deployment deployment = config.deployment();
    deployment
        .vpc()
        .filter(Deployment.VpcSettings::endpoints)
        .ifPresent(vpc ->
            schedule
                .getNode()
                .addDependency(
                    new PrivateEndpoints(this, vpc, deployment.subnetZones(), config.cluster())));
    CfnOutput.Builder.create(this, "Manifest")
        .description(
            "Give it to kubectl apply -f, in the output folder (cdk.out). Until then the Kubernetes"
                + " API refuses the function.")
        .value("multus-eni/" + config.cluster() + "/" + RbacManifest.FILE)
        .build();
  }

  /** The reconcile function. */
  public JavaFunction function() {
    return function;
  }

  private JavaFunction function(ProvisionerConfig config, Path jar, ReconcileRuns runs) {
    Names names = new Names(config.cluster());
    Deployment deployment = config.deployment();
    return new JavaFunction(
        this,
        "Reconcile",
        deployment,
        new JavaFunction.Properties(
            names.reconcileFunction(),
            "Makes the secondary addresses of Multus network interfaces what pods have reserved",
            jar,
            "io.multuseni.ipreconcile.IpReconcileHandler",
            runs.timeout(),
            deployment.reconcile().memoryMb(),
            runs.concurrency(),
            FunctionConfiguration.environment(names),
            ReconcilePolicy.statements(config, Stacks.scopeOf(this)),
            JavaFunction.TICK_AGE,
            0,
            Optional.empty(),
            deployment
                .vpc()
                .map(vpc -> new JavaFunction.Network(vpc.subnets(), vpc.securityGroups()))));
  }

  /** Nothing is tried twice and nothing kept: that no run came through is an alarm of its own. */
  private Rule schedule(ProvisionerConfig config) {
    return function.every(
        this,
        "Schedule",
        config.reconciliation().period().toMinutes(),
        "reconciliation of " + config.cluster());
  }

  /** The role becomes a member of the Kubernetes group that the manifest binds. */
  private CfnAccessEntry accessEntry(ProvisionerConfig config) {
    return CfnAccessEntry.Builder.create(this, "AccessEntry")
        .clusterName(config.cluster())
        .principalArn(function.role().getRoleArn())
        .type("STANDARD")
        .kubernetesGroups(List.of(Names.KUBERNETES_GROUP))
        .build();
  }
}
