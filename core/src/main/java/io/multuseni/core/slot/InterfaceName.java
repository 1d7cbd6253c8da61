// SPDX-License-Identifier: Apache-2.0
package io.multuseni.core.slot;

import java.util.regex.Pattern;

/**
 * Name of a network interface on a node, such as {@code eth1} or {@code ens6}.
 *
 * @param value 1 to 15 characters, as many as Linux holds (IFNAMSIZ less the final zero)
 */
public record InterfaceName(String value) {
  private static final Pattern FORM = Pattern.compile("[a-z][a-z0-9]{0,14}");

  /** Refuses what no Nitro node would call an interface. */
  public InterfaceName {
    if (!FORM.matcher(value).matches()) {
      throw new IllegalArgumentException("not an interface name: " + value);
    }
  }

  @Override
  public String toString() {
    return value;
  }
}
