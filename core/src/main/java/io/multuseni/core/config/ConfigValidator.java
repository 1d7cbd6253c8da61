// SPDX-License-Identifier: Apache-2.0
package io.multuseni.core.config;

import static io.multuseni.core.config.ConfigNode.quoted;
import static java.nio.charset.StandardCharsets.US_ASCII;

import com.fasterxml.jackson.databind.JsonNode;
import io.multuseni.core.config.Network.AutoIpv6;
import io.multuseni.core.config.Network.CountedIpv6;
import io.multuseni.core.config.Network.Ipv6;
import io.multuseni.core.config.Network.PrimaryAddress;
import io.multuseni.core.config.NodeGroup.AutoScalingGroups;
import io.multuseni.core.config.NodeGroup.CreateHook;
import io.multuseni.core.config.NodeGroup.EksManagedNodegroup;
import io.multuseni.core.config.NodeGroup.ExistingHook;
import io.multuseni.core.config.NodeGroup.LifecycleHook;
import io.multuseni.core.config.NodeGroup.Membership;
import io.multuseni.core.config.NodeGroup.NodeOs;
import io.multuseni.core.config.NodeGroup.ObserveHook;
import io.multuseni.core.config.NodeGroup.OnRepeatedFailure;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * Walks the tree of a configuration once, from the top to the bottom, and gathers every problem on
 * its way. Where a value is wrong a stand-in takes its place, so that the walk reaches the end; a
 * configuration with a stand-in never leaves this class.
 */
final class ConfigValidator {
  /** Keys of the top level. */
  static final List<String> ROOT_KEYS =
      List.of("cluster", "sweep", "reconcile", "deployment", "nodeGroups");

  /** Keys of the cluster. */
  static final List<String> CLUSTER_KEYS = List.of("name", "endpoint", "certificateAuthority");

  /** Keys of what only the deployment knows. */
  static final List<String> DEPLOYED_KEYS =
      List.of("endpoint", "certificateAuthority", "autoScalingGroups");

  /** Keys of a node group. */
  static final List<String> GROUP_KEYS =
      List.of(
          "name",
          "autoScalingGroups",
          "eksManagedNodegroup",
          "lifecycleHook",
          "heartbeatTimeout",
          "giveUpAfter",
          "onRepeatedFailure",
          "backfill",
          "nodeOs",
          "pciBase",
          "zones",
          "bootGate",
          "launch",
          "networks");

  /** Keys of a network. */
  static final List<String> NETWORK_KEYS =
      List.of(
          "name",
          "subnets",
          "securityGroups",
          "sourceDestCheck",
          "ipv6",
          "primaryAddress",
          "networkCardIndex",
          "tags");

