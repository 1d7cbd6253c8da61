// SPDX-License-Identifier: Apache-2.0
package io.multuseni.core.config;

import static io.multuseni.core.config.ConfigNode.quoted;

import io.multuseni.core.config.Reconciliation.Source;
import io.multuseni.core.ip.AddressBlock;
import io.multuseni.core.ip.IpAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Walks the part of a configuration that {@link Reconciliation} holds. */
final class ReconciliationValidator {
  /** Its keys. */
  static final List<String> KEYS =
      List.of(
          "sources",
          "maxReleaseFraction",
          "releaseGraceSeconds",
          "watch",
          "periodSeconds",
          "managedRanges");

  /** Words for the sources, in the schema and in what is written. */
  static final Map<String, Source> SOURCES =
      ConfigValidator.words(
          "whereabouts", Source.WHEREABOUTS, "network-status", Source.NETWORK_STATUS);

  private ReconciliationValidator() {}

  static Reconciliation read(ConfigNode node) {
    Reconciliation defaults = Reconciliation.DEFAULTS;
    if (!node.isPresent() || !node.isObject(KEYS, Set.of())) {
      return defaults;
    }
    return new Reconciliation(
        sources(node.key("sources")),
        node.key("maxReleaseFraction").fraction().orElse(defaults.maxReleaseFraction()),
        ConfigValidator.seconds(
                node.key("releaseGraceSeconds"), Duration.ZERO, TimeChain.RELEASE_GRACE_MAX)
            .orElse(defaults.releaseGrace()),
        node.key("watch").flag().orElse(defaults.watch()),
        period(node),
        managedRanges(node.key("managedRanges")));
  }

  private static Set<Source> sources(ConfigNode node) {
    if (!node.isPresent()) {
      return Reconciliation.DEFAULTS.sources();
    }
    Set<Source> sources = EnumSet.noneOf(Source.class);
    Map<String, ConfigNode> seen = new HashMap<>();
    for (ConfigNode element : node.elements("sources")) {
      Optional<Source> source = element.word(SOURCES);
      if (source.isPresent()) {
        ConfigValidator.unique(element, element.text().orElse(""), seen, "source");
        sources.add(source.get());
      }
    }
    return sources;
  }

  private static Duration period(ConfigNode reconcile) {
    ConfigNode node = reconcile.key("periodSeconds");
    Optional<Duration> given =
        ConfigValidator.seconds(
            node, TimeChain.RECONCILE_PERIOD_MIN, TimeChain.RECONCILE_PERIOD_MAX);
    if (given.isPresent()) {
      Duration period = given.get();
      if (period.toSecondsPart() != 0) {
        node.problem(
            period.toSeconds() + " s is no whole number of minutes, as a schedule needs it",
            "use " + period.toMinutes() * 60 + " or " + (period.toMinutes() + 1) * 60);
      } else if (watches(reconcile)
          && period.compareTo(TimeChain.RECONCILE_PERIOD_MAX_WATCHED) > 0) {
        node.problem(
            period.toSeconds()
                + " s is too long to watch for: a function may run for 15 minutes at most",
            "use at most "
                + TimeChain.RECONCILE_PERIOD_MAX_WATCHED.toSeconds()
                + ", or watch: false");
      }
    }
    return given.orElse(Reconciliation.DEFAULTS.period());
  }

  /** Whether a run surely watches; a mistake in that key is told once, where it is. */
  private static boolean watches(ConfigNode reconcile) {
    ConfigNode watch = reconcile.key("watch");
    return watch.isPresent() ? watch.isTrue() : !reconcile.isMisspelt("watch");
  }

  private static List<AddressBlock> managedRanges(ConfigNode node) {
    List<AddressBlock> ranges = new ArrayList<>();
    Map<String, ConfigNode> seen = new HashMap<>();
    for (ConfigNode element : node.elementsIfAny("CIDR blocks")) {
      Optional<String> text = element.text();
      Optional<AddressBlock> block = text.flatMap(AddressBlock::parse);
      if (block.isPresent()) {
        refuseHostBits(element, text.get(), block.get());
        ConfigValidator.unique(element, block.get().toString(), seen, "range");
        ranges.add(block.get());
      } else if (text.isPresent()) {
        element.problem(
            quoted(text.get()) + " is not a CIDR block",
            "write it like 10.0.4.0/24 or 2001:db8::/64");
      }
    }
    return ranges;
  }

  /** More likely a slip than meant: the range would begin before the address written. */
  private static void refuseHostBits(ConfigNode node, String text, AddressBlock block) {
    IpAddress written = IpAddress.of(text.substring(0, text.indexOf('/')));
    if (!written.equals(block.first())) {
      node.problem(quoted(text) + " has bits set beyond its prefix", "write " + block);
    }
  }
}
