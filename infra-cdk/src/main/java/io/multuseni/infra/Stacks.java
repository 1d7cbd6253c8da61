// SPDX-License-Identifier: Apache-2.0
package io.multuseni.infra;

import io.multuseni.core.config.ProvisionerConfig;
import software.amazon.awscdk.App;

/**
 * The stacks of one cluster.
 *
 * @param attach the attach and the sweep function
 */
public record Stacks(EniAttachStack attach) {
  /**
   * Makes them.
   *
   * @param app the app
   * @param config the configuration
   * @param jars of the functions
   * @param refresh a text whose change makes EKS be asked again
   */
  public static Stacks of(App app, ProvisionerConfig config, FunctionJars jars, String refresh) {
    return new Stacks(new EniAttachStack(app, config, jars.attach(), refresh));
  }
}
