// SPDX-License-Identifier: Apache-2.0
package io.multuseni.cli;

import java.util.ArrayList;
import java.util.List;

/** Columns under each other. */
final class Table {
  private Table() {}

  /**
   * Lays rows out, all with as many cells as the first.
   *
   * @return one line per row, without blanks at its end
   */
  static List<String> lines(List<List<String>> rows) {
    int columns = rows.getFirst().size();
    int[] widths = new int[columns];
    for (List<String> row : rows) {
      for (int i = 0; i < columns; i++) {
        widths[i] = Math.max(widths[i], row.get(i).length());
      }
    }
    List<String> lines = new ArrayList<>();
    for (List<String> row : rows) {
      StringBuilder line = new StringBuilder();
      for (int i = 0; i < columns; i++) {
        line.append(row.get(i)).repeat(" ", widths[i] - row.get(i).length() + 2);
      }
      lines.add(line.toString().stripTrailing());
    }
    return lines;
  }
}
