// SPDX-License-Identifier: Apache-2.0
package io.multuseni.core.attach;

import io.multuseni.core.slot.Slot;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * The client token of a CreateNetworkInterface. It depends on where the interface belongs and not
 * on who asks, so that a repeated event, a concurrent one and the sweep all make one interface
 * between them. It never depends on the lifecycle action, whose token the sweep can't know and of
 * which an instance of a warm pool has two.
 */
public final class ClientToken {
  private ClientToken() {}

  /**
   * The token: 64 ASCII characters, which is EC2's limit.
   *
   * @param cluster the cluster's name
   * @param instanceId the instance
   * @param slot the slot
   * @param generation 0 at first; one more when the interface behind the last token is gone, since
   *     EC2 goes on answering a used token with the interface that was
   */
  public static String of(String cluster, String instanceId, Slot slot, int generation) {
    // No part can contain a line break, so that two different lists can't read the same.
    String identity =
        String.join(
            "\n",
            cluster,
            instanceId,
            Integer.toString(slot.networkCardIndex()),
            Integer.toString(slot.deviceIndex()),
            Integer.toString(generation));
    try {
      MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
      return HexFormat.of().formatHex(sha256.digest(identity.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
