// SPDX-License-Identifier: Apache-2.0
package io.multuseni.base;

import io.multuseni.core.config.ProvisionerConfig;
import io.multuseni.core.error.CallFailure;
import java.util.Optional;

/** Where an invocation gets its configuration from. */
public interface ConfigSource {
  /**
   * The configuration to work by now.
   *
   * @param deadline when it has to be there
   * @throws CallFailure it can't be read, and no earlier copy is there; another try may read it
   * @throws IllegalStateException it was read and has problems: all of them in one message, and in
   *     the log
   */
  ProvisionerConfig current(Deadline deadline);

  /** The cluster's name, where a configuration was ever read. */
  Optional<String> cluster();

  /** One that is given and never changes. */
  static ConfigSource of(ProvisionerConfig config) {
    return new ConfigSource() {
      @Override
      public ProvisionerConfig current(Deadline deadline) {
        return config;
      }

      @Override
      public Optional<String> cluster() {
        return Optional.of(config.cluster());
      }
    };
  }
}
