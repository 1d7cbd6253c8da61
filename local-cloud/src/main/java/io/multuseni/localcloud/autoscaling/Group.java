// SPDX-License-Identifier: Apache-2.0
package io.multuseni.localcloud.autoscaling;

import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** An Auto Scaling group. */
final class Group {
  final String name;
  final long serial;
  final String arn;
  final GroupSpec spec;
  final Instant createdTime;
  final Map<String, HookSpec> hooks = new LinkedHashMap<>();
  final Map<String, Member> members = new LinkedHashMap<>();
  final Map<String, Tag> tags = new LinkedHashMap<>();
  int desiredCapacity;
  private int launches;

  Group(String name, long serial, String arn, GroupSpec spec, Instant createdTime) {
    this.name = name;
    this.serial = serial;
    this.arn = arn;
    this.spec = spec;
    this.createdTime = createdTime;
    spec.hooks().forEach(h -> hooks.put(h.name(), h));
    spec.tags().forEach((k, v) -> tags.put(k, new Tag(v, false)));
    spec.instanceTags().forEach((k, v) -> tags.put(k, new Tag(v, true)));
  }

  /** A tag's value and whether instances get it. */
  record Tag(String value, boolean propagateAtLaunch) {}

  long serial() {
    return serial;
  }

  /** The subnet of the next launch: the group goes round its zones. */
  String nextSubnet() {
    String subnet = spec.subnetIds().get(launches % spec.subnetIds().size());
    launches++;
    return subnet;
  }

  List<HookSpec> hooks(Transition transition) {
    return hooks.values().stream().filter(h -> h.transition() == transition).toList();
  }

  GroupView view() {
    Map<String, String> states = new LinkedHashMap<>();
    members.values().forEach(m -> states.put(m.instanceId, m.state));
    Map<String, String> plainTags = new LinkedHashMap<>();
    tags.forEach((k, tag) -> plainTags.put(k, tag.value()));
    return new GroupView(
        name,
        arn,
        desiredCapacity,
        Collections.unmodifiableMap(states),
        List.copyOf(hooks.values()),
        spec.warmPool(),
        Collections.unmodifiableMap(plainTags));
  }
}
