// SPDX-License-Identifier: Apache-2.0
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Map;

/** One JSON line by Jackson. */
public class PlainJson {
  record Report(String outcome, int interfaces) {}

  public static void main(String[] args) throws Exception {
    System.out.println(
        new ObjectMapper()
            .writeValueAsString(Map.of("message", "done", "report", new Report("CONTINUE", 2))));
  }
}
