// SPDX-License-Identifier: Apache-2.0
package io.multuseni.cli;

import java.io.PrintWriter;
import java.io.StringWriter;

/**
 * A command line that was run in this process.
 *
 * @param code its exit code
 * @param out its standard output
 * @param err its standard error
 */
record Ran(int code, String out, String err) {
  static Ran of(String... args) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int code = Main.run(terminal(out, err), args);
    return new Ran(code, out.toString(), err.toString());
  }

  static Terminal terminal(StringWriter out, StringWriter err) {
    return new Terminal(
        new PrintWriter(out, true), new PrintWriter(err, true), Terminal.Looks.PLAIN);
  }
}
