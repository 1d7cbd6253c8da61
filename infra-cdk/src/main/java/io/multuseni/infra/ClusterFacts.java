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
import software.amazon.awscdk.Stack;
import software.constructs.Construct;

/** The names of all Auto Scaling groups, and what the functions must be told of them. */
final class ClusterFacts implements GroupNames {
  private final Stack stack;
  private final ApiServer configured;
  private final ApiServer apiServer;
  private final Map<String, String> managedGroups = new LinkedHashMap<>();

  /**
   * Asks EKS for what the configuration doesn't tell.
   *
   * @param scope the stack
   * @param config the configuration
   * @param refresh a text whose change makes EKS be asked again
   */
  ClusterFacts(Construct scope, ProvisionerConfig config, String refresh) {
    stack = Stack.of(scope);
    configured = config.apiServer();
    EksAnswers eks = new EksAnswers(scope, config.cluster(), refresh);
    apiServer = eks.apiServer(configured);
    for (NodeGroup group : config.nodeGroups()) {
      if (group.membership() instanceof EksManagedNodegroup managed) {
        managedGroups.put(managed.nodegroup(), eks.autoScalingGroup(managed.nodegroup()));
      }
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

  /** What only the deployment knows, as JSON with tokens. */
  String deployed() {
    Map<String, Object> deployed = new LinkedHashMap<>();
    if (configured.endpoint().isEmpty()) {
      apiServer.endpoint().ifPresent(url -> deployed.put("endpoint", url));
    }
    if (configured.certificateAuthority().isEmpty()) {
      apiServer.certificateAuthority().ifPresent(pem -> deployed.put("certificateAuthority", pem));
    }
    if (!managedGroups.isEmpty()) {
      deployed.put("autoScalingGroups", managedGroups);
    }
    return stack.toJsonString(deployed);
  }
}
