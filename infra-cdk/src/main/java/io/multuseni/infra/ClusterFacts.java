// SPDX-License-Identifier: Apache-2.0
package io.multuseni.infra;

import io.multuseni.core.config.ApiServer;
import io.multuseni.core.config.NodeGroup;
import io.multuseni.core.config.NodeGroup.AutoScalingGroups;
import io.multuseni.core.config.NodeGroup.EksManagedNodegroup;
import io.multuseni.core.config.ProvisionerConfig;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import software.amazon.awscdk.ArnComponents;
import software.amazon.awscdk.Duration;
import software.amazon.awscdk.Stack;
import software.amazon.awscdk.customresources.AwsCustomResource;
import software.amazon.awscdk.customresources.AwsCustomResourcePolicy;
import software.amazon.awscdk.customresources.AwsSdkCall;
import software.amazon.awscdk.customresources.PhysicalResourceId;
import software.amazon.awscdk.services.iam.PolicyStatement;
import software.amazon.awscdk.services.logs.LogGroup;
import software.amazon.awscdk.services.logs.RetentionDays;
import software.constructs.Construct;
import software.constructs.IConstruct;

/**
 * What EKS is asked during a deployment, so that nobody copies generated names: the Auto Scaling
 * groups of managed node groups, and where the Kubernetes API is.
 *
 * <p>CloudFormation asks again only where a question changes. Where EKS made a node group of the
 * same name anew, {@code -c refresh=<any new text>} changes all of them.
 */
public final class ClusterFacts extends Construct implements GroupNames {
  /** What the CDK calls the function behind all custom resources of a stack. */
  private static final String ASKING_FUNCTION = "AWS679f53fac002430cb0da5b7982bd2287";

  private final ProvisionerConfig config;
  private final String refresh;
  private final Map<String, String> managedGroups = new LinkedHashMap<>();
  private final Optional<LogGroup> logs;
  private final ApiServer apiServer;

  /**
   * Makes the custom resources.
   *
   * @param scope the stack
   * @param config the configuration
   * @param refresh a text whose change makes all of them ask again
   */
  public ClusterFacts(Construct scope, ProvisionerConfig config, String refresh) {
    super(scope, "ClusterFacts");
    this.config = config;
    this.refresh = refresh;
    this.logs = asksAnything(config) ? Optional.of(logs()) : Optional.empty();
    this.apiServer = apiServerOf(config.apiServer());
    for (NodeGroup group : config.nodeGroups()) {
      if (group.membership() instanceof EksManagedNodegroup managed) {
        managedGroups.put(managed.nodegroup(), autoScalingGroup(managed.nodegroup()));
      }
    }
    IConstruct asking = Stack.of(this).getNode().tryFindChild(ASKING_FUNCTION);
    if (asking != null) {
      Nag.suppress(
          asking, "AwsSolutions-IAM4", "the CDK's own function that asks; it only writes its log");
      Nag.suppress(asking, "AwsSolutions-L1", "the CDK keeps the runtime of its own function");
    }
  }

  @Override
  public List<String> of(NodeGroup group) {
    return switch (group.membership()) {
      case AutoScalingGroups groups -> groups.names();
      case EksManagedNodegroup managed -> {
        String name = managedGroups.get(managed.nodegroup());
        if (name == null) {
          throw new IllegalArgumentException("not in the configuration: " + group.name());
        }
        yield List.of(name);
      }
    };
  }

  /** Where the Kubernetes API is: as configured, and tokens for the rest. */
  public ApiServer apiServer() {
    return apiServer;
  }

  /** What only the deployment knows, as JSON with tokens. */
  public String deployed() {
    Map<String, Object> deployed = new LinkedHashMap<>();
    if (config.apiServer().endpoint().isEmpty()) {
      apiServer.endpoint().ifPresent(url -> deployed.put("endpoint", url));
    }
    if (config.apiServer().certificateAuthority().isEmpty()) {
      apiServer.certificateAuthority().ifPresent(pem -> deployed.put("certificateAuthority", pem));
    }
    if (!managedGroups.isEmpty()) {
      deployed.put("autoScalingGroups", managedGroups);
    }
    return Stack.of(this).toJsonString(deployed);
  }

  private static boolean asksAnything(ProvisionerConfig config) {
    return !isKnown(config.apiServer())
        || config.nodeGroups().stream()
            .anyMatch(group -> group.membership() instanceof EksManagedNodegroup);
  }

  private static boolean isKnown(ApiServer apiServer) {
    return apiServer.endpoint().isPresent() && apiServer.certificateAuthority().isPresent();
  }

  private ApiServer apiServerOf(ApiServer configured) {
    if (isKnown(configured)) {
      return configured;
    }
    AwsCustomResource cluster =
        ask(
            "Cluster",
            "describeCluster",
            Map.of("name", config.cluster()),
            List.of("cluster.endpoint", "cluster.certificateAuthority.data"),
            "eks:DescribeCluster",
            arn("cluster", config.cluster()));
    return new ApiServer(
        Optional.of(
            configured.endpoint().orElseGet(() -> cluster.getResponseField("cluster.endpoint"))),
        Optional.of(
            configured
                .certificateAuthority()
                .orElseGet(() -> cluster.getResponseField("cluster.certificateAuthority.data"))));
  }

  private String autoScalingGroup(String nodegroup) {
    String path = "nodegroup.resources.autoScalingGroups.0.name";
    return ask(
            "Nodegroup-" + nodegroup,
            "describeNodegroup",
            Map.of("clusterName", config.cluster(), "nodegroupName", nodegroup),
            List.of(path),
            "eks:DescribeNodegroup",
            arn("nodegroup", config.cluster() + "/" + nodegroup + "/*"))
        .getResponseField(path);
  }

  private AwsCustomResource ask(
      String id,
      String call,
      Map<String, String> parameters,
      List<String> answers,
      String action,
      String resource) {
    AwsSdkCall ask =
        AwsSdkCall.builder()
            .service("EKS")
            .action(call)
            .parameters(parameters)
            .outputPaths(answers)
            .physicalResourceId(PhysicalResourceId.of(id + refresh))
            .build();
    AwsCustomResource custom =
        AwsCustomResource.Builder.create(this, id)
            // An update asks again; a deletion has nothing to undo.
            .onUpdate(ask)
            .installLatestAwsSdk(false)
            .timeout(Duration.minutes(2))
            .logGroup(logs.orElseThrow())
            .policy(
                AwsCustomResourcePolicy.fromStatements(
                    List.of(
                        PolicyStatement.Builder.create()
                            .actions(List.of(action))
                            .resources(List.of(resource))
                            .build())))
            .build();
    Nag.suppress(
        custom,
        "AwsSolutions-IAM5",
        "the node group is named, and only the id that EKS gives it is open");
    return custom;
  }

  private LogGroup logs() {
    return LogGroup.Builder.create(this, "Logs").retention(RetentionDays.ONE_MONTH).build();
  }

  private String arn(String resource, String name) {
    return Stack.of(this)
        .formatArn(
            ArnComponents.builder().service("eks").resource(resource).resourceName(name).build());
  }
}
