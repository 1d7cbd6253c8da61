// SPDX-License-Identifier: Apache-2.0
package io.multuseni.core.slot;

import static org.assertj.core.api.Assertions.assertThat;

import io.multuseni.core.config.NodeGroup.NodeOs;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SlotPredictorTest {
  @ParameterizedTest
  @CsvSource({
    "m5.4xlarge,    AL2023, 0, 0000:00:05.0, ens5",
    "m5.4xlarge,    AL2023, 1, 0000:00:06.0, ens6",
    "m5.4xlarge,    AL2,    1, 0000:00:06.0, eth1",
    "m5.4xlarge,    AL2,    2, 0000:00:07.0, eth2",
    "c5n.18xlarge,  AL2023, 14, 0000:00:13.0, ens19",
    "c6in.32xlarge, AL2023, 1, 0000:00:06.0, ens6",
    "r5.large,      AL2023, 2, 0000:00:07.0, ens7",
    "c6g.4xlarge,   AL2023, 5, 0000:00:0a.0, ens10",
    "i3en.xlarge,   AL2023, 1, 0000:00:06.0, ens6",
    "z1d.xlarge,    AL2,    3, 0000:00:08.0, eth3",
    "t3.medium,     AL2023, 26, 0000:00:1f.0, ens31",
  })
  void onNitroUpToTheSixthGenerationIndexZeroIsDeviceFive(
      String type, NodeOs os, int index, String pciBusId, String name) {
    assertThat(SlotPredictor.predict(type, os, Optional.empty(), new Slot(0, index)))
        .contains(prediction(pciBusId, name));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "m7i.4xlarge",
        "c7g.large",
        "m8g.large",
        "c8i.48xlarge",
        "p5.48xlarge",
        "m5.metal",
        "c6in.metal",
        "m6i.metal",
        "m4.large",
        "c6in",
        "",
        ".",
        "m5x.large"
      })
  void whereNothingIsKnownNothingIsPredicted(String type) {
    assertThat(SlotPredictor.predict(type, NodeOs.AL2023, Optional.empty(), new Slot(0, 1)))
        .isEmpty();
  }

  @Test
  void predictsForEachFamilyItTellsOf() {
    assertThat(SlotPredictor.families())
        .contains("m5", "c6in", "z1d")
        .doesNotContain("m7i", "m4")
        .allSatisfy(family ->
            assertThat(predict(family + ".xlarge", Optional.empty(), new Slot(0, 1))).isPresent());
  }

  @Test
  void anotherNetworkCardHasNoPredictionEvenWithABase() {
    assertThat(predict("c6in.32xlarge", Optional.empty(), new Slot(1, 1))).isEmpty();
    assertThat(predict("c6in.32xlarge", base("0000:00:05.0"), new Slot(1, 1))).isEmpty();
  }

  @Test
  void theBusEndsAtDevice1f() {
    assertThat(predict("m5.24xlarge", Optional.empty(), new Slot(0, 27))).isEmpty();
    assertThat(predict("m5.24xlarge", Optional.empty(), new Slot(0, Integer.MAX_VALUE))).isEmpty();
  }

  @Test
  void aConfiguredBaseGoesBeforeTheTable() {
    assertThat(predict("m5.large", base("0000:00:08.0"), new Slot(0, 1)))
        .contains(prediction("0000:00:09.0", "ens9"));
    assertThat(predict("m9x.metal", base("0000:00:1e.0"), new Slot(0, 1)))
        .contains(prediction("0000:00:1f.0", "ens31"));
  }

  @Test
  void aBaseOnAnotherBusNamesDeviceIndexZeroOnly() {
    // Each further interface has a bus of its own there (enp39s0, enp40s0), and which is unknown.
    assertThat(predict("m7i.large", base("0000:27:00.0"), new Slot(0, 0)))
        .contains(new Prediction(new PciBusId("0000:27:00.0"), Optional.empty()));
    assertThat(predict("m7i.large", base("0000:27:00.0"), new Slot(0, 1))).isEmpty();
  }

  private static Optional<Prediction> predict(String type, Optional<PciBusId> base, Slot slot) {
    return SlotPredictor.predict(type, NodeOs.AL2023, base, slot);
  }

  private static Optional<PciBusId> base(String value) {
    return Optional.of(new PciBusId(value));
  }

  private static Prediction prediction(String pciBusId, String name) {
    return new Prediction(new PciBusId(pciBusId), Optional.of(new InterfaceName(name)));
  }
}
