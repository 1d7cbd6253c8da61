// SPDX-License-Identifier: Apache-2.0
package io.multuseni.infra;

import io.multuseni.core.config.ApiServer;
import io.multuseni.core.config.NodeGroup;
import io.multuseni.core.config.NodeGroup.AutoScalingGroups;
import io.multuseni.core.config.NodeLaunch;
import io.multuseni.core.config.NodeSetup;
import io.multuseni.core.config.ProvisionerConfig;
import io.multuseni.infra.bootgate.BootGate;
import io.multuseni.infra.bootgate.ClusterAccess;
import io.multuseni.infra.bootgate.UserData;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import software.amazon.awscdk.ArnComponents;
import software.amazon.awscdk.ArnFormat;
import software.amazon.awscdk.Fn;
import software.amazon.awscdk.Stack;
import software.amazon.awscdk.StackProps;
import software.amazon.awscdk.services.autoscaling.CfnAutoScalingGroup;
import software.amazon.awscdk.services.autoscaling.CfnAutoScalingGroup.LaunchTemplateSpecificationProperty;
import software.amazon.awscdk.services.autoscaling.CfnAutoScalingGroup.LifecycleHookSpecificationProperty;
import software.amazon.awscdk.services.autoscaling.CfnAutoScalingGroup.TagPropertyProperty;
import software.amazon.awscdk.services.ec2.CfnLaunchTemplate;
import software.amazon.awscdk.services.ec2.CfnLaunchTemplate.BlockDeviceMappingProperty;
import software.amazon.awscdk.services.ec2.CfnLaunchTemplate.EbsProperty;
import software.amazon.awscdk.services.ec2.CfnLaunchTemplate.IamInstanceProfileProperty;
import software.amazon.awscdk.services.ec2.CfnLaunchTemplate.LaunchTemplateDataProperty;
import software.amazon.awscdk.services.ec2.CfnLaunchTemplate.MetadataOptionsProperty;
import software.amazon.awscdk.services.eks.CfnAccessEntry;
import software.amazon.awscdk.services.iam.CfnInstanceProfile;
import software.amazon.awscdk.services.iam.ManagedPolicy;
import software.amazon.awscdk.services.iam.PolicyStatement;
import software.amazon.awscdk.services.iam.Role;
import software.amazon.awscdk.services.iam.ServicePrincipal;
import software.constructs.Construct;

/**
 * Self-managed Auto Scaling groups for people who have none yet: Amazon Linux 2023, with the boot
 * gate, IMDSv2 alone, and the launch hook in the group itself, so that its first instances have it
 * too. A hook that is a resource of its own comes after the first instances (aws/aws-cdk#16356).
 */
public final class NodeGroupStack extends Stack {
  /**
   * Instance types with Arm processors: a g among the letters that follow the generation, as in
   * m6g, c7gn and t4g; a1, the first of them; and those with Grace beside their GPUs.
   */
  private static final Pattern GRAVITON =
      Pattern.compile("([a-z]+[0-9]+[a-z]*g[a-z]*|a1|p6e-gb[0-9]+)\\..*");

  private final ProvisionerConfig config;
  private final ApiServer apiServer;

  /**
   * Makes the stack.
   *
   * @param scope the app
   * @param config the configuration; groups without {@code launch} are passed over
   * @param refresh a text whose change makes EKS be asked again, see {@link EksAnswers}
   * @throws BadInput where nodes can't be launched so
   */
  public NodeGroupStack(Construct scope, ProvisionerConfig config, String refresh) throws BadInput {
    super(
        scope,
        new Names(config.cluster()).nodesStack(),
        StackProps.builder().description("multus-eni: nodes of " + config.cluster()).build());
    this.config = config;
    // Not taken over from the other stack: CloudFormation would refuse to change it there while
    // this one uses it.
    apiServer = new EksAnswers(this, config.cluster(), refresh).apiServer(config.apiServer());
    for (NodeGroup group : config.nodeGroups()) {
      Optional<NodeLaunch> launch = group.setup().launch();
      if (launch.isPresent()) {
        autoScalingGroup(group, launch.get());
      }
    }
  }

