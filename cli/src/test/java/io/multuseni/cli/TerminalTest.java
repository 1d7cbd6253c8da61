// SPDX-License-Identifier: Apache-2.0
package io.multuseni.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.multuseni.cli.Terminal.Looks;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class TerminalTest {
  @Test
  void coloursNeedATerminalThatWasNotAskedToDoWithout() {
    assertThat(Looks.of("out,err", null, "xterm")).isEqualTo(new Looks(true, true));
    assertThat(Looks.of("out,err", "", "xterm")).isEqualTo(new Looks(true, true));
    assertThat(Looks.of("out,err", "1", "xterm")).isEqualTo(new Looks(false, true));
    assertThat(Looks.of(",err", null, "xterm")).isEqualTo(new Looks(false, true));
    assertThat(Looks.of("out", null, null)).isEqualTo(new Looks(true, false));
    assertThat(Looks.of("out,err", null, "dumb")).isEqualTo(Looks.PLAIN);
    assertThat(Looks.of("", null, "xterm")).isEqualTo(Looks.PLAIN);
  }

  @Test
  void progressIsALineNowAndThenWhereNobodyWatches() {
    StringWriter err = new StringWriter();
    Instant began = Instant.EPOCH;
    Progress progress = new Progress(Ran.terminal(new StringWriter(), err), began);
    for (int second = 1; second <= 25; second++) {
      progress.at(began.plusSeconds(second), "at work");
    }
    progress.done();

    assertThat(err.toString().lines())
        .containsExactly("at work, after 10 s", "at work, after 20 s");
  }

  @Test
  void progressOverwritesItselfOnATerminalAndGoesAway() {
    StringWriter err = new StringWriter();
    Terminal terminal =
        new Terminal(
            new PrintWriter(new StringWriter()), new PrintWriter(err), new Looks(true, true));
    Progress progress = new Progress(terminal, Instant.EPOCH);
    progress.at(Instant.EPOCH.plusSeconds(1), "long text");
    progress.at(Instant.EPOCH.plusSeconds(2), "text");
    progress.done();

    assertThat(err.toString())
        .isEqualTo("\rlong text (1 s)\rtext (2 s)     \r" + " ".repeat(10) + "\r");
  }
}
