// SPDX-License-Identifier: Apache-2.0
package io.multuseni.localcloud.ec2;

import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The instance types this endpoint knows. Interface and IPv4 limits are those of the Amazon VPC CNI
 * ({@code pkg/vpc/vpc_ip_resource_limit.go}); of the 8th generation and T3, those of the EC2 user
 * guide (AvailableIpPerENI). The IPv6 limit equals the IPv4 one, as the reference of
 * AssignIpv6Addresses says. The total over two network cards is their sum, which is an assumption.
 */
public final class InstanceTypes {
  private static final Map<String, InstanceTypeInfo> TABLE = table();

  private InstanceTypes() {}

  /** The type of that name, if it is known. */
  public static Optional<InstanceTypeInfo> find(String name) {
    return Optional.ofNullable(TABLE.get(name));
  }

  /** All types, sorted by name. */
  public static Collection<InstanceTypeInfo> all() {
    return TABLE.values();
  }

  private static Map<String, InstanceTypeInfo> table() {
    Map<String, InstanceTypeInfo> table = new TreeMap<>();
    List<String> common = List.of("large", "xlarge", "2xlarge", "4xlarge");
    family(table, "c5", 2048, 96, common, List.of("9xlarge", "12xlarge", "18xlarge", "24xlarge"));
    family(table, "c5n", 2688, 72, common, List.of("9xlarge", "18xlarge"));
    List<String> fifth = List.of("8xlarge", "12xlarge", "16xlarge", "24xlarge");
    family(table, "m5", 4096, 96, common, fifth);
    family(table, "m5n", 4096, 96, common, fifth);
    family(table, "r5", 8192, 96, common, fifth);
    List<String> sixth = List.of("8xlarge", "12xlarge", "16xlarge", "24xlarge", "32xlarge");
    family(table, "c6i", 2048, 128, common, sixth);
    family(table, "m6i", 4096, 128, common, sixth);
    family(table, "c6in", 2048, 0, common, fifth);
    add(table, "c6in.32xlarge", List.of(8, 8), 50, 128, 2048);
    add(table, "c6in.metal", List.of(8, 8), 50, 128, 2048);
    family(
        table,
        "m7i",
        4096,
        0,
        common,
        List.of("8xlarge", "12xlarge", "16xlarge", "24xlarge", "48xlarge"));
    add(table, "m7i.metal-24xl", List.of(15), 50, 96, 4096);
    add(table, "m7i.metal-48xl", List.of(15), 50, 192, 4096);
    add(table, "c8i.large", List.of(3), 20, 2, 2048);
    add(table, "c8i.xlarge", List.of(4), 30, 4, 2048);
    add(table, "c8i.4xlarge", List.of(8), 50, 16, 2048);
    add(table, "c8i.8xlarge", List.of(10), 50, 32, 2048);
    add(table, "c8i.12xlarge", List.of(12), 50, 48, 2048);
    add(table, "c8i.16xlarge", List.of(16), 64, 64, 2048);
    add(table, "c8i.24xlarge", List.of(16), 64, 96, 2048);
    add(table, "c8i.32xlarge", List.of(24), 64, 128, 2048);
    add(table, "c8i.48xlarge", List.of(24), 64, 192, 2048);
    add(table, "t3.small", List.of(3), 4, 2, 1024);
    add(table, "t3.medium", List.of(3), 6, 2, 2048);
    add(table, "t3.large", List.of(3), 12, 2, 4096);
    add(table, "t3.xlarge", List.of(4), 15, 4, 4096);
    return Collections.unmodifiableMap(table);
  }

  /**
   * The sizes of the families up to the 7th generation all follow one pattern.
   *
   * @param metalVcpus vCPUs of the size {@code metal}; 0 if the family has none of that pattern
   */
  private static void family(
      Map<String, InstanceTypeInfo> table,
      String family,
      int mibPerVcpu,
      int metalVcpus,
      List<String> common,
      List<String> larger) {
    for (String size : common) {
      int vcpus = vcpus(size);
      int interfaces = vcpus == 2 ? 3 : vcpus <= 8 ? 4 : 8;
      int addresses = vcpus == 2 ? 10 : vcpus <= 8 ? 15 : 30;
      add(table, family + "." + size, List.of(interfaces), addresses, vcpus, mibPerVcpu);
    }
    for (String size : larger) {
      int vcpus = vcpus(size);
      boolean full = vcpus >= 64;
      add(table, family + "." + size, List.of(full ? 15 : 8), full ? 50 : 30, vcpus, mibPerVcpu);
    }
    if (metalVcpus > 0) {
      add(table, family + ".metal", List.of(15), 50, metalVcpus, mibPerVcpu);
    }
  }

  private static int vcpus(String size) {
    if (size.equals("large")) {
      return 2;
    }
    String factor = size.substring(0, size.indexOf("xlarge"));
    return factor.isEmpty() ? 4 : 4 * Integer.parseInt(factor);
  }

  private static void add(
      Map<String, InstanceTypeInfo> table,
      String name,
      List<Integer> interfacesPerCard,
      int addresses,
      int vcpus,
      int mibPerVcpu) {
    table.put(
        name,
        new InstanceTypeInfo(
            name,
            interfacesPerCard,
            addresses,
            addresses,
            name.contains(".metal"),
            vcpus,
            vcpus * mibPerVcpu));
  }
}
