// SPDX-License-Identifier: Apache-2.0
package io.multuseni.localcloud.ec2;

import java.util.SortedMap;
import java.util.TreeMap;

/** What all resources have: an id, a serial number for paging, and tags. */
abstract class Resource {
  final String id;
  final long serial;
  final SortedMap<String, String> tags = new TreeMap<>();

  Resource(String id, long serial) {
    this.id = id;
    this.serial = serial;
  }

  long serial() {
    return serial;
  }
}
