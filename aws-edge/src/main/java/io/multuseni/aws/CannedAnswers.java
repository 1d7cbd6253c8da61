// SPDX-License-Identifier: Apache-2.0
package io.multuseni.aws;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.stream.Collectors;

/** What {@link CannedAws} answers: as short as the SDK and the edges take it. */
final class CannedAnswers {
  /** In the subnet that {@link #SUBNET} describes. */
  static final String SUBNET_ID = "subnet-00000000000000001";

  static final String INSTANCE_TYPE =
      """
      <DescribeInstanceTypesResponse><instanceTypeSet><item>
        <instanceType>m5.xlarge</instanceType>
        <networkInfo>
          <maximumNetworkInterfaces>4</maximumNetworkInterfaces>
          <ipv4AddressesPerInterface>15</ipv4AddressesPerInterface>
          <ipv6AddressesPerInterface>15</ipv6AddressesPerInterface>
          <networkCards><item>
            <networkCardIndex>0</networkCardIndex>
            <maximumNetworkInterfaces>4</maximumNetworkInterfaces>
          </item></networkCards>
        </networkInfo>
      </item></instanceTypeSet></DescribeInstanceTypesResponse>
      """;

  static final String SUBNET =
      """
      <DescribeSubnetsResponse><subnetSet><item>
        <subnetId>subnet-00000000000000001</subnetId>
        <vpcId>vpc-00000000000000001</vpcId>
        <availabilityZone>us-east-1a</availabilityZone>
        <cidrBlock>10.0.30.0/24</cidrBlock>
        <availableIpAddressCount>200</availableIpAddressCount>
        <ipv6CidrBlockAssociationSet/>
      </item></subnetSet></DescribeSubnetsResponse>
      """;

  static final String ATTACHED =
      "<AttachNetworkInterfaceResponse><attachmentId>eni-attach-00000000000000001</attachmentId>"
          + "</AttachNetworkInterfaceResponse>";

  static final String NOT_YET_VISIBLE =
      "<Response><Errors><Error><Code>InvalidNetworkInterfaceID.NotFound</Code><Message>The"
          + " networkInterface ID does not exist</Message></Error></Errors></Response>";

  private CannedAnswers() {}

  /** The one network interface as it is. */
  record Interface(
      boolean attached,
      boolean deletedWithInstance,
      boolean sourceDestCheck,
      SortedMap<String, String> tags,
      Set<String> secondary) {
    private String toXml() {
      String attachment =
          attached
              ? """
              <attachment>
                <attachmentId>eni-attach-00000000000000001</attachmentId>
                <instanceId>%s</instanceId>
                <networkCardIndex>0</networkCardIndex>
                <deviceIndex>1</deviceIndex>
                <status>attached</status>
                <deleteOnTermination>%s</deleteOnTermination>
              </attachment>
              """
                  .formatted(CannedAws.INSTANCE, deletedWithInstance)
              : "";
      return """
      <networkInterfaceId>%s</networkInterfaceId>
      <subnetId>%s</subnetId>
      <status>%s</status>
      <macAddress>02:00:00:00:00:01</macAddress>
      <privateIpAddress>10.0.30.10</privateIpAddress>
      <sourceDestCheck>%s</sourceDestCheck>
      <groupSet><item><groupId>sg-00000000000000001</groupId></item></groupSet>
      <tagSet>%s</tagSet>
      <privateIpAddressesSet>
        <item><privateIpAddress>10.0.30.10</privateIpAddress><primary>true</primary></item>%s
      </privateIpAddressesSet>
      <ipv6AddressesSet/>
      %s
      """
          .formatted(
              CannedAws.INTERFACE,
              SUBNET_ID,
              attached ? "in-use" : "available",
              sourceDestCheck,
              tags.entrySet().stream()
                  .map(tag ->
                      "<item><key>%s</key><value>%s</value></item>"
                          .formatted(tag.getKey(), tag.getValue()))
                  .collect(Collectors.joining()),
              secondary.stream()
                  .map(
                      "<item><privateIpAddress>%s</privateIpAddress><primary>false</primary></item>"
                          ::formatted)
                  .collect(Collectors.joining()),
              attachment);
    }
  }

