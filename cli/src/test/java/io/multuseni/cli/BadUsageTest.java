// SPDX-License-Identifier: Apache-2.0
package io.multuseni.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What can't be done ends with code 2 and one clear message, before anything starts. */
class BadUsageTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'' | a command is missing: demo, replay or reconcile",
        "frob | Unmatched argument at index 0: 'frob'",
        "demo --nodes 0 | --nodes must be 1 to 1000, not 0",
        "demo --nodes 1001 | --nodes must be 1 to 1000, not 1001",
        "demo --nodes many | Invalid value for option '--nodes': 'many' is not an int",
        "demo --networks 0 | --networks must be 1 to 23",
        "demo --networks 24 | --networks must be 1 to 23",
        "demo --instance-type m5.huge | of that family there are m5.12xlarge",
        "demo --instance-type banana | there are types of the families c5, c5n",
        "demo --latency fast | 'fast' is not a duration",
        "demo extra | Unmatched argument at index 1: 'extra'",
        "replay | Missing required",
        "replay e.json | Missing required option: '--config=FILE'",
        "replay e.json --config c.yaml --timeout 5s | --timeout must be 11 s or more, not 5 s",
        "reconcile | Missing required option: '--config=FILE'",
        "reconcile --config c.yaml --timeout 14s | --timeout must be 15 s or more, not 14 s",
        "reconcile --config c.yaml now | Unmatched argument at index 3: 'now'",
        "reconcile --config c.yaml --kubeconfig | Missing required parameter for option '--kubeconfig' (F)",
      })
  void isToldInOneMessage(String arguments, String message) {
    Ran ran = Ran.of(arguments.isEmpty() ? new String[0] : arguments.split(" "));

    assertThat(ran.code()).isEqualTo(2);
    assertThat(ran.err()).startsWith("multus-eni: ").contains(message).doesNotContain("\tat ");
    assertThat(ran.out()).isEmpty();
  }

  @Test
  void helpAndVersionAreThereForEveryCommand() {
    for (String command : List.of("--help", "demo --help", "replay --help", "reconcile --help")) {
      Ran ran = Ran.of(command.split(" "));
      assertThat(ran.code()).isZero();
      assertThat(ran.out()).startsWith("Usage: multus-eni");
      assertThat(ran.err()).isEmpty();
    }
    assertThat(Ran.of("--version").out()).startsWith("multus-eni ");
    assertThat(Ran.of("--help").out()).contains("demo", "replay", "reconcile", "Exit codes:");
  }
}
