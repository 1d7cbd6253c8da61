// SPDX-License-Identifier: Apache-2.0
package io.multuseni.core.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.multuseni.core.slot.Slot;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NodeRecordsTest {
  private static InterfaceFacts attachedTo(Optional<String> instance) {
    return new InterfaceFacts(
        "eni-1",
        "subnet-1",
        "in-use",
        "02:00:00:00:00:01",
        Optional.empty(),
        List.of(),
        true,
        List.of("sg-b", "sg-a"),
        new TreeMap<>(Map.of("multus-eni/cluster", "core5g")),
        "",
        Optional.of(new Attachment("eni-attach-1", instance, new Slot(0, 2), "attached", true)));
  }

  @ParameterizedTest
  @CsvSource({
    "PENDING,       false, true",
    "RUNNING,       true,  true",
    "STOPPING,      false, true",
    "STOPPED,       true,  true",
    "SHUTTING_DOWN, false, false",
    "TERMINATED,    false, false",
  })
  void onlyARunningOrStoppedInstanceTakesInterfaces(
      NodeFacts.State state, boolean attachable, boolean live) {
    assertThat(state.isAttachable()).isEqualTo(attachable);
    assertThat(state.isLive()).isEqualTo(live);
  }

  @ParameterizedTest
  @CsvSource({
    "Pending,                    false, false, false",
    "Pending:Wait,               true,  false, false",
    "Pending:Proceed,            false, false, false",
    "InService,                  false, false, true",
    "Terminating,                false, false, false",
    "Terminating:Wait,           false, true,  false",
    "Terminating:Proceed,        false, false, false",
    "Terminated,                 false, false, false",
    "Warmed:Pending,             false, false, false",
    "Warmed:Pending:Wait,        true,  false, false",
    "Warmed:Pending:Proceed,     false, false, false",
    "Warmed:Stopped,             false, false, false",
    "Warmed:Running,             false, false, false",
    "Warmed:Hibernated,          false, false, false",
    "Warmed:Terminating:Wait,    false, true,  false",
    "Standby,                    false, false, false",
    "Detaching,                  false, false, false",
    "ReplacingRootVolume:Wait,   false, false, false",
  })
  void aMemberWaitsOnlyInTheStatesOfAHook(
      String state, boolean toLaunch, boolean toTerminate, boolean inService) {
    GroupFacts.Member member = new GroupFacts.Member("i-1", state);

    assertThat(member.waitsToLaunch()).isEqualTo(toLaunch);
    assertThat(member.waitsToTerminate()).isEqualTo(toTerminate);
    assertThat(member.isInService()).isEqualTo(inService);
  }

  @ParameterizedTest
  @CsvSource({"attached, true", "attaching, false", "detaching, false", "detached, false"})
  void anAttachmentCountsOnlyWhenItIsOver(String status, boolean attached) {
    assertThat(new Attachment("a", Optional.of("i-1"), new Slot(0, 1), status, true).isAttached())
        .isEqualTo(attached);
  }

  @Test
  void anInterfaceHasASlotOnlyOnItsOwnInstance() {
    assertThat(attachedTo(Optional.of("i-1")).slotOn("i-1")).contains(new Slot(0, 2));
    assertThat(attachedTo(Optional.of("i-1")).slotOn("i-2")).isEmpty();
    assertThat(attachedTo(Optional.empty()).slotOn("i-1")).as("attached by AWS").isEmpty();
  }

  @Test
  void aTagCountsOnlyWithItsExactValue() {
    InterfaceFacts one = attachedTo(Optional.of("i-1"));

    assertThat(one.hasTag("multus-eni/cluster", "core5g")).isTrue();
    assertThat(one.hasTag("multus-eni/cluster", "Core5g")).isFalse();
    assertThat(one.hasTag("other", "core5g")).isFalse();
  }

  @Test
  void whatWasHandedInCanChangeWithoutTheFacts() {
    List<String> members = new ArrayList<>(List.of("sg-b", "sg-a"));
    TreeMap<String, String> tags = new TreeMap<>(Map.of("a", "1"));
    InterfaceFacts one =
        new InterfaceFacts(
            "eni-1",
            "subnet-1",
            "available",
            "",
            Optional.empty(),
            List.of(),
            true,
            members,
            tags,
            "",
            Optional.empty());
    members.clear();
    tags.clear();

    assertThat(one.securityGroups()).containsExactly("sg-a", "sg-b");
    assertThat(one.tags()).containsEntry("a", "1");
    assertThatThrownBy(() -> one.tags().put("b", "2"))
        .isInstanceOf(UnsupportedOperationException.class);
  }
}
