// SPDX-License-Identifier: Apache-2.0
package io.multuseni.infra;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/** What the reconcile function may do in the cluster, as {@code kubectl apply} takes it. */
public final class RbacManifest {
  /** Its name in the output folder. */
  public static final String FILE = "rbac.yaml";

  private RbacManifest() {}

  /** The manifest: {@code lambda-ip-reconcile/rbac.yaml}, which the build puts into the jar. */
  public static String text() {
    try (InputStream in = RbacManifest.class.getResourceAsStream(FILE)) {
      if (in == null) {
        throw new IllegalStateException("the build has left out " + FILE);
      }
      return new String(in.readAllBytes(), UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
