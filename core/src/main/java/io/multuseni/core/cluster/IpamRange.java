// SPDX-License-Identifier: Apache-2.0
package io.multuseni.core.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import io.multuseni.core.ip.AddressBlock;
import io.multuseni.core.ip.AddressInterval;
import io.multuseni.core.ip.IpAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A range that an IPAM plugin gives addresses from.
 *
 * @param kind the plugin
 * @param block the range as a block
 * @param usable the part between its first and last address to give
 * @param excluded what is never given
 */
public record IpamRange(
    Kind kind, AddressBlock block, AddressInterval usable, List<AddressInterval> excluded) {
  /** Copies the list. */
  public IpamRange {
    excluded = List.copyOf(excluded);
  }

  /** IPAM plugins whose configuration is understood. */
  public enum Kind {
    /** Cluster-wide, reservations in IPPools. */
    WHEREABOUTS,
    /** Node-local, reservations in files on the node. */
    HOST_LOCAL,
    /** Addresses written into the configuration. */
    STATIC
  }

  /** Reads the {@code ipam} part of a plugin's configuration; what means nothing is left out. */
  static List<IpamRange> read(JsonNode ipam) {
    return switch (CniJson.text(ipam, "type").orElse("")) {
      case "whereabouts" -> whereabouts(ipam);
      case "host-local" -> hostLocal(ipam);
      case "static" -> statics(ipam);
      default -> List.of();
    };
  }

  private static List<IpamRange> whereabouts(JsonNode ipam) {
    List<JsonNode> parts = new ArrayList<>();
    parts.add(ipam);
    ipam.path("ipRanges").forEach(parts::add);
    List<IpamRange> ranges = new ArrayList<>();
    for (JsonNode part : parts) {
      CniJson.text(part, "range").flatMap(range -> whereabouts(range, part)).ifPresent(ranges::add);
    }
    return ranges;
  }

  /** A range may also be written {@code 10.0.4.70-10.0.4.90/24} (whereabouts, README). */
  private static Optional<IpamRange> whereabouts(String range, JsonNode part) {
    int dash = range.indexOf('-');
    int slash = range.indexOf('/');
    Optional<IpAddress> first = address(part, "range_start");
    Optional<IpAddress> last = address(part, "range_end");
    String cidr = range;
    if (dash > 0 && slash > dash) {
      first = IpAddress.parse(range.substring(0, dash).strip());
      last = IpAddress.parse(range.substring(dash + 1, slash).strip());
      cidr = range.substring(dash + 1).strip();
    }
    Optional<IpAddress> from = first;
    Optional<IpAddress> to = last;
    return AddressBlock.parse(cidr)
        .map(block ->
            new IpamRange(
                Kind.WHEREABOUTS, block, usable(block, from, to), blocks(part.path("exclude"))));
  }

  private static List<IpamRange> hostLocal(JsonNode ipam) {
    List<JsonNode> parts = new ArrayList<>();
    parts.add(ipam);
    ipam.path("ranges").forEach(set -> set.forEach(parts::add));
    List<IpamRange> ranges = new ArrayList<>();
    for (JsonNode part : parts) {
      CniJson.text(part, "subnet")
          .flatMap(AddressBlock::parse)
          .ifPresent(block ->
              ranges.add(
                  new IpamRange(
                      Kind.HOST_LOCAL,
                      block,
                      usable(block, address(part, "rangeStart"), address(part, "rangeEnd")),
                      List.of())));
    }
    return ranges;
  }

  private static List<IpamRange> statics(JsonNode ipam) {
    List<IpamRange> ranges = new ArrayList<>();
    for (JsonNode one : ipam.path("addresses")) {
      CniJson.text(one, "address")
          .map(text -> text.contains("/") ? text.substring(0, text.indexOf('/')) : text)
          .flatMap(IpAddress::parse)
          .map(address -> new AddressBlock(address, address.family().bits()))
          .ifPresent(
              block -> ranges.add(new IpamRange(Kind.STATIC, block, block.interval(), List.of())));
    }
    return ranges;
  }

  private static Optional<IpAddress> address(JsonNode part, String key) {
    return CniJson.text(part, key).flatMap(IpAddress::parse);
  }

  private static AddressInterval usable(
      AddressBlock block, Optional<IpAddress> first, Optional<IpAddress> last) {
    IpAddress from = first.filter(block::contains).orElse(block.first());
    IpAddress to = last.filter(block::contains).orElse(block.last());
    return from.compareTo(to) <= 0 ? new AddressInterval(from, to) : block.interval();
  }

  private static List<AddressInterval> blocks(JsonNode list) {
    List<AddressInterval> found = new ArrayList<>();
    for (JsonNode one : list) {
      String text = one.asText("").strip();
      AddressBlock.parse(text)
          .or(() ->
              IpAddress.parse(text)
                  .map(address -> new AddressBlock(address, address.family().bits())))
          .ifPresent(block -> found.add(block.interval()));
    }
    return found;
  }
}
