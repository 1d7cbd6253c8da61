// SPDX-License-Identifier: Apache-2.0
package io.multuseni.localcluster;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * One open watch. Belongs to the store's lock.
 *
 * @param type what it watches
 * @param selection which objects of it
 * @param bookmarks whether it takes bookmarks
 * @param sink the way to its caller
 */
record Watch(ResourceType type, Selection selection, boolean bookmarks, WatchSink sink) {

  /** Sends a change if it is one for this watch. */
  void offer(Change change) {
    if (!change.type().equals(type)) {
      return;
    }
    StoredObject before = change.before();
    boolean was = before != null && selection.matches(before);
    boolean is = !change.deleted() && selection.matches(change.object());
    String action = action(was, is);
    if (action != null) {
      sink.send(event(action, change.object().json()));
    }
  }

  /** Tells of an object that was there before the watch. */
  void initial(StoredObject object) {
    if (selection.matches(object)) {
      sink.send(event("ADDED", object.json()));
    }
  }

  /** Tells how far the caller's knowledge goes. */
  void bookmark(long version) {
    if (bookmarks) {
      ObjectNode object = Json.object();
      object.put("kind", type.kind());
      object.put("apiVersion", type.apiVersion());
      object.putObject("metadata").put("resourceVersion", Long.toString(version));
      sink.send(event("BOOKMARK", Json.bytes(object)));
    }
  }

  /** Tells of an error, then ends the watch. */
  void fail(ApiException error) {
    sink.send(event("ERROR", Json.bytes(error.status())));
    sink.end();
  }

  /** For an object in or out of a selection a change may mean that it came or went. */
  private static @Nullable String action(boolean was, boolean is) {
    if (is) {
      return was ? "MODIFIED" : "ADDED";
    }
    return was ? "DELETED" : null;
  }

  private static byte[] event(String action, byte[] object) {
    byte[] head = ("{\"type\":\"" + action + "\",\"object\":").getBytes(StandardCharsets.UTF_8);
    byte[] event = new byte[head.length + object.length + 1];
    System.arraycopy(head, 0, event, 0, head.length);
    System.arraycopy(object, 0, event, head.length, object.length);
    event[event.length - 1] = '}';
    return event;
  }
}
