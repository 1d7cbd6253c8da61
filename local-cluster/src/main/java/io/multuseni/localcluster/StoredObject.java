// SPDX-License-Identifier: Apache-2.0
package io.multuseni.localcluster;

/**
 * One object in one of its versions.
 *
 * @param namespace empty if its type has none
 * @param name its name
 * @param version its resourceVersion
 * @param json its text in UTF-8, never changed
 */
@SuppressWarnings("ArrayRecordComponent") // Compared by identity, and copied to the wire as it is.
record StoredObject(String namespace, String name, long version, byte[] json) {

  /** Its place in the order of a list: by namespace, then by name. */
  String key() {
    return key(namespace, name);
  }

  static String key(String namespace, String name) {
    return namespace + "/" + name;
  }
}
