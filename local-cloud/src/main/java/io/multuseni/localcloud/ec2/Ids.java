// SPDX-License-Identifier: Apache-2.0
package io.multuseni.localcloud.ec2;

import java.util.Locale;
import java.util.Random;
import java.util.regex.Pattern;

/** Makes ids in the form of EC2 and tells malformed ones. */
final class Ids {
  private static final Pattern HEX = Pattern.compile("[0-9a-f]{8}([0-9a-f]{9})?");
  private final Random random;

  Ids(Random random) {
    this.random = random;
  }

  /** A new id: the prefix and 17 hexadecimal digits. */
  String next(String prefix) {
    return String.format(Locale.ROOT, "%s0%016x", prefix, random.nextLong());
  }

  /** A new, locally administered unicast MAC address. */
  String nextMac() {
    byte[] bytes = new byte[5];
    random.nextBytes(bytes);
    StringBuilder mac = new StringBuilder("02");
    for (byte b : bytes) {
      mac.append(String.format(Locale.ROOT, ":%02x", b & 0xff));
    }
    return mac.toString();
  }

  static boolean isWellFormed(String prefix, String id) {
    return id.startsWith(prefix) && HEX.matcher(id.substring(prefix.length())).matches();
  }
}
