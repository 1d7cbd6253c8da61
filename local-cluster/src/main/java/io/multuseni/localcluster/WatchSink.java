// SPDX-License-Identifier: Apache-2.0
package io.multuseni.localcluster;

/** The way to the caller of a watch. Its methods return at once and keep their order. */
interface WatchSink {
  /** Sends one event, a JSON text in UTF-8. */
  void send(byte[] event);

  /** Ends the watch in order. */
  void end();

  /** Closes the connection without a word. */
  void cut();
}
