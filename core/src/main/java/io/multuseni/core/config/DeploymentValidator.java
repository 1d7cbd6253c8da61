// SPDX-License-Identifier: Apache-2.0
package io.multuseni.core.config;

import static io.multuseni.core.config.ConfigNode.quoted;

import io.multuseni.core.config.Deployment.Architecture;
import io.multuseni.core.config.Deployment.Concurrency;
import io.multuseni.core.config.Deployment.FunctionSettings;
import io.multuseni.core.config.Deployment.ReservedConcurrency;
import io.multuseni.core.config.Deployment.SuitableConcurrency;
import io.multuseni.core.config.Deployment.UnreservedConcurrency;
import io.multuseni.core.config.Deployment.VpcSettings;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** Walks the part of a configuration that {@link Deployment} holds. */
final class DeploymentValidator {
  /** Its keys. */
  static final List<String> KEYS =
      List.of(
          "architecture",
          "attach",
          "sweep",
          "reconcile",
          "logRetentionDays",
          "tracing",
          "terminateHook",
          "alarmTopic",
          "driftAlarmMinutes",
          "vpc",
          "subnetZones");

  /** Keys of a function. */
  static final List<String> FUNCTION_KEYS = List.of("memoryMb", "reservedConcurrency");

  /** Keys of {@code vpc}. */
  static final List<String> VPC_KEYS = List.of("id", "subnets", "securityGroups", "endpoints");

  /** Words for the architecture, in the schema and in what is written. */
  static final Map<String, Architecture> ARCHITECTURES =
      ConfigValidator.words("arm64", Architecture.ARM64, "x86_64", Architecture.X86_64);

  /** PutRetentionPolicy takes no others. */
  private static final List<Integer> RETENTIONS =
      List.of(
          1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557,
          2922, 3288, 3653);

  private static final Pattern TOPIC_ARN =
      Pattern.compile("arn:aws[a-z-]*:sns:[a-z0-9-]+:[0-9]{12}:[A-Za-z0-9_-]{1,256}(\\.fifo)?");
  private static final Pattern VPC_ID = Pattern.compile("vpc-([0-9a-f]{8}|[0-9a-f]{17})");

  /** Name of an Availability Zone, Local Zone or Wavelength Zone; a Region's name is none. */
  private static final Pattern ZONE =
      Pattern.compile("[a-z]{2,4}(-[a-z]+)+-[0-9]+([a-z]|(-[a-z0-9]+)+-[0-9]+[a-z]?)");

  private static final int DRIFT_MINUTES_MAX = 60;

  private DeploymentValidator() {}

  static Deployment read(ConfigNode node, Reconciliation reconciliation) {
    Deployment defaults = Deployment.DEFAULTS;
    if (!node.isPresent() || !node.isObject(KEYS, Set.of())) {
      return defaults;
    }
    return new Deployment(
        node.key("architecture").word(ARCHITECTURES).orElse(defaults.architecture()),
        function(node.key("attach")),
        sweep(node.key("sweep")),
        reconcile(node.key("reconcile"), reconciliation),
        retention(node.key("logRetentionDays")).orElse(defaults.logRetentionDays()),
        node.key("tracing").flag().orElse(defaults.tracing()),
        node.key("terminateHook").flag().orElse(defaults.terminateHook()),
        node.key("alarmTopic")
            .text(
                TOPIC_ARN,
                "the ARN of an SNS topic",
                "write it like arn:aws:sns:us-east-1:111122223333:alarms"),
        node.key("driftAlarmMinutes")
            .number(1, DRIFT_MINUTES_MAX)
            .map(Duration::ofMinutes)
            .orElse(defaults.driftAlarm()),
        vpc(node.key("vpc")),
        subnetZones(node.key("subnetZones")));
  }

  private static FunctionSettings function(ConfigNode node) {
    FunctionSettings defaults = FunctionSettings.DEFAULTS;
    if (!node.isPresent() || !node.isObject(FUNCTION_KEYS, Set.of())) {
      return defaults;
    }
    return new FunctionSettings(
        node.key("memoryMb")
            .number(FunctionSettings.MEMORY_MIN, FunctionSettings.MEMORY_MAX)
            .orElse(defaults.memoryMb()),
        concurrency(node.key("reservedConcurrency")));
  }

  private static FunctionSettings sweep(ConfigNode node) {
    FunctionSettings function = function(node);
    if (function.concurrency() instanceof ReservedConcurrency(int runs) && runs > 1) {
      node.key("reservedConcurrency")
          .problem(
              runs + " sweeps at a time would see each other's work half done", "use 1 or none");
    }
    return function;
  }

  private static FunctionSettings reconcile(ConfigNode node, Reconciliation reconciliation) {
    FunctionSettings function = function(node);
    // A run that watches ends only after the next one has begun.
    if (reconciliation.watch() && function.concurrency() instanceof ReservedConcurrency(int runs)) {
      if (runs < ReservedConcurrency.LEAST_TO_WATCH) {
        node.key("reservedConcurrency")
            .problem(
                runs + " run at a time is too few to watch: two runs overlap",
                "use "
                    + ReservedConcurrency.LEAST_TO_WATCH
                    + ", or reconcile.watch: false at the top level");
      }
    }
    return function;
  }

  private static Concurrency concurrency(ConfigNode node) {
    if (!node.isPresent()) {
      return new SuitableConcurrency();
    }
    if (node.isNumber()) {
      return new ReservedConcurrency(node.number(1, ReservedConcurrency.MOST).orElse(1));
    }
    return node.<Concurrency>word(Map.of("none", new UnreservedConcurrency()), " or a number")
        .orElseGet(SuitableConcurrency::new);
  }

  private static Optional<Integer> retention(ConfigNode node) {
    Optional<Integer> days = node.number(1, RETENTIONS.getLast());
    if (days.isPresent() && !RETENTIONS.contains(days.get())) {
      int longer =
          RETENTIONS.stream().filter(known -> known > days.get()).findFirst().orElseThrow();
      node.problem(days.get() + " days are not among what CloudWatch Logs offers", "use " + longer);
    }
    return days;
  }

  private static Optional<VpcSettings> vpc(ConfigNode node) {
    if (!node.isPresent() || !node.isObject(VPC_KEYS, Set.of("subnets", "securityGroups"))) {
      return Optional.empty();
    }
    ConfigNode id = node.key("id");
    boolean endpoints = node.key("endpoints").flag().orElse(false);
    if (endpoints && !id.isPresent() && !node.isMisspelt("id")) {
      id.problem("missing, and endpoints: true needs it", "add it");
    }
    return Optional.of(
        new VpcSettings(
            id.text(VPC_ID, "a VPC's id", "write vpc- and 8 or 17 lower-case hexadecimal digits"),
            ConfigValidator.subnets(node.key("subnets")),
            ConfigValidator.securityGroups(node.key("securityGroups")),
            endpoints));
  }

  private static SortedMap<String, String> subnetZones(ConfigNode node) {
    SortedMap<String, String> zones = new TreeMap<>();
    node.entries()
        .forEach((subnet, zone) -> {
          if (!ConfigValidator.SUBNET_ID.matcher(subnet).matches()) {
            zone.problem(
                quoted(subnet) + " is not a subnet's id",
                "write subnet- and 8 or 17 lower-case hexadecimal digits");
          }
          zones.put(subnet, zone(zone));
        });
    return zones;
  }

  static String zone(ConfigNode node) {
    return node.text(ZONE, "an Availability Zone", "write its name, like us-east-1a").orElse("");
  }
}
