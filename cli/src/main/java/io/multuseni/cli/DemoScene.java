// SPDX-License-Identifier: Apache-2.0
package io.multuseni.cli;

import io.multuseni.core.config.ApiServer;
import io.multuseni.core.config.ConfigException;
import io.multuseni.core.config.ConfigReader;
import io.multuseni.core.config.ConfigWriter;
import io.multuseni.core.config.Network;
import io.multuseni.core.config.Network.AutoIpv6;
import io.multuseni.core.config.Network.PrimaryAddress;
import io.multuseni.core.config.NodeGroup;
import io.multuseni.core.config.NodeGroup.AutoScalingGroups;
import io.multuseni.core.config.NodeGroup.CreateHook;
import io.multuseni.core.config.NodeGroup.NodeOs;
import io.multuseni.core.config.NodeGroup.OnRepeatedFailure;
import io.multuseni.core.config.ProvisionerConfig;
import io.multuseni.core.config.Reconciliation;
import io.multuseni.localcloud.World;
import io.multuseni.localcloud.autoscaling.GroupSpec;
import io.multuseni.localcloud.autoscaling.HookResult;
import io.multuseni.localcloud.autoscaling.HookSpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A VPC over two zones with a subnet per zone and network, the Auto Scaling groups in it, and the
 * configuration that goes with them.
 */
final class DemoScene {
  /** The group whose scale-out is shown. */
  static final String GROUP = "workers";

  /**
   * The group whose launches warm the sandboxes; apart, so that they leave no trace in the other.
   */
  static final String WARM_UP_GROUP = "warm-up";

  private static final List<String> ZONES = List.of("us-east-1a", "us-east-1b");
  private static final List<String> NETWORK_NAMES = List.of("n3", "n6", "n4", "n9");
  private static final Duration HEARTBEAT_TIMEOUT = Duration.ofMinutes(30);
  private static final Duration GIVE_UP_AFTER = Duration.ofHours(1);

  /**
   * A /22 holds the nodes of a zone, 500 at the most, in its lower half and as many pods in its
   * upper one, and its network leaves room for 63 more.
   */
  private static final int SUBNET_STEP = 4;

  /** One pass and no waiting, since a demonstration has no minutes to wait. */
  private static final Reconciliation RECONCILIATION =
      new Reconciliation(
          Reconciliation.DEFAULTS.sources(),
          Reconciliation.DEFAULTS.maxReleaseFraction(),
          Duration.ZERO,
          false,
          Reconciliation.DEFAULTS.period(),
          List.of());

  private DemoScene() {}

  /**
   * Builds it.
   *
   * @return the configuration as the function reads it, through its JSON
   */
  static ProvisionerConfig build(World world, DemoRequest request) {
    String vpc = world.vpc("10.0.0.0/16");
    String nodeGroup = world.securityGroup(vpc, "nodes");
    List<String> nodeSubnets = subnets(world, vpc, 0);

    List<Network> networks = new ArrayList<>();
    for (int i = 0; i < request.networks(); i++) {
      String name = i < NETWORK_NAMES.size() ? NETWORK_NAMES.get(i) : "net" + (i + 1);
      List<String> subnets = subnets(world, vpc, i + 1);
      for (int zone = 0; zone < ZONES.size(); zone++) {
        world.reserveRange(subnets.get(zone), podRange(i + 1, ZONES.get(zone)));
      }
      networks.add(
          new Network(
              name,
              subnets,
              List.of(world.securityGroup(vpc, name)),
              false,
              new AutoIpv6(),
              PrimaryAddress.ANY,
              0,
              new TreeMap<>()));
    }

    GroupSpec group =
        GroupSpec.of(request.instanceType(), nodeSubnets.toArray(new String[0]))
            .withSecurityGroups(nodeGroup)
            .withHook(
                HookSpec.launching(NodeGroup.LAUNCH_HOOK)
                    .withHeartbeatTimeout(HEARTBEAT_TIMEOUT)
                    .withDefaultResult(HookResult.ABANDON));
    world.autoScalingGroup(GROUP, group);
    world.autoScalingGroup(WARM_UP_GROUP, group);

    return throughJson(
        new ProvisionerConfig(
            "demo",
            ApiServer.UNKNOWN,
            Duration.ofMinutes(10),
            RECONCILIATION,
            List.of(
                new NodeGroup(
                    GROUP,
                    new AutoScalingGroups(List.of(GROUP, WARM_UP_GROUP)),
                    new CreateHook(),
                    HEARTBEAT_TIMEOUT,
                    GIVE_UP_AFTER,
                    // Holding would keep a demonstration of refusals waiting for an hour.
                    OnRepeatedFailure.ABANDON,
                    false,
                    NodeOs.AL2023,
                    Optional.empty(),
                    networks))));
  }

  private static List<String> subnets(World world, String vpc, int network) {
    List<String> ids = new ArrayList<>();
    for (int zone = 0; zone < ZONES.size(); zone++) {
      ids.add(world.subnet(vpc, ZONES.get(zone), "10.0." + third(network, zone) + ".0/22"));
    }
    return ids;
  }

  /**
   * The upper half of a subnet, where pods get their addresses. A CIDR reservation keeps EC2 from
   * choosing primary addresses there.
   *
   * @param deviceIndex the network's device index, from 1
   * @param zone the subnet's Availability Zone
   * @return a block of 510 addresses
   */
  static String podRange(int deviceIndex, String zone) {
    return "10.0." + (third(deviceIndex, ZONES.indexOf(zone)) + SUBNET_STEP / 2) + ".0/23";
  }

  private static int third(int network, int zone) {
    return (network * ZONES.size() + zone) * SUBNET_STEP;
  }

  private static ProvisionerConfig throughJson(ProvisionerConfig config) {
    try {
      return ConfigReader.readJson(ConfigWriter.toJson(config));
    } catch (ConfigException e) {
      throw new IllegalStateException("the demonstration's own configuration is wrong", e);
    }
  }
}
