// SPDX-License-Identifier: Apache-2.0
package io.multuseni.localcloud.wire;

import java.util.Set;

/**
 * Reads {@link SsmAction}s. Parameter names are those of the service model of API version
 * 2014-11-06 (botocore, {@code ssm/2014-11-06/service-2.json}).
 */
public final class SsmActionParser {
  private static final ActionTable<SsmAction> TABLE =
      new ActionTable<SsmAction>()
          .with(
              "GetParameters",
              Set.of("Names", "WithDecryption"),
              p -> new SsmAction.GetParameters(p.list("Names")));

  private SsmActionParser() {}

  /**
   * Reads a call.
   *
   * @throws ApiError if it can't be read, or its action or a parameter of it isn't modelled
   */
  public static SsmAction read(Params params) {
    return TABLE.read(params);
  }
}
