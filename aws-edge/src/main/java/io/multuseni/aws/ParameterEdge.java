// SPDX-License-Identifier: Apache-2.0
package io.multuseni.aws;

import io.multuseni.core.error.CallFailure;
import io.multuseni.core.error.ErrorMeaning;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import software.amazon.awssdk.services.ssm.SsmClient;
import software.amazon.awssdk.services.ssm.model.GetParametersResponse;

/** The one call to Systems Manager: parameters are read, never written. */
public final class ParameterEdge {
  private static final String ACTION = "GetParameters";

  private final SsmClient ssm;
  private final CallScope scope;

  ParameterEdge(SsmClient ssm, CallScope scope) {
    this.ssm = ssm;
    this.scope = scope;
  }

  /**
   * Reads parameters, all of them with one call.
   *
   * @param names 1 to 10 names
   * @return name to value, of each that was asked for
   * @throws CallFailure one of them isn't there, or whatever else goes wrong
   */
  public SortedMap<String, String> read(List<String> names) {
    String resource = String.join(", ", names);
    GetParametersResponse answer;
    try {
      answer =
          scope.call(
              ACTION,
              resource,
              settings ->
                  ssm.getParameters(
                      request -> request.overrideConfiguration(settings).names(names)));
    } catch (CallFailure failure) {
      throw switch (failure.meaning()) {
        case DENIED -> with(failure, "allow the function's role ssm:GetParameters on them");
        case UNKNOWN_EFFECT ->
            with(failure, "in a VPC: is there a route or an interface endpoint for ssm?");
        default -> failure;
      };
    }
    if (answer.hasInvalidParameters() && !answer.invalidParameters().isEmpty()) {
      throw new CallFailure(
          ErrorMeaning.MISSING_DEPENDENCY,
          ACTION,
          String.join(", ", answer.invalidParameters()),
          "InvalidParameters",
          "there is no such parameter; deploy the stack again",
          null);
    }
    SortedMap<String, String> values = new TreeMap<>();
    answer.parameters().forEach(one -> values.put(one.name(), one.value()));
    return values;
  }

  private static CallFailure with(CallFailure failure, String remedy) {
    return new CallFailure(
        failure.meaning(),
        failure.action(),
        failure.resource(),
        failure.code(),
        failure.answer() + "; " + remedy,
        failure);
  }
}
