// SPDX-License-Identifier: Apache-2.0
package io.multuseni.kube;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Lists from which only the wanted parts are built. */
class WantedTest {
  private static final Wanted WANTED =
      new Wanted().and("metadata", "name").and("spec", "allocations").and("a/b", "c.d");

  private static List<ObjectNode> objects(String items) throws IOException {
    List<ObjectNode> found = new ArrayList<>();
    ListPage.read(
        ("{\"items\":" + items + ",\"metadata\":{\"resourceVersion\":\"7\"}}")
            .getBytes(StandardCharsets.UTF_8),
        WANTED,
        found::add);
    return found;
  }

  @Test
  void keepsWhatIsWantedAndNothingElse() throws IOException {
    assertThat(
            objects(
                "[{\"kind\":\"X\",\"metadata\":{\"managedFields\":[{\"a\":{\"name\":\"no\"}}],"
                    + "\"name\":\"yes\",\"labels\":{\"name\":\"no\"}},"
                    + "\"spec\":{\"allocations\":{\"1\":{\"x\":[1,{}]}},\"range\":\"no\"},"
                    + "\"a/b\":{\"c.d\":null,\"c\":{\"d\":1}},\"name\":\"no\"}]"))
        .extracting(ObjectNode::toString)
        .containsExactly(
            "{\"metadata\":{\"name\":\"yes\"},"
                + "\"spec\":{\"allocations\":{\"1\":{\"x\":[1,{}]}}},\"a/b\":{\"c.d\":null}}");
  }

  @ParameterizedTest
  @ValueSource(strings = {"7", "null", "\"text\"", "[{\"name\":\"no\"}]", "true"})
  void leavesOutAPartThatIsNoObject(String metadata) throws IOException {
    assertThat(objects("[{\"metadata\":" + metadata + ",\"spec\":{}},{\"metadata\":{\"name\":1}}]"))
        .extracting(ObjectNode::toString)
        .containsExactly("{\"spec\":{}}", "{\"metadata\":{\"name\":1}}");
  }

  @Test
  void passesOverWhatStandsInAListAndIsNoObject() throws IOException {
    assertThat(objects("[1,null,[{\"metadata\":{}}],\"x\",{\"spec\":{}}]")).hasSize(1);
  }

  @Test
  void findsTheHeadBehindTheObjects() throws IOException {
    ListPage page =
        ListPage.read(
            "{\"items\":[],\"metadata\":{\"continue\":\"abc\",\"resourceVersion\":\"7\"}}"
                .getBytes(StandardCharsets.UTF_8),
            WANTED,
            object -> {});

    assertThat(page.resourceVersion()).isEqualTo("7");
    assertThat(page.next()).contains("abc");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "[]",
        "<html/>",
        "{}",
        "{\"items\":[]}",
        "{\"metadata\":{}}",
        "{\"metadata\":{},\"items\":{}}",
        "{\"metadata\":{},\"items\":[",
        "{\"metadata\":{},\"items\":[{\"metadata\":{\"name\":\"a\"",
        "{\"metadata\":{},\"items\":[{}]"
      })
  void refusesWhatIsNoWholeList(String body) {
    assertThatThrownBy(
            () -> ListPage.read(body.getBytes(StandardCharsets.UTF_8), WANTED, object -> {}))
        .isInstanceOf(IOException.class);
  }
}
