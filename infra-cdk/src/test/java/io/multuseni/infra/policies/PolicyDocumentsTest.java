// SPDX-License-Identifier: Apache-2.0
package io.multuseni.infra.policies;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PolicyDocumentsTest {
  private static List<Statement> attach(int nodeGroups) {
    return AttachPolicy.statements(Configs.large(nodeGroups), Configs.SCOPE, Configs.names());
  }

  private static List<List<String>> grants(List<Statement> statements) {
    return statements.stream()
        .flatMap(statement ->
            statement.resources().stream()
                .flatMap(resource ->
                    statement.actions().stream().map(action -> List.of(action, resource))))
        .distinct()
        .toList();
  }

  @Test
  void keepsASmallClustersPolicyInTheRole() {
    List<Statement> statements = attach(2);

    assertThat(PolicyDocuments.of(statements))
        .isEqualTo(new PolicyDocuments(statements, List.of(), Optional.empty()));
  }

  @ParameterizedTest
  @ValueSource(ints = {10, 20, 60})
  void dividesALargeClustersPolicyWithinTheLimits(int nodeGroups) {
    List<Statement> statements = attach(nodeGroups);

    PolicyDocuments documents = PolicyDocuments.of(statements);

    assertThat(documents.problem()).isEmpty();
    assertThat(PolicyDocuments.document(documents.inline()).length())
        .isLessThanOrEqualTo(PolicyDocuments.INLINE_MAX);
    assertThat(documents.managed())
        .hasSizeLessThanOrEqualTo(PolicyDocuments.MANAGED_POLICIES_MAX)
        .allSatisfy(policy ->
            assertThat(PolicyDocuments.document(policy).length())
                .isLessThanOrEqualTo(PolicyDocuments.MANAGED_MAX));
    List<Statement> divided =
        Stream.concat(
                documents.inline().stream(), documents.managed().stream().flatMap(List::stream))
            .toList();
    assertThat(grants(divided)).containsExactlyInAnyOrderElementsOf(grants(statements));
    assertThat(divided).extracting(Statement::sid).doesNotHaveDuplicates();
  }

  @Test
  void cutsAConditionWithManyValuesWithoutLosingOne() {
    List<String> names =
        IntStream.range(0, 120).mapToObj("a-long-name-of-a-group-%d"::formatted).toList();
    List<Statement> statements = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      statements.add(
          Statement.allow("Nodes" + (char) ('A' + i), List.of("ec2:Action" + i), List.of("*"))
              .when("StringEquals", "aws:ResourceTag/aws:autoscaling:groupName", names));
    }

    PolicyDocuments documents = PolicyDocuments.of(statements);

    assertThat(documents.problem()).isEmpty();
    assertThat(documents.managed()).isNotEmpty();
    assertThat(
            Stream.concat(
                    documents.inline().stream(), documents.managed().stream().flatMap(List::stream))
                .filter(statement -> statement.actions().contains("ec2:Action3"))
                .flatMap(statement -> statement.conditions().values().stream())
                .flatMap(keys -> keys.values().stream())
                .flatMap(List::stream))
        .containsExactlyInAnyOrderElementsOf(names);
  }

  @Test
  void saysWhatToDoWhereARoleCanNotHoldIt() {
    assertThat(PolicyDocuments.of(attach(120)).problem())
        .hasValueSatisfying(problem ->
            assertThat(problem).contains("10240").contains("6144").contains("name fewer subnets"));
  }

  @Test
  void countsATokenAsTheLongestThatItMayBecome() {
    Statement plain = Statement.allow("A", List.of("ec2:A"), List.of("ap-southeast-1"));
    Statement token = Statement.allow("A", List.of("ec2:A"), List.of("${Token[AWS.Region.4]}"));
    Statement name = Statement.allow("A", List.of("ec2:A"), List.of("${Token[TOKEN.104]}"));

    assertThat(PolicyDocuments.size(List.of(token)))
        .isEqualTo(PolicyDocuments.size(List.of(plain)));
    assertThat(PolicyDocuments.size(List.of(name)))
        .isEqualTo(PolicyDocuments.size(List.of(plain)) - "ap-southeast-1".length() + 104);
  }
}
