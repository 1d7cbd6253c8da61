// SPDX-License-Identifier: Apache-2.0
package io.multuseni.localcluster;

import org.jspecify.annotations.Nullable;

/**
 * One change on record.
 *
 * @param type type of the object
 * @param before the object until then, null if it is new
 * @param object the object from then on; a deleted one as it was, with the version of its deletion
 * @param deleted whether it is gone
 */
record Change(
    ResourceType type, @Nullable StoredObject before, StoredObject object, boolean deleted) {
  Change(ResourceType type, @Nullable StoredObject before, StoredObject object, boolean deleted) {
    this.type = type;
    this.before = before;
    this.object = object;
    this.deleted = deleted;
  }

  long version() {
    return object.version();
  }
}
