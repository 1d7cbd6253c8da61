// SPDX-License-Identifier: Apache-2.0
package io.multuseni.infra;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class OutputFolderTest {
  @TempDir Path temp;

  @Test
  void makesItsFoldersAndReplacesOlderFiles() throws BadInput, IOException {
    OutputFolder folder = new OutputFolder(temp.resolve("multus-eni").resolve("core5g"));

    folder.write("nodes/upf.sh", "an older and longer text");
    Path file = folder.write("nodes/upf.sh", "#!/bin/sh\n");

    assertThat(file).isEqualTo(temp.resolve("multus-eni/core5g/nodes/upf.sh"));
    assertThat(file).content().isEqualTo("#!/bin/sh\n");
  }

  @Test
  void saysWhereItCouldNotWrite() throws IOException {
    Path file = Files.createFile(temp.resolve("a-file"));
    OutputFolder folder = new OutputFolder(file);

    assertThatThrownBy(() -> folder.write("rbac.yaml", ""))
        .isInstanceOf(BadInput.class)
        .hasMessageStartingWith("can't write " + file.resolve("rbac.yaml"))
        .hasMessageEndingWith("name a folder that can be written with --output <folder>");
  }
}
