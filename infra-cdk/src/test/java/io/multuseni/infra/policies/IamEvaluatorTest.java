// SPDX-License-Identifier: Apache-2.0
package io.multuseni.infra.policies;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class IamEvaluatorTest {
  private static final IamCall.Resource TAGGED =
      new IamCall.Resource("arn:aws:ec2:r:1:thing/a", Map.of("k", "v"));
  private static final IamCall.Resource UNTAGGED =
      new IamCall.Resource("arn:aws:ec2:r:1:thing/b", Map.of());

  private static boolean allows(Statement statement, IamCall call) {
    return IamEvaluator.ofPolicies(List.of(List.of(statement))).allows(call);
  }

  private static Statement anything() {
    return Statement.allow("A", List.of("ec2:*"), List.of("*"));
  }

  @ParameterizedTest(name = "{0} of k=v: tagged {1}, untagged {2}")
  @CsvSource({
    "StringEquals, true, false",
    "StringNotEquals, false, true",
    "StringEqualsIfExists, true, true",
    "StringLike, true, false",
    "ForAllValues:StringEquals, true, true",
    "ForAnyValue:StringEquals, true, false"
  })
  void takesAMissingKeyAsEachOperatorDoes(String operator, boolean tagged, boolean untagged) {
    Statement statement = anything().when(operator, "aws:ResourceTag/k", List.of("v"));

    assertThat(allows(statement, IamCall.of("ec2:Do", TAGGED))).isEqualTo(tagged);
    assertThat(allows(statement, IamCall.of("ec2:Do", UNTAGGED))).isEqualTo(untagged);
  }

  @Test
  void nullAsksWhetherAKeyIsMissing() {
    Statement present = anything().when("Null", "aws:TagKeys", List.of("false"));

    assertThat(allows(present, IamCall.of("ec2:Do", TAGGED))).isFalse();
    assertThat(allows(present, IamCall.of("ec2:Do", TAGGED).tagging("a", "b"))).isTrue();
  }

  @Test
  void everyResourceMustBeAllowed() {
    Statement one = Statement.allow("A", List.of("ec2:Do"), List.of("arn:aws:ec2:r:1:thing/a"));

    assertThat(allows(one, IamCall.of("ec2:Do", TAGGED))).isTrue();
    assertThat(allows(one, IamCall.of("ec2:Do", TAGGED, UNTAGGED))).isFalse();
    assertThat(allows(one, IamCall.of("ec2:Other", TAGGED))).isFalse();
    assertThat(allows(one, new IamCall("ec2:Do", List.of(), Map.of(), Map.of())))
        .as("a call on nothing proves nothing")
        .isFalse();
  }

  @Test
  void aDenyOutdoesEveryAllow() {
    IamEvaluator role =
        IamEvaluator.ofPolicies(
            List.of(List.of(anything(), Statement.deny("B", List.of("ec2:Do"), List.of("*")))));

    assertThat(role.allows(IamCall.of("ec2:Do", TAGGED))).isFalse();
    assertThat(role.allows(IamCall.of("ec2:Other", TAGGED))).isTrue();
  }

  @Test
  void aWildcardStaysWithinItsPartOfAnArn() {
    Statement statement =
        Statement.allow("A", List.of("ec2:Do"), List.of("arn:aws:ec2:*:1:thing/*"));

    assertThat(allows(statement, IamCall.of("ec2:Do", TAGGED))).isTrue();
    assertThat(
            allows(
                statement,
                IamCall.of("ec2:Do", new IamCall.Resource("arn:aws:ec2:r:2:thing/a", Map.of()))))
        .isFalse();
  }

  @Test
  void refusesAnOperatorThatItDoesNotKnow() {
    Statement statement = anything().when("IpAddress", "aws:SourceIp", List.of("10.0.0.0/8"));

    assertThatThrownBy(
            () -> allows(statement, IamCall.of("ec2:Do", TAGGED).with("aws:SourceIp", "10.0.0.1")))
        .hasMessageContaining("IpAddress");
  }
}
