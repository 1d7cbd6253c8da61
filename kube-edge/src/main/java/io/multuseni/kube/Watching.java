// SPDX-License-Identifier: Apache-2.0
package io.multuseni.kube;

/** Watches that go on until they are closed. */
public interface Watching extends AutoCloseable {
  /** Ends all of them; no change is told any more once it has returned. */
  @Override
  void close();
}
