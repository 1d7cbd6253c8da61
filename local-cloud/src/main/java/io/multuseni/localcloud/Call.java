// SPDX-License-Identifier: Apache-2.0
package io.multuseni.localcloud;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * One request that reached the cloud.
 *
 * @param service {@code ec2}, {@code autoscaling} or {@code ssm}
 * @param action its action, modelled or not
 * @param params its parameters as sent, Action and Version included; a request in JSON as if it had
 *     been sent in the Query protocol
 * @param httpStatus the status it was answered with; 0 if its connection was closed without an
 *     answer
 * @param errorCode the code of the error it was answered with, if any
 * @param at when it took effect or was refused, on the cloud's clock
 */
public record Call(
    String service,
    String action,
    Map<String, String> params,
    int httpStatus,
    Optional<String> errorCode,
    Instant at) {}