  /** Whether a configuration has a group for this stack. */
  static boolean isNeededBy(ProvisionerConfig config) {
    return config.nodeGroups().stream().anyMatch(group -> group.setup().launch().isPresent());
  }

  private void autoScalingGroup(NodeGroup group, NodeLaunch launch) throws BadInput {
    // By the Auto Scaling group's name: with another node group's name, CloudFormation would make
    // a second one of that name before it deletes the first.
    Construct scope = new Construct(this, name(group));
    Role role = role(scope, launch);
    CfnAccessEntry entry =
        CfnAccessEntry.Builder.create(scope, "AccessEntry")
            .clusterName(config.cluster())
            .principalArn(role.getRoleArn())
            .type("EC2_LINUX")
            .build();
    CfnLaunchTemplate template = template(scope, group, launch, role);
    CfnAutoScalingGroup.Builder builder =
        CfnAutoScalingGroup.Builder.create(scope, "Group")
            .autoScalingGroupName(name(group))
            .vpcZoneIdentifier(launch.subnets())
            .minSize(Integer.toString(launch.minSize()))
            .maxSize(Integer.toString(launch.maxSize()))
            .launchTemplate(
                LaunchTemplateSpecificationProperty.builder()
                    .launchTemplateId(template.getRef())
                    .version(template.getAttrLatestVersionNumber())
                    .build())
            .lifecycleHookSpecificationList(hooks(group))
            .tags(
                List.of(
                    tag("Name", config.cluster() + "-" + group.name()),
                    tag("kubernetes.io/cluster/" + config.cluster(), "owned")));
    // Where nobody asks for a size, an update leaves it to whatever scales the group.
    launch.desiredSize().ifPresent(size -> builder.desiredCapacity(Integer.toString(size)));
    CfnAutoScalingGroup resource = builder.build();
    // A node that comes up before its entry or its permissions is no use.
    resource.getNode().addDependency(entry, role);
    Nag.suppress(
        resource,
        "AwsSolutions-AS3",
        "what happens to launches is in multus-eni's own metrics and alarms");
  }

  private List<LifecycleHookSpecificationProperty> hooks(NodeGroup group) {
    List<LifecycleHookSpecificationProperty> hooks = new ArrayList<>();
    hooks.add(hook(NodeGroup.LAUNCH_HOOK, EniAttachStack.LAUNCHING, group));
    if (config.deployment().terminateHook()) {
      hooks.add(hook(NodeGroup.TERMINATE_HOOK, EniAttachStack.TERMINATING, group));
    }
    return hooks;
  }

  private static LifecycleHookSpecificationProperty hook(
      String name, String transition, NodeGroup group) {
    return LifecycleHookSpecificationProperty.builder()
        .lifecycleHookName(name)
        .lifecycleTransition(transition)
        .defaultResult(EniAttachStack.DEFAULT_RESULT)
        .heartbeatTimeout(group.heartbeatTimeout().toSeconds())
        .build();
  }

  private CfnLaunchTemplate template(Construct scope, NodeGroup group, NodeLaunch launch, Role role)
      throws BadInput {
    CfnInstanceProfile profile =
        CfnInstanceProfile.Builder.create(scope, "Profile")
            .roles(List.of(role.getRoleName()))
            .build();
    return CfnLaunchTemplate.Builder.create(scope, "Template")
        .launchTemplateData(
            LaunchTemplateDataProperty.builder()
                .imageId(image(launch))
                .instanceType(launch.instanceType())
                .securityGroupIds(launch.securityGroups())
                .iamInstanceProfile(
                    IamInstanceProfileProperty.builder().arn(profile.getAttrArn()).build())
                .metadataOptions(
                    MetadataOptionsProperty.builder()
                        .httpTokens("required")
                        // Pods have no business with the node's role.
                        .httpPutResponseHopLimit(1)
                        .build())
                .blockDeviceMappings(
                    List.of(
                        BlockDeviceMappingProperty.builder()
                            .deviceName("/dev/xvda")
                            .ebs(
                                EbsProperty.builder()
                                    .volumeSize(launch.volumeGib())
                                    .volumeType("gp3")
                                    .encrypted(true)
                                    .deleteOnTermination(true)
                                    .build())
                            .build()))
                .userData(Fn.base64(userData(group, launch)))
                .build())
        .build();
  }

