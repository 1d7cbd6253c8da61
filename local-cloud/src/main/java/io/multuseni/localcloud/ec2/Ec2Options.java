// SPDX-License-Identifier: Apache-2.0
package io.multuseni.localcloud.ec2;

import java.time.Duration;

/**
 * What EC2 needs to know of the cloud's settings, which document each component.
 *
 * @param region name of the Region
 * @param account number of the account
 * @param attachTime from the effect of an attach call until the attachment is {@code attached}
 * @param detachTime from the effect of a detach call until the interface is {@code available}
 * @param bootTime from launch or start until the instance is {@code running}
 * @param visibilityDelay from creation until an interface can be found
 * @param addressLag from a change of addresses until describes show it
 */
public record Ec2Options(
    String region,
    String account,
    Duration attachTime,
    Duration detachTime,
    Duration bootTime,
    Duration visibilityDelay,
    Duration addressLag) {}
