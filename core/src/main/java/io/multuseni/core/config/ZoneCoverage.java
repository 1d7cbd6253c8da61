// SPDX-License-Identifier: Apache-2.0
package io.multuseni.core.config;

import static io.multuseni.core.config.ConfigNode.quoted;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Objects;
import java.util.TreeSet;

/**
 * Whether each network has a subnet in each Availability Zone of its node group. Nodes of a zone
 * without one are refused, but which zone a subnet is in, a file need not tell; so this warns, and
 * only of what it knows.
 */
public final class ZoneCoverage {
  private ZoneCoverage() {}

  /**
   * Networks that lack a subnet in a zone of their node group. Nothing is said of a network one of
   * whose subnets is in a zone that isn't told, since that may be the one.
   *
   * @return in the order of the file; the path is that of the network's subnets
   */
  public static List<ConfigProblem> gaps(ProvisionerConfig config) {
    List<ConfigProblem> gaps = new ArrayList<>();
    Map<String, String> zones = config.deployment().subnetZones();
    for (int i = 0; i < config.nodeGroups().size(); i++) {
      NodeGroup group = config.nodeGroups().get(i);
      NavigableSet<String> wanted = zonesOf(group, zones);
      for (int j = 0; j < group.networks().size(); j++) {
        List<String> subnets = group.networks().get(j).subnets();
        if (!zones.keySet().containsAll(subnets)) {
          continue;
        }
        for (String zone : wanted) {
          if (subnets.stream().map(zones::get).noneMatch(zone::equals)) {
            gaps.add(
                new ConfigProblem(
                    "nodeGroups[" + i + "].networks[" + j + "].subnets",
                    "no subnet of network "
                        + quoted(group.networks().get(j).name())
                        + " is in "
                        + zone
                        + ", where node group "
                        + quoted(group.name())
                        + " may have nodes; they would be refused",
                    "add a subnet of that zone, or take the zone from the group"));
          }
        }
      }
    }
    return gaps;
  }

  private static NavigableSet<String> zonesOf(NodeGroup group, Map<String, String> subnetZones) {
    NodeSetup setup = group.setup();
    NavigableSet<String> zones = new TreeSet<>(setup.zones());
    if (zones.isEmpty()) {
      setup
          .launch()
          .ifPresent(launch ->
              launch.subnets().stream()
                  .map(subnetZones::get)
                  .filter(Objects::nonNull)
                  .forEach(zones::add));
    }
    return zones;
  }
}