  private String userData(NodeGroup group, NodeLaunch launch) throws BadInput {
    try {
      return UserData.of(
          BootGate.of(group, group.setup().bootGate().orElse(NodeSetup.BootGate.DEFAULTS)),
          new ClusterAccess(
              config.cluster(),
              apiServer.endpoint().orElseThrow(),
              apiServer.certificateAuthority().orElseThrow(),
              launch.serviceCidr()));
    } catch (IllegalArgumentException e) {
      throw new BadInput("node group " + group.name() + ": " + e.getMessage());
    }
  }

  /**
   * EKS' newest image for this version and processor. CloudFormation looks it up when the launch
   * template changes, so that synthesis needs no account; a parameter of the stack would keep its
   * first value.
   */
  private static String image(NodeLaunch launch) {
    String processor = GRAVITON.matcher(launch.instanceType()).matches() ? "arm64" : "x86_64";
    return "{{resolve:ssm:/aws/service/eks/optimized-ami/"
        + launch.kubernetesVersion()
        + "/amazon-linux-2023/"
        + processor
        + "/standard/recommended/image_id}}";
  }

  private Role role(Construct scope, NodeLaunch launch) {
    Role role =
        Role.Builder.create(scope, "Role")
            .assumedBy(new ServicePrincipal("ec2.amazonaws.com"))
            .description("Nodes of " + config.cluster())
            .managedPolicies(
                List.of(
                    ManagedPolicy.fromAwsManagedPolicyName("AmazonEC2ContainerRegistryPullOnly"),
                    ManagedPolicy.fromAwsManagedPolicyName("AmazonEKS_CNI_Policy")))
            .build();
    // nodeadm looks itself up; the boot gate asks for the limits of the type.
    allow(role, List.of("ec2:DescribeInstances", "ec2:DescribeInstanceTypes"), "*");
    allow(role, List.of("eks:DescribeCluster"), clusterArn());
    // EKS Pod Identity, for pods that use it.
    allow(role, List.of("eks-auth:AssumeRoleForPodIdentity"), clusterArn());
    boolean ipv6 = launch.serviceCidr().contains(":");
    if (ipv6) {
      // The VPC CNI of an IPv6 cluster; AWS has no managed policy for it (EKS user guide,
      // cni-iam-role).
      allow(
          role,
          List.of("ec2:AssignIpv6Addresses"),
          formatArn(
              ArnComponents.builder()
                  .service("ec2")
                  .resource("network-interface")
                  .resourceName("*")
                  .arnFormat(ArnFormat.SLASH_RESOURCE_NAME)
                  .build()));
    }
    Nag.suppress(
        role,
        "AwsSolutions-IAM4",
        "kubelet and the VPC CNI of the node need exactly these two policies of EKS");
    Nag.suppress(
        role,
        "AwsSolutions-IAM5",
        "describing knows no resources"
            + (ipv6 ? ", and the VPC CNI gives addresses to interfaces that it makes itself" : ""));
    return role;
  }

  private String clusterArn() {
    return formatArn(
        ArnComponents.builder()
            .service("eks")
            .resource("cluster")
            .resourceName(config.cluster())
            .build());
  }

  private static void allow(Role role, List<String> actions, String resource) {
    role.addToPolicy(
        PolicyStatement.Builder.create().actions(actions).resources(List.of(resource)).build());
  }

  private static TagPropertyProperty tag(String key, String value) {
    return TagPropertyProperty.builder().key(key).value(value).propagateAtLaunch(true).build();
  }

  private static String name(NodeGroup group) {
    return ((AutoScalingGroups) group.membership()).names().getFirst();
  }
}
