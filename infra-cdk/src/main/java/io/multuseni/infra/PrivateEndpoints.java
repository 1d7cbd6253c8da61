// SPDX-License-Identifier: Apache-2.0
package io.multuseni.infra;

import io.multuseni.core.config.Deployment.VpcSettings;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import software.amazon.awscdk.Aws;
import software.amazon.awscdk.services.ec2.CfnSecurityGroup;
import software.amazon.awscdk.services.ec2.CfnVPCEndpoint;
import software.constructs.Construct;

/** What the reconcile function calls, reachable from subnets without a way to the internet. */
final class PrivateEndpoints extends Construct {
  /**
   * EC2 for addresses, SSM for the configuration. Not among them: STS, whose signed URL the API
   * server calls, not the function; EKS, since the deployment writes the cluster's endpoint and
   * certificate authority into a parameter; Auto Scaling, which only the attach function calls,
   * outside of the VPC; CloudWatch Logs, to which Lambda itself carries log lines and metrics.
   */
  static final List<String> SERVICES = List.of("ec2", "ssm");

  private static final int HTTPS = 443;

  PrivateEndpoints(
      Construct scope, VpcSettings vpc, Map<String, String> subnetZones, String cluster) {
    super(scope, "Endpoints");
    String id = vpc.id().orElseThrow(() -> new IllegalArgumentException("no id of the VPC"));
    CfnSecurityGroup group =
        CfnSecurityGroup.Builder.create(this, "SecurityGroup")
            .groupDescription("multus-eni: endpoints beside the cluster " + cluster)
            .vpcId(id)
            // With private names, the whole VPC calls the services by these endpoints from now on:
            // whom the group kept out would lose EC2 and SSM, the cluster's nodes among them.
            .securityGroupIngress(List.of(everyone(false), everyone(true)))
            .build();
    Nag.suppress(
        group,
        "AwsSolutions-EC23",
        "the endpoints replace public ones for the whole VPC, and only what has a way to the VPC"
            + " reaches them");
    for (String service : SERVICES) {
      CfnVPCEndpoint.Builder.create(this, service)
          .vpcEndpointType("Interface")
          .vpcId(id)
          .serviceName("com.amazonaws." + Aws.REGION + "." + service)
          .subnetIds(onePerZone(vpc.subnets(), subnetZones))
          .securityGroupIds(List.of(group.getAttrGroupId()))
          // The SDK calls the usual names. A policy would bind everyone else in the VPC too.
          .privateDnsEnabled(true)
          .build();
    }
  }

  private static CfnSecurityGroup.IngressProperty everyone(boolean ipv6) {
    CfnSecurityGroup.IngressProperty.Builder rule =
        CfnSecurityGroup.IngressProperty.builder()
            .ipProtocol("tcp")
            .fromPort(HTTPS)
            .toPort(HTTPS)
            .description("whoever has a way to the VPC");
    return (ipv6 ? rule.cidrIpv6("::/0") : rule.cidrIp("0.0.0.0/0")).build();
  }

  /**
   * An endpoint takes one subnet of a zone (CreateVpcEndpoint, DuplicateSubnetsInSameZone). A
   * subnet whose zone nobody told is taken.
   */
  static List<String> onePerZone(List<String> subnets, Map<String, String> zones) {
    Set<String> seen = new HashSet<>();
    List<String> chosen = new ArrayList<>();
    for (String subnet : subnets) {
      if (Optional.ofNullable(zones.get(subnet)).map(seen::add).orElse(true)) {
        chosen.add(subnet);
      }
    }
    return chosen;
  }
}