  private static final Pattern CLUSTER_NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_-]{0,99}");
  private static final Pattern OUR_NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,62}");
  private static final Pattern NODEGROUP_NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_-]{0,62}");
  // CreateAutoScalingGroup: any ASCII character from 33 to 126 but the colon.
  private static final Pattern GROUP_NAME = Pattern.compile("[!-9;-~]{1,255}");
  private static final Pattern HOOK_NAME = Pattern.compile("[A-Za-z0-9\\-_/]{1,255}");
  // Ids made before 2016 have eight digits, and still work.
  static final Pattern SUBNET_ID = Pattern.compile("subnet-([0-9a-f]{8}|[0-9a-f]{17})");
  private static final Pattern SECURITY_GROUP_ID = Pattern.compile("sg-([0-9a-f]{8}|[0-9a-f]{17})");
  private static final Pattern PCI_ADDRESS =
      Pattern.compile("[0-9a-f]{4}:[0-9a-f]{2}:[01][0-9a-f]\\.[0-7]");

  // A name, an IPv4 or an IPv6 address; no user, no query: a token goes to where this leads.
  private static final Pattern ENDPOINT =
      Pattern.compile(
          "https://([A-Za-z0-9.-]{1,253}|\\[[0-9A-Fa-f:.]{2,45}])(:[0-9]{1,5})?(/[A-Za-z0-9._~/-]*)?");

  private static final String OUR_NAME_FORM =
      "use 1 to 63 letters, digits, dots, - and _, with a letter or digit first";
  private static final String EXISTING = "existing:";

  /** Hooks that EKS itself puts on the Auto Scaling group of a managed node group. */
  private static final Set<String> HOOKS_OF_EKS = Set.of("Launch-LC-Hook", "Terminate-LC-Hook");

  private static final Map<String, PrimaryAddress> PRIMARY_ADDRESSES =
      words("any", PrimaryAddress.ANY, "first-free", PrimaryAddress.FIRST_FREE);
  private static final Map<String, OnRepeatedFailure> ON_REPEATED_FAILURE =
      words("hold", OnRepeatedFailure.HOLD, "abandon", OnRepeatedFailure.ABANDON);
  private static final Map<String, NodeOs> NODE_OS =
      words("al2023", NodeOs.AL2023, "al2", NodeOs.AL2);

  private final Map<String, ConfigNode> nodeGroupNames = new TreeMap<>();
  private final Map<String, ConfigNode> autoScalingGroups = new TreeMap<>();
  private final Map<String, ConfigNode> managedNodegroups = new TreeMap<>();

  private ConfigValidator() {}

  /**
   * What came of a tree: a configuration, or problems.
   *
   * @param config present exactly where there are no problems
   * @param problems in the order of the walk
   */
  record Result(Optional<ProvisionerConfig> config, List<ConfigProblem> problems) {}

  static Result validate(JsonNode tree) {
    List<ConfigProblem> problems = new ArrayList<>();
    ProvisionerConfig config = new ConfigValidator().config(ConfigNode.root(tree, problems));
    return new Result(
        problems.isEmpty() ? Optional.of(config) : Optional.empty(), List.copyOf(problems));
  }

  private ProvisionerConfig config(ConfigNode root) {
    if (!root.isObject(ROOT_KEYS, Set.of("cluster", "nodeGroups"))) {
      return new ProvisionerConfig(
          "", ApiServer.UNKNOWN, TimeChain.SWEEP_GRACE_DEFAULT, Reconciliation.DEFAULTS, List.of());
    }
    ConfigNode cluster = root.key("cluster");
    String name = cluster(cluster);
    ApiServer apiServer = apiServer(cluster);
    Duration sweepGrace = sweepGrace(root.key("sweep"));
    Reconciliation reconciliation = ReconciliationValidator.read(root.key("reconcile"));
    Deployment deployment = DeploymentValidator.read(root.key("deployment"), reconciliation);
    List<NodeGroup> nodeGroups = new ArrayList<>();
    for (ConfigNode node : root.key("nodeGroups").elements("node groups")) {
      nodeGroups.add(nodeGroup(node));
    }
    refuseDoubleClaims();
    return new ProvisionerConfig(
        name, apiServer, sweepGrace, reconciliation, deployment, nodeGroups);
  }

  private static String cluster(ConfigNode node) {
    if (!node.isPresent() || !node.isObject(CLUSTER_KEYS, Set.of("name"))) {
      return "";
    }
    return node.key("name")
        .text(
            CLUSTER_NAME,
            "an EKS cluster's name",
            "use 1 to 100 letters, digits, - and _, with a letter or digit first")
        .orElse("");
  }

  private static ApiServer apiServer(ConfigNode cluster) {
    ConfigNode authority = cluster.key("certificateAuthority");
    Optional<String> certificate = authority.text();
    if (certificate.isPresent() && !isCertificate(certificate.get())) {
      authority.problem(
          quoted(certificate.get()) + " is not a certificate in PEM, encoded in base64",
          "copy certificateAuthority.data as EKS describes the cluster, on one line");
    }
    return new ApiServer(
        cluster
            .key("endpoint")
            .text(
                ENDPOINT,
                "the URL of a Kubernetes API",
                "write it like https://host or https://host:port, as EKS describes the cluster"),
        certificate);
  }

  /** What only the deployment knows, with problems told to the place's list. */
  static DeployedFacts deployed(ConfigNode root) {
    if (!root.isObject(DEPLOYED_KEYS, Set.of())) {
      return DeployedFacts.NONE;
    }
    SortedMap<String, String> groups = new TreeMap<>();
    root.key("autoScalingGroups")
        .entries()
        .forEach((nodegroup, node) -> {
          if (!NODEGROUP_NAME.matcher(nodegroup).matches()) {
            node.problem(
                quoted(nodegroup) + " is not a managed node group's name",
                "use 1 to 63 letters, digits, - and _, with a letter or digit first");
          }
          groups.put(
              nodegroup,
              node.text(
                      GROUP_NAME,
                      "an Auto Scaling group's name",
                      "use 1 to 255 ASCII characters without spaces and colons")
                  .orElse(""));
        });
    return new DeployedFacts(apiServer(root), groups);
  }

  private static boolean isCertificate(String text) {
    try {
      return new String(Base64.getDecoder().decode(text), US_ASCII)
          .contains("-----BEGIN CERTIFICATE-----");
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private static Duration sweepGrace(ConfigNode node) {
    if (!node.isPresent() || !node.isObject(List.of("graceSeconds"), Set.of())) {
      return TimeChain.SWEEP_GRACE_DEFAULT;
    }
    return seconds(node.key("graceSeconds"), TimeChain.SWEEP_GRACE_MIN, TimeChain.SWEEP_GRACE_MAX)
        .orElse(TimeChain.SWEEP_GRACE_DEFAULT);
  }

  private NodeGroup nodeGroup(ConfigNode node) {
    boolean walkable = node.isObject(GROUP_KEYS, Set.of("name", "networks"));
    String name = walkable ? uniqueName(node.key("name"), nodeGroupNames, "node group") : "";
    Membership membership = walkable ? membership(node) : new AutoScalingGroups(List.of());
    LifecycleHook hook = lifecycleHook(node.key("lifecycleHook"));
    Duration heartbeat = heartbeatTimeout(node.key("heartbeatTimeout"), hook);
    NodeOs os = node.key("nodeOs").word(NODE_OS).orElse(NodeOs.AL2023);
    return new NodeGroup(
        name,
        membership,
        hook,
        heartbeat,
        giveUpAfter(node.key("giveUpAfter"), membership, hook, heartbeat),
        node.key("onRepeatedFailure").word(ON_REPEATED_FAILURE).orElse(OnRepeatedFailure.HOLD),
        node.key("backfill").flag().orElse(false),
        os,
        node.key("pciBase")
            .text(
                PCI_ADDRESS,
                "a PCI address",
                "write it like 0000:00:05.0, in lower-case hexadecimal"),
        NodeSetupValidator.read(node, membership, hook, os),
        networks(node.key("networks")));
  }

  private Membership membership(ConfigNode node) {
    ConfigNode groups = node.key("autoScalingGroups");
    ConfigNode managed = node.key("eksManagedNodegroup");
    boolean misspelt =
        node.isMisspelt("autoScalingGroups") || node.isMisspelt("eksManagedNodegroup");
    if (groups.isPresent() == managed.isPresent() && !misspelt) {
      node.problem(
          groups.isPresent()
              ? "both autoScalingGroups and eksManagedNodegroup"
              : "neither autoScalingGroups nor eksManagedNodegroup",
          "name one of the two");
    }
    if (managed.isPresent()) {
      String nodegroup =
          managed
              .text(
                  NODEGROUP_NAME,
                  "a managed node group's name",
                  "use 1 to 63 letters, digits, - and _, with a letter or digit first")
              .orElse("");
      unique(managed, nodegroup, managedNodegroups, "managed node group");
      if (!groups.isPresent()) {
        return new EksManagedNodegroup(nodegroup);
      }
    }
    List<String> names = new ArrayList<>();
    for (ConfigNode element : groups.elements("Auto Scaling groups")) {
      String name =
          element
              .text(
                  GROUP_NAME,
                  "an Auto Scaling group's name",
                  "use 1 to 255 ASCII characters without spaces and colons")
              .orElse("");
      unique(element, name, autoScalingGroups, "Auto Scaling group");
      names.add(name);
    }
    return new AutoScalingGroups(names);
  }

  /** A group of EKS' naming may be claimed twice: by its name, and by its managed node group. */
  private void refuseDoubleClaims() {
    managedNodegroups.forEach((nodegroup, claim) -> {
      EksManagedNodegroup managed = new EksManagedNodegroup(nodegroup);
      autoScalingGroups.forEach((name, node) -> {
        if (managed.owns(name)) {
          node.problem(
              quoted(name) + " belongs to the managed node group at " + claim.path() + " already",
              "claim it in one place only");
        }
      });
    });
  }

  private static LifecycleHook lifecycleHook(ConfigNode node) {
    Optional<String> text = node.text();
    if (text.isEmpty() || text.get().equals("create")) {
      return new CreateHook();
    }
    if (text.get().equals("observe")) {
      return new ObserveHook();
    }
    if (!text.get().startsWith(EXISTING)) {
      node.problem(
          quoted(text.get()) + " is not known here", "use create, existing:<name> or observe");
      return new CreateHook();
    }
    String name = text.get().substring(EXISTING.length());
    if (!HOOK_NAME.matcher(name).matches()) {
      node.problem(
          quoted(name) + " is not a lifecycle hook's name",
          "after existing:, write 1 to 255 letters, digits, -, _ and /");
    } else if (HOOKS_OF_EKS.contains(name)) {
      node.problem(
          name + " belongs to EKS, and only EKS may complete it",
          "use observe, together with the boot gate, or create for a hook beside it");
    } else if (name.equals(NodeGroup.TERMINATE_HOOK)) {
      node.problem(
          name + " is our hook for terminating instances", "name a hook for launching instances");
    }
    return new ExistingHook(name);
  }

  private static Duration heartbeatTimeout(ConfigNode node, LifecycleHook hook) {
    Optional<Duration> given = seconds(node, TimeChain.HEARTBEAT_MIN, TimeChain.HEARTBEAT_MAX);
    // Who only observes sends no heartbeats, so that nothing depends on this time.
    if (given.isPresent()
        && !(hook instanceof ObserveHook)
        && given.get().compareTo(TimeChain.LATEST_END) <= 0) {
      node.problem(
          given.get().toSeconds()
              + " s is too short: an event may arrive "
              + TimeChain.EVENT_AGE.toSeconds()
              + " s late and the function may run for "
              + TimeChain.FUNCTION_TIMEOUT.toSeconds()
              + " s",
          "use more than " + TimeChain.LATEST_END.toSeconds());
    }
    return given.orElse(TimeChain.HEARTBEAT_DEFAULT);
  }

  private static Duration giveUpAfter(
      ConfigNode node, Membership membership, LifecycleHook hook, Duration heartbeat) {
    Optional<Duration> given =
        seconds(node, TimeChain.FUNCTION_TIMEOUT.plusSeconds(1), TimeChain.WAIT_MAX);
    if (given.isPresent()) {
      Duration all = heartbeat.multipliedBy(TimeChain.HEARTBEATS_IN_ALL);
      if (membership instanceof EksManagedNodegroup
          && given.get().compareTo(TimeChain.GIVE_UP_MAX_MANAGED) > 0) {
        node.problem(
            given.get().toSeconds()
                + " s is too long: EKS fails the update of a managed node group where a node"
                + " hasn't joined within about 15 minutes",
            "use at most "
                + TimeChain.GIVE_UP_MAX_MANAGED.toSeconds()
                + ", or leave it out for "
                + TimeChain.GIVE_UP_DEFAULT_MANAGED.toSeconds());
      } else if (!(hook instanceof ObserveHook) && given.get().compareTo(all) > 0) {
        node.problem(
            given.get().toSeconds()
                + " s is too long: Auto Scaling lets an instance wait for "
                + TimeChain.HEARTBEATS_IN_ALL
                + " heartbeat timeouts in all",
            "use at most " + all.toSeconds());
      }
    }
    return given.orElseGet(() -> TimeChain.giveUpDefault(membership));
  }

  private static List<Network> networks(ConfigNode node) {
    List<Network> networks = new ArrayList<>();
    Map<String, ConfigNode> names = new HashMap<>();
    Map<Integer, Integer> perCard = new TreeMap<>();
    for (ConfigNode element : node.elements("networks")) {
      Network network = network(element, names);
      networks.add(network);
      perCard.merge(network.networkCardIndex(), 1, Integer::sum);
    }
    perCard.forEach((card, count) -> {
      int most =
          card == 0
              ? ConfigLimits.MAX_NETWORKS_ON_FIRST_CARD
              : ConfigLimits.MAX_INTERFACES_PER_CARD;
      if (count > most) {
        node.problem(
            count + " networks on network card " + card + ", more than any instance type holds",
            "use at most "
                + most
                + (card == 0 ? " (the primary network interface takes one more)" : ""));
      }
    });
    return networks;
  }

  private static Network network(ConfigNode node, Map<String, ConfigNode> names) {
    boolean walkable = node.isObject(NETWORK_KEYS, Set.of("name", "subnets", "securityGroups"));
    return new Network(
        walkable ? uniqueName(node.key("name"), names, "network") : "",
        subnets(node.key("subnets")),
        securityGroups(node.key("securityGroups")),
        node.key("sourceDestCheck").flag().orElse(false),
        ipv6(node.key("ipv6")),
        node.key("primaryAddress").word(PRIMARY_ADDRESSES).orElse(PrimaryAddress.ANY),
        node.key("networkCardIndex").number(0, Integer.MAX_VALUE).orElse(0),
        tags(node.key("tags")));
  }

  /** Ids of subnets, at least one. */
  static List<String> subnets(ConfigNode node) {
    return ids(node, SUBNET_ID, "a subnet's id", "subnet-", "subnet");
  }

  /** Ids of the security groups of one network interface, at least one. */
  static List<String> securityGroups(ConfigNode node) {
    List<String> groups =
        ids(node, SECURITY_GROUP_ID, "a security group's id", "sg-", "security group");
    if (groups.size() > ConfigLimits.MAX_SECURITY_GROUPS) {
      node.problem(
          groups.size() + " security groups, more than EC2 takes for one network interface",
          "use at most " + ConfigLimits.MAX_SECURITY_GROUPS + "; above 5, raise EC2's quota");
    }
    return groups;
  }

  private static List<String> ids(
      ConfigNode node, Pattern form, String what, String prefix, String singular) {
    List<String> ids = new ArrayList<>();
    Map<String, ConfigNode> seen = new HashMap<>();
    for (ConfigNode element : node.elements(singular + "s")) {
      String id =
          element
              .text(form, what, "write " + prefix + " and 8 or 17 lower-case hexadecimal digits")
              .orElse("");
      unique(element, id, seen, singular);
      ids.add(id);
    }
    return ids;
  }

  private static Ipv6 ipv6(ConfigNode node) {
    if (node.isNumber()) {
      return new CountedIpv6(node.number(0, ConfigLimits.MAX_IPV6_PER_INTERFACE).orElse(0));
    }
    return node.isPresent()
        ? node.<Ipv6>word(words("auto", new AutoIpv6(), "none", new CountedIpv6(0)), " or a count")
            .orElseGet(AutoIpv6::new)
        : new AutoIpv6();
  }

  private static SortedMap<String, String> tags(ConfigNode node) {
    SortedMap<String, String> tags = new TreeMap<>();
    node.entries()
        .forEach((key, value) -> {
          tags.put(key, tagValue(key, value));
        });
    int most = Tags.MAX_PER_RESOURCE - Tags.OURS;
    if (tags.size() > most) {
      node.problem(
          tags.size() + " tags, more than fit beside the " + Tags.OURS + " that multus-eni sets",
          "use at most " + most);
    }
    return tags;
  }

  private static String tagValue(String key, ConfigNode node) {
    Tags.reserved(key).ifPresent(reason -> node.problem("reserved key: " + reason, "remove it"));
    if (key.isEmpty() || key.codePointCount(0, key.length()) > Tags.MAX_KEY_LENGTH) {
      node.problem(
          "a tag's key of " + key.codePointCount(0, key.length()) + " characters",
          "use 1 to " + Tags.MAX_KEY_LENGTH);
    }
    String value = node.text().orElse("");
    if (value.codePointCount(0, value.length()) > Tags.MAX_VALUE_LENGTH) {
      node.problem(
          "a tag's value of " + value.codePointCount(0, value.length()) + " characters",
          "use at most " + Tags.MAX_VALUE_LENGTH);
    }
    return value;
  }

  static Optional<Duration> seconds(ConfigNode node, Duration least, Duration most) {
    return node.number(least.toSeconds(), most.toSeconds()).map(Duration::ofSeconds);
  }

  private static String uniqueName(ConfigNode node, Map<String, ConfigNode> seen, String what) {
    String name = node.text(OUR_NAME, "a name for a " + what, OUR_NAME_FORM).orElse("");
    unique(node, name, seen, what);
    return name;
  }

  static void unique(ConfigNode node, String value, Map<String, ConfigNode> seen, String what) {
    if (value.isEmpty()) {
      return;
    }
    ConfigNode first = seen.putIfAbsent(value, node);
    if (first != null) {
      node.problem(
          "the " + what + " " + quoted(value) + " is already at " + first.path(),
          "name each only once");
    }
  }

  static <T> Map<String, T> words(String one, T first, String other, T second) {
    Map<String, T> words = new TreeMap<>();
    words.put(one, first);
    words.put(other, second);
    return words;
  }
}
