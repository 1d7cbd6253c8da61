// SPDX-License-Identifier: Apache-2.0
package io.multuseni.cli;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Durations as people write them: {@code 100ms}, {@code 1.7s}, {@code 2m}, {@code 8} (seconds). */
final class DurationConverter implements ITypeConverter<Duration> {
  private static final Pattern FORM = Pattern.compile("(\\d{1,9}(?:\\.\\d{1,9})?)(ms|s|m)?");
  private static final Duration LONGEST = Duration.ofHours(1);

  @Override
  public Duration convert(String text) {
    Matcher match = FORM.matcher(text);
    if (!match.matches()) {
      throw new TypeConversionException(
          "'" + text + "' is not a duration; write 100ms, 1.7s, 2m or a number of seconds");
    }
    String unit = match.group(2);
    BigDecimal factor = new BigDecimal(unit == null || unit.equals("s") ? 1000 : factor(unit));
    BigDecimal nanos = new BigDecimal(match.group(1)).multiply(factor).movePointRight(6);
    Duration duration = Duration.ofNanos(nanos.longValue());
    if (duration.compareTo(LONGEST) > 0) {
      throw new TypeConversionException("'" + text + "' is longer than an hour");
    }
    return duration;
  }

  private static int factor(String unit) {
    return unit.equals("ms") ? 1 : 60_000;
  }
}