  static String interfaces(Optional<Interface> one) {
    return "<DescribeNetworkInterfacesResponse><networkInterfaceSet>"
        + one.map(it -> "<item>" + it.toXml() + "</item>").orElse("")
        + "</networkInterfaceSet></DescribeNetworkInterfacesResponse>";
  }

  static String created(Interface one) {
    return "<CreateNetworkInterfaceResponse><networkInterface>"
        + one.toXml()
        + "</networkInterface></CreateNetworkInterfaceResponse>";
  }

  static String instance() {
    return """
    <DescribeInstancesResponse><reservationSet><item><instancesSet><item>
      <instanceId>%s</instanceId>
      <instanceState><code>16</code><name>running</name></instanceState>
      <instanceType>m5.xlarge</instanceType>
      <placement><availabilityZone>us-east-1a</availabilityZone></placement>
      <vpcId>vpc-00000000000000001</vpcId>
      <launchTime>2026-01-01T00:00:00.000Z</launchTime>
      <networkInterfaceSet><item>
        <networkInterfaceId>eni-00000000000000000</networkInterfaceId>
        <subnetId>subnet-00000000000000000</subnetId>
        <status>in-use</status>
        <macAddress>02:00:00:00:00:00</macAddress>
        <privateIpAddress>10.0.0.10</privateIpAddress>
        <sourceDestCheck>true</sourceDestCheck>
        <groupSet/>
        <attachment>
          <attachmentId>eni-attach-00000000000000000</attachmentId>
          <networkCardIndex>0</networkCardIndex>
          <deviceIndex>0</deviceIndex>
          <status>attached</status>
          <deleteOnTermination>true</deleteOnTermination>
        </attachment>
      </item></networkInterfaceSet>
      <tagSet><item>
        <key>aws:autoscaling:groupName</key><value>%s</value>
      </item></tagSet>
    </item></instancesSet></item></reservationSet></DescribeInstancesResponse>
    """
        .formatted(CannedAws.INSTANCE, CannedAws.GROUP);
  }

  static String group() {
    return result(
        "DescribeAutoScalingGroups",
        """
        <AutoScalingGroups><member>
          <AutoScalingGroupName>%s</AutoScalingGroupName>
          <Instances><member>
            <InstanceId>%s</InstanceId><LifecycleState>Pending:Wait</LifecycleState>
          </member></Instances>
          <Tags/>
        </member></AutoScalingGroups>
        """
            .formatted(CannedAws.GROUP, CannedAws.INSTANCE));
  }

  static String hooks() {
    return result(
        "DescribeLifecycleHooks",
        """
        <LifecycleHooks><member>
          <LifecycleHookName>multus-eni-launch</LifecycleHookName>
          <AutoScalingGroupName>%s</AutoScalingGroupName>
          <LifecycleTransition>autoscaling:EC2_INSTANCE_LAUNCHING</LifecycleTransition>
          <HeartbeatTimeout>1800</HeartbeatTimeout>
        </member></LifecycleHooks>
        """
            .formatted(CannedAws.GROUP));
  }

  /** Of an action of Auto Scaling that says nothing. */
  static String empty(String action) {
    return result(action, "");
  }

  /** Of an action of EC2 that says nothing but that it is done. */
  static String done(String action) {
    return "<%1$sResponse><return>true</return></%1$sResponse>".formatted(action);
  }

  private static String result(String action, String content) {
    return "<%1$sResponse><%1$sResult>%2$s</%1$sResult></%1$sResponse>".formatted(action, content);
  }

  static String parameters(String config, String deployed) {
    return "{\"Parameters\": [%s, %s], \"InvalidParameters\": []}"
        .formatted(
            parameter(CannedAws.CONFIG_PARAMETER, config),
            parameter(CannedAws.DEPLOYED_PARAMETER, deployed));
  }

  private static String parameter(String name, String value) {
    String text = value.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
    Map<String, String> fields = Map.of("Name", name, "Type", "String", "Value", text);
    return fields.entrySet().stream()
        .map(field -> "\"" + field.getKey() + "\": \"" + field.getValue() + "\"")
        .collect(Collectors.joining(", ", "{", "}"));
  }
}
