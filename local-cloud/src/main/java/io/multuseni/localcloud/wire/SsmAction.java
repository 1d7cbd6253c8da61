// SPDX-License-Identifier: Apache-2.0
package io.multuseni.localcloud.wire;

import java.util.List;

/** A call to Systems Manager as data, one record per action that this endpoint models. */
public sealed interface SsmAction {

  /** Values of parameters; names that aren't there are told apart from them. */
  record GetParameters(List<String> names) implements SsmAction {
    /** Copies the list. */
    public GetParameters {
      names = List.copyOf(names);
    }
  }
}
