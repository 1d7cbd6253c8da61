// SPDX-License-Identifier: Apache-2.0
package io.multuseni.kube;

import java.util.ArrayList;
import java.util.List;

/** What could not be read, for people: the first ones in words, the rest as a number. */
final class Problems {
  /** As many as fit on a screen. */
  static final int MOST = 50;

  private final List<String> first = new ArrayList<>();
  private int more;

  void add(String problem) {
    if (first.size() < MOST) {
      first.add(problem);
    } else {
      more++;
    }
  }

  void addAll(Problems others) {
    others.first.forEach(this::add);
    more += others.more;
  }

  List<String> told() {
    List<String> told = new ArrayList<>(first);
    if (more > 0) {
      told.add("… and " + more + " more");
    }
    return told;
  }
}
