// SPDX-License-Identifier: Apache-2.0
package io.multuseni.localcloud.wire;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.regex.Pattern;

/**
 * One filter of a describe call: a resource passes if one of its values matches one of the
 * filter's. In filter values {@code *} stands for any text, {@code ?} for one character, and a
 * backslash takes that meaning away.
 *
 * @param name for example {@code subnet-id} or {@code tag:KEY}
 * @param values at least one for the filter to match anything
 */
public record Filter(String name, List<String> values) {

  /** Copies the values. */
  public Filter {
    values = List.copyOf(values);
  }

  /** Reads {@code Filter.N.Name} and {@code Filter.N.Value.M}, the form of EC2. */
  public static List<Filter> ofEc2(Params params) {
    List<Filter> filters = new ArrayList<>();
    for (Params item : params.items("Filter")) {
      filters.add(new Filter(item.required("Name"), item.list("Value")));
    }
    return List.copyOf(filters);
  }

  /** Reads {@code Filters.member.N.Name} and {@code Values.member.M}, the form of Auto Scaling. */
  public static List<Filter> ofAutoScaling(Params params) {
    List<Filter> filters = new ArrayList<>();
    for (Params item : params.items("Filters.member")) {
      filters.add(new Filter(item.required("Name"), item.members("Values")));
    }
    return List.copyOf(filters);
  }

  /** Whether one of a resource's values matches this filter. */
  public boolean matches(Collection<String> resourceValues) {
    for (String value : values) {
      Pattern pattern = pattern(value);
      for (String candidate : resourceValues) {
        if (pattern.matcher(candidate).matches()) {
          return true;
        }
      }
    }
    return false;
  }

  private static Pattern pattern(String value) {
    StringBuilder regex = new StringBuilder();
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (c == '\\' && i + 1 < value.length()) {
        i++;
        regex.append(Pattern.quote(String.valueOf(value.charAt(i))));
      } else if (c == '*') {
        regex.append(".*");
      } else if (c == '?') {
        regex.append('.');
      } else {
        regex.append(Pattern.quote(String.valueOf(c)));
      }
    }
    return Pattern.compile(regex.toString(), Pattern.DOTALL);
  }
}
