// SPDX-License-Identifier: Apache-2.0
package io.multuseni.core.slot;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SlotTest {
  @Test
  void ordersByDeviceIndexFirst() {
    assertThat(new Slot(1, 1)).isLessThan(new Slot(0, 2)).isGreaterThan(new Slot(0, 1));
  }
}
