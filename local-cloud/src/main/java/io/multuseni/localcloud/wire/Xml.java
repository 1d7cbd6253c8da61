// SPDX-License-Identifier: Apache-2.0
package io.multuseni.localcloud.wire;

import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/** Writes the XML of an answer: elements in the order of the calls, texts escaped. */
public final class Xml {
  private final StringBuilder out = new StringBuilder(1024);

  /** An empty document part. */
  public Xml() {}

  /** Writes an element that holds what {@code content} writes. */
  public Xml element(String name, Consumer<Xml> content) {
    out.append('<').append(name).append('>');
    content.accept(this);
    out.append("</").append(name).append('>');
    return this;
  }

  /** Writes the root element of an answer with its namespace. */
  public Xml root(String name, String namespace, Consumer<Xml> content) {
    out.append("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<");
    out.append(name).append(" xmlns=\"").append(namespace).append("\">");
    content.accept(this);
    out.append("</").append(name).append('>');
    return this;
  }

  /** Writes an element with a text: strings, numbers, truth values. */
  public Xml text(String name, Object value) {
    out.append('<').append(name).append('>');
    escape(value.toString());
    out.append("</").append(name).append('>');
    return this;
  }

  /** Writes an element with a text if there is one, nothing otherwise. */
  public Xml text(String name, Optional<?> value) {
    value.ifPresent(v -> text(name, v));
    return this;
  }

  /** Writes a list: an element {@code name} with one element {@code itemName} per item. */
  public <T> Xml list(
      String name, String itemName, Collection<T> items, BiConsumer<Xml, T> content) {
    return element(
        name,
        list -> {
          for (T item : items) {
            list.element(itemName, x -> content.accept(x, item));
          }
        });
  }

  /** Writes a list the way EC2 does, each entry in an {@code <item>} element. */
  public <T> Xml items(String name, Collection<T> items, BiConsumer<Xml, T> content) {
    return list(name, "item", items, content);
  }

  /** Writes tags as EC2 does: {@code tagSet/item/{key,value}}. */
  public Xml tagSet(Map<String, String> tags) {
    return items(
        "tagSet",
        tags.entrySet(),
        (x, tag) -> x.text("key", tag.getKey()).text("value", tag.getValue()));
  }

  /** Writes a text without an element around it. */
  public Xml raw(Object value) {
    escape(value.toString());
    return this;
  }

  /** Takes over the elements that {@code part} has written. */
  public Xml append(Xml part) {
    out.append(part.out);
    return this;
  }

  @Override
  public String toString() {
    return out.toString();
  }

  private void escape(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '&' -> out.append("&amp;");
        case '<' -> out.append("&lt;");
        case '>' -> out.append("&gt;");
        case '"' -> out.append("&quot;");
        default -> out.append(c);
      }
    }
  }
}
