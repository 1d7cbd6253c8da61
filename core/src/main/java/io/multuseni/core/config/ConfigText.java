// SPDX-License-Identifier: Apache-2.0
package io.multuseni.core.config;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.Base64;
import java.util.List;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/**
 * A configuration's JSON as the text of an SSM parameter: as it is, or packed where it is too long
 * for one.
 */
public final class ConfigText {
  /** Most bytes of an advanced parameter (Systems Manager user guide, "Parameter tiers"). */
  public static final int MAX_BYTES = 8_192;

  /** Most bytes of a configuration, so that a few packed bytes can't fill the memory. */
  public static final int MAX_UNPACKED_BYTES = 1024 * 1024;

  private static final String PACKED = "gzip:";

  private ConfigText() {}

  /**
   * Packs where needed. The same JSON gives the same text, on one JDK.
   *
   * @param json the configuration's JSON
   * @return at most {@link #MAX_BYTES} bytes of UTF-8
   * @throws ConfigException it is too long even when packed
   */
  public static String encode(String json) throws ConfigException {
    byte[] bytes = json.getBytes(UTF_8);
    if (bytes.length <= MAX_BYTES) {
      return json;
    }
    String packed = PACKED + Base64.getEncoder().encodeToString(gzip(bytes));
    if (packed.length() > MAX_BYTES || bytes.length > MAX_UNPACKED_BYTES) {
      throw problem(
          "%d bytes, %d when packed; an SSM parameter holds %d"
              .formatted(bytes.length, packed.length(), MAX_BYTES),
          "use fewer node groups or networks, or fewer tags on them");
    }
    return packed;
  }

  /**
   * The JSON in the text of a parameter.
   *
   * @param text what {@link #encode} gave
   * @throws ConfigException it can't be unpacked
   */
  public static String decode(String text) throws ConfigException {
    if (!text.startsWith(PACKED)) {
      return text;
    }
    try (InputStream packed =
        new GZIPInputStream(
            new ByteArrayInputStream(
                Base64.getDecoder().decode(text.substring(PACKED.length()).getBytes(US_ASCII))))) {
      byte[] bytes = packed.readNBytes(MAX_UNPACKED_BYTES + 1);
      if (bytes.length > MAX_UNPACKED_BYTES) {
        throw problem(
            "more than " + MAX_UNPACKED_BYTES + " bytes when unpacked", "deploy the stack again");
      }
      return UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      throw problem("no UTF-8 when unpacked", "deploy the stack again");
    } catch (IllegalArgumentException | IOException e) {
      throw problem(
          "can't be unpacked as gzip in base64: " + e.getMessage(), "deploy the stack again");
    }
  }

  private static byte[] gzip(byte[] bytes) {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    // Its header has neither a time nor an operating system.
    try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
      gzip.write(bytes);
    } catch (IOException e) {
      throw new UncheckedIOException("memory takes every byte", e);
    }
    return packed.toByteArray();
  }

  private static ConfigException problem(String problem, String remedy) {
    return new ConfigException(List.of(new ConfigProblem("(whole text)", problem, remedy)));
  }
}
