// SPDX-License-Identifier: Apache-2.0
package io.multuseni.core.slot;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A PCI address as Linux writes it and as the host-device CNI plugin takes it in {@code pciBusID}:
 * domain, bus, device and function in lower-case hexadecimal.
 *
 * @param value form {@code dddd:bb:dd.f}, such as {@code 0000:00:06.0}; device up to {@code 1f},
 *     function up to {@code 7}
 */
public record PciBusId(String value) {
  /** The highest device number of a bus; PCI has five bits for it. */
  public static final int LAST_DEVICE = 0x1f;

  private static final Pattern FORM =
      Pattern.compile("([0-9a-f]{4}):([0-9a-f]{2}):([01][0-9a-f])\\.([0-7])");

  /** Refuses anything that isn't a PCI address. */
  public PciBusId {
    if (!FORM.matcher(value).matches()) {
      throw new IllegalArgumentException(
          "not a PCI address of the form 0000:00:05.0 (lower-case hexadecimal): " + value);
    }
  }

  /**
   * Reads a PCI address, also one in upper case.
   *
   * @return empty where the text is none
   */
  public static Optional<PciBusId> parse(String text) {
    String value = text.toLowerCase(Locale.ROOT);
    return FORM.matcher(value).matches() ? Optional.of(new PciBusId(value)) : Optional.empty();
  }

  /** The bus number, 0 to 255. */
  public int bus() {
    return number(2);
  }

  /** The device number on the bus, 0 to 31. */
  public int device() {
    return number(3);
  }

  /**
   * The address a number of devices further on the same bus.
   *
   * @param devices how many, 0 or more
   * @throws IllegalArgumentException where the bus has no such device
   */
  public PciBusId plus(int devices) {
    if (devices < 0 || devices > LAST_DEVICE - device()) {
      throw new IllegalArgumentException(
          "no device " + devices + " further than " + value + ": a bus ends at device 1f");
    }
    return new PciBusId(
        "%s%02x%s".formatted(value.substring(0, 8), device() + devices, value.substring(10)));
  }

  @Override
  public String toString() {
    return value;
  }

  private int number(int group) {
    Matcher matcher = FORM.matcher(value);
    if (!matcher.matches()) {
      throw new IllegalStateException(value);
    }
    return Integer.parseInt(matcher.group(group), 16);
  }
}
