// SPDX-License-Identifier: Apache-2.0
package io.multuseni.aws;

import io.multuseni.aws.pacing.CallCounter;
import io.multuseni.base.Deadline;
import io.multuseni.core.config.ProvisionerConfig;
import io.multuseni.core.error.CallFailure;
import java.util.Optional;

/** Where an invocation gets its configuration from. */
public interface ConfigSource {
  /**
   * The configuration to work by now.
   *
   * @param deadline when it has to be there
   * @param counter counts the calls that reading takes
   * @throws CallFailure it can't be read, and no earlier copy may be used; another try may read it
   * @throws IllegalStateException it was read and has problems, and no earlier copy may be used:
   *     all of them in one message, and in the log
   */
  ProvisionerConfig current(Deadline deadline, CallCounter counter);

  /** Whether {@link #current} goes on with an earlier copy, since reading fails. */
  boolean isStale();

  /** The cluster's name, where a configuration was ever read. */
  Optional<String> cluster();

  /** One that is given and never changes. */
  static ConfigSource of(ProvisionerConfig config) {
    return new ConfigSource() {
      @Override
      public ProvisionerConfig current(Deadline deadline, CallCounter counter) {
        return config;
      }

      @Override
      public boolean isStale() {
        return false;
      }

      @Override
      public Optional<String> cluster() {
        return Optional.of(config.cluster());
      }
    };
  }
}
