// SPDX-License-Identifier: Apache-2.0
package io.multuseni.localcluster;

import java.util.List;
import java.util.Optional;

/**
 * A list or a part of one.
 *
 * @param items the objects, by namespace and name
 * @param version resourceVersion of the whole list
 * @param next where it goes on, if it does
 * @param remaining objects behind this page
 */
record Page(List<StoredObject> items, long version, Optional<ContinueToken> next, int remaining) {}
