// SPDX-License-Identifier: Apache-2.0
package io.multuseni.infra;

import io.multuseni.core.config.ApiServer;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
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
 * What EKS tells while a stack is deployed, so that nobody copies generated names.
 *
 * <p>CloudFormation asks again only where a question changes. Where EKS made something of the same
 * name anew, {@code -c refresh=<any new text>} changes all of them.
 */
final class EksAnswers extends Construct {
  /** What the CDK calls the function behind all custom resources of a stack. */
  private static final String ASKING_FUNCTION = "AWS679f53fac002430cb0da5b7982bd2287";

  private final String cluster;
  private final String refresh;
  private @Nullable LogGroup logs;

  /**
   * Asks nothing yet.
   *
   * @param scope the stack
   * @param cluster the cluster's name
   * @param refresh a text whose change makes all questions be asked again
   */
  EksAnswers(Construct scope, String cluster, String refresh) {
    super(scope, "Eks");
    this.cluster = cluster;
    this.refresh = refresh;
  }

  /** Where the Kubernetes API is: as configured, and tokens for what isn't. */
  ApiServer apiServer(ApiServer configured) {
    if (configured.endpoint().isPresent() && configured.certificateAuthority().isPresent()) {
      return configured;
    }
    AwsCustomResource answer =
        ask(
            "Cluster",
            "describeCluster",
            Map.of("name", cluster),
            List.of("cluster.endpoint", "cluster.certificateAuthority.data"),
            "eks:DescribeCluster",
            arn("cluster", cluster));
    return new ApiServer(
        Optional.of(
            configured.endpoint().orElseGet(() -> answer.getResponseField("cluster.endpoint"))),
        Optional.of(
            configured
                .certificateAuthority()
                .orElseGet(() -> answer.getResponseField("cluster.certificateAuthority.data"))));
  }

  /** The Auto Scaling group of a managed node group, as a token. */
  String autoScalingGroup(String nodegroup) {
    String path = "nodegroup.resources.autoScalingGroups.0.name";
    AwsCustomResource answer =
        ask(
            "Nodegroup-" + nodegroup,
            "describeNodegroup",
            Map.of("clusterName", cluster, "nodegroupName", nodegroup),
            List.of(path),
            "eks:DescribeNodegroup",
            arn("nodegroup", cluster + "/" + nodegroup + "/*"));
    Nag.suppress(
        answer,
        "AwsSolutions-IAM5",
        "the node group is named, and only the id that EKS gives it is open");
    return answer.getResponseField(path);
  }

  private AwsCustomResource ask(
      String id,
      String call,
      Map<String, String> parameters,
      List<String> answers,
      String action,
      String resource) {
    boolean isFirst = logs == null;
    AwsCustomResource custom =
        AwsCustomResource.Builder.create(this, id)
            // A creation asks as an update does; a deletion has nothing to undo.
            .onUpdate(
                AwsSdkCall.builder()
                    .service("EKS")
                    .action(call)
                    // In one order always: Map.of has another in each JVM, and CloudFormation would
                    // see
                    // another question.
                    .parameters(new TreeMap<>(parameters))
                    .outputPaths(answers)
                    .physicalResourceId(PhysicalResourceId.of(id + refresh))
                    .build())
            .installLatestAwsSdk(false)
            .timeout(Duration.minutes(2))
            .logGroup(logs())
            .policy(
                AwsCustomResourcePolicy.fromStatements(
                    List.of(
                        PolicyStatement.Builder.create()
                            .actions(List.of(action))
                            .resources(List.of(resource))
                            .build())))
            .build();
    if (isFirst) {
      explainAskingFunction();
    }
    return custom;
  }

  /** One for all questions. */
  private LogGroup logs() {
    LogGroup known = logs;
    if (known == null) {
      known = LogGroup.Builder.create(this, "Logs").retention(RetentionDays.ONE_MONTH).build();
      logs = known;
    }
    return known;
  }

  private String arn(String resource, String name) {
    return Stack.of(this)
        .formatArn(
            ArnComponents.builder().service("eks").resource(resource).resourceName(name).build());
  }

  /** The CDK makes one function for all questions of a stack; cdk-nag would object to it. */
  private void explainAskingFunction() {
    IConstruct asking = Stack.of(this).getNode().tryFindChild(ASKING_FUNCTION);
    if (asking != null) {
      Nag.suppress(
          asking, "AwsSolutions-IAM4", "the CDK's own function that asks; it only writes its log");
      Nag.suppress(asking, "AwsSolutions-L1", "the CDK keeps the runtime of its own function");
    }
  }
}
