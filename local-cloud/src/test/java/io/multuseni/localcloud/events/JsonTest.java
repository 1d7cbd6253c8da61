// SPDX-License-Identifier: Apache-2.0
package io.multuseni.localcloud.events;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class JsonTest {
  @Test
  void writesValuesOfEveryKind() {
    assertThat(Json.write(Map.of("k", List.of("a", 1, true, Map.of()))))
        .isEqualTo("{\"k\":[\"a\",1,true,{}]}");
  }

  @Test
  void escapesWhatTextMayHold() {
    assertThat(Json.write("\"\\\n\r\t\u0001\u00fc"))
        .isEqualTo("\"\\\"\\\\\\n\\r\\t\\u0001\u00fc\"");
  }

  @Test
  void refusesWhatIsNoJson() {
    assertThatIllegalArgumentException().isThrownBy(() -> Json.write(Instant.EPOCH));
  }
}
