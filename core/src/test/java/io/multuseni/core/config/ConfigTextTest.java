// SPDX-License-Identifier: Apache-2.0
package io.multuseni.core.config;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Base64;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;

class ConfigTextTest {
  @Test
  void leavesAShortTextAsItIs() throws ConfigException {
    String json = "{\"cluster\": {\"name\": \"core5g\"}, \"tags\": {\"ä\": \"ö\"}}";

    assertThat(ConfigText.encode(json)).isEqualTo(json);
    assertThat(ConfigText.decode(json)).isEqualTo(json);
  }

  @Test
  void countsBytesAndNotCharacters() throws ConfigException {
    String fits = "x".repeat(ConfigText.MAX_BYTES);
    String tooLong = "x".repeat(ConfigText.MAX_BYTES - 1) + "ä";

    assertThat(ConfigText.encode(fits)).isEqualTo(fits);
    assertThat(ConfigText.encode(tooLong)).startsWith("gzip:");
    assertThat(ConfigText.decode(ConfigText.encode(tooLong))).isEqualTo(tooLong);
  }

  @Test
  void packsALongTextAlwaysToTheSameBytes() throws ConfigException {
    String json = "{\"name\": \"n3\", \"subnets\": [\"subnet-0123456789abcdef0\"]}".repeat(500);

    String packed = ConfigText.encode(json);

    assertThat(packed).startsWith("gzip:").isEqualTo(ConfigText.encode(json));
    assertThat(packed.getBytes(UTF_8)).hasSizeLessThanOrEqualTo(ConfigText.MAX_BYTES);
    assertThat(ConfigText.decode(packed)).isEqualTo(json);
  }

  @Test
  void refusesWhatIsTooLongEvenWhenPacked() {
    byte[] random = new byte[20_000];
    new Random(1).nextBytes(random);
    String json = Base64.getEncoder().encodeToString(random);

    assertThatThrownBy(() -> ConfigText.encode(json))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining(json.length() + " bytes, ")
        .hasMessageContaining("an SSM parameter holds 8192")
        .hasMessageContaining("use fewer node groups");
    assertThatThrownBy(() -> ConfigText.encode("x".repeat(ConfigText.MAX_UNPACKED_BYTES + 1)))
        .as("what decode would refuse")
        .isInstanceOf(ConfigException.class);
  }

  @Test
  void unpacksNoMoreThanAMegabyte() throws IOException, ConfigException {
    String most = "x".repeat(ConfigText.MAX_UNPACKED_BYTES);

    assertThat(ConfigText.decode(packed(most))).hasSize(ConfigText.MAX_UNPACKED_BYTES);
    assertThatThrownBy(() -> ConfigText.decode(packed(most + "x")))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("more than 1048576 bytes when unpacked; deploy the stack again");
  }

  @Test
  void refusesWhatIsNoGzipInBase64() throws IOException {
    String good = packed("{\"cluster\": {\"name\": \"core5g\"}}");

    assertThatThrownBy(() -> ConfigText.decode("gzip:not base64"))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("can't be unpacked as gzip in base64");
    assertThatThrownBy(() -> ConfigText.decode("gzip:bm8gZ3ppcA=="))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("can't be unpacked");
    assertThatThrownBy(() -> ConfigText.decode("gzip:"))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("can't be unpacked");
    assertThatThrownBy(() -> ConfigText.decode(good.substring(0, good.length() - 16)))
        .as("cut off")
        .isInstanceOf(ConfigException.class);
    assertThatThrownBy(() -> ConfigText.decode(packed(new byte[] {'{', (byte) 0xff, '}'})))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("no UTF-8");
  }

  private static String packed(String text) throws IOException {
    return packed(text.getBytes(ISO_8859_1));
  }

  private static String packed(byte[] bytes) throws IOException {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
      gzip.write(bytes);
    }
    return "gzip:" + Base64.getEncoder().encodeToString(packed.toByteArray());
  }
}
