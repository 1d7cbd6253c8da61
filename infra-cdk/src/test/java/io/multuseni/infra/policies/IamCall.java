// SPDX-License-Identifier: Apache-2.0
package io.multuseni.infra.policies;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A call as IAM sees it.
 *
 * @param action such as {@code ec2:AttachNetworkInterface}
 * @param resources every resource that it concerns; each must be allowed
 * @param requestTags tags in the request
 * @param keys further condition keys with their values
 */
record IamCall(
    String action,
    List<Resource> resources,
    Map<String, String> requestTags,
    Map<String, String> keys) {
  /**
   * A resource.
   *
   * @param arn its ARN, or {@code *}
   * @param tags its tags
   */
  record Resource(String arn, Map<String, String> tags) {
    Resource {
      tags = Map.copyOf(tags);
    }
  }

  IamCall {
    resources = List.copyOf(resources);
    requestTags = Map.copyOf(requestTags);
    keys = Map.copyOf(keys);
  }

  static IamCall of(String action, Resource... resources) {
    return new IamCall(action, List.of(resources), Map.of(), Map.of());
  }

  IamCall tagging(String key, String value) {
    Map<String, String> more = new HashMap<>(requestTags);
    more.put(key, value);
    return new IamCall(action, resources, more, keys);
  }

  IamCall with(String key, String value) {
    Map<String, String> more = new HashMap<>(keys);
    more.put(key, value);
    return new IamCall(action, resources, requestTags, more);
  }
}
