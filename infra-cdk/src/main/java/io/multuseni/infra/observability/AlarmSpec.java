// SPDX-License-Identifier: Apache-2.0
package io.multuseni.infra.observability;

import java.time.Duration;

/**
 * An alarm: a metric that lies on the wrong side of a threshold for some periods in a row.
 *
 * @param about what it is about; ends its name
 * @param description what it means and what to do, up to 1,024 characters
 * @param metric what is looked at
 * @param statistic how the values of a period become one
 * @param period whole minutes
 * @param periods how many in a row
 * @param comparison how the value lies to the threshold
 * @param threshold the threshold
 * @param missing what a period without a value means
 */
public record AlarmSpec(
    String about,
    String description,
    Metric metric,
    Statistic statistic,
    Duration period,
    int periods,
    Comparison comparison,
    double threshold,
    Missing missing) {

  /** How the values of a period become one. */
  public enum Statistic {
    /** All together. */
    SUM("Sum"),
    /** The lowest. */
    MINIMUM("Minimum"),
    /** The highest. */
    MAXIMUM("Maximum");

    private final String word;

    Statistic(String word) {
      this.word = word;
    }

    /** CloudWatch's word. */
    public String word() {
      return word;
    }
  }

  /** How a value lies to the threshold when something is wrong. */
  public enum Comparison {
    /** Above it. */
    ABOVE("GreaterThanThreshold"),
    /** Below it. */
    BELOW("LessThanThreshold");

    private final String word;

    Comparison(String word) {
      this.word = word;
    }

    /** CloudWatch's word. */
    public String word() {
      return word;
    }
  }

  /** What a period without a value means. */
  public enum Missing {
    /** Nothing happened, and that is well. */
    WELL("notBreaching"),
    /** What should have happened did not. */
    WRONG("breaching"),
    /** Nothing new: the alarm stays as it is. */
    AS_BEFORE("ignore");

    private final String word;

    Missing(String word) {
      this.word = word;
    }

    /** CloudWatch's word. */
    public String word() {
      return word;
    }
  }
}
