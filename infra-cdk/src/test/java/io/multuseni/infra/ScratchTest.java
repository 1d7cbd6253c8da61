// SPDX-License-Identifier: Apache-2.0
package io.multuseni.infra;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.File;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class ScratchTest {
  @Test
  void writes() throws IOException {
    var stacks =
        Synth.stacks(
            """
            cluster: {name: core5g}
            deployment: {terminateHook: true, tracing: true}
            nodeGroups:
              - name: upf
                autoScalingGroups: [upf-a, upf-b]
                networks:
                  - {name: n3, subnets: [subnet-0a30000000000000a], securityGroups: [sg-0a300000000000000]}
              - name: cp
                eksManagedNodegroup: cp
                networks:
                  - {name: n2, subnets: [subnet-0a20000000000000a], securityGroups: [sg-0a300000000000000]}
            """);
    new ObjectMapper()
        .writerWithDefaultPrettyPrinter()
        .writeValue(new File("target/attach.json"), Synth.template(stacks.attach()).toJSON());
  }
}
