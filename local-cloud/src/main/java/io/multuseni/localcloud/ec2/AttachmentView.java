// SPDX-License-Identifier: Apache-2.0
package io.multuseni.localcloud.ec2;

import java.time.Instant;

/**
 * An attachment as it stands at the moment of the inspection.
 *
 * @param id {@code eni-attach-…}
 * @param instanceId the instance
 * @param networkCardIndex network card, 0 is the default one
 * @param deviceIndex device index on that card
 * @param status {@code attaching}, {@code attached} or {@code detaching}
 * @param deleteOnTermination whether the interface goes with the instance
 * @param attachTime when the attach call took effect
 */
public record AttachmentView(
    String id,
    String instanceId,
    int networkCardIndex,
    int deviceIndex,
    String status,
    boolean deleteOnTermination,
    Instant attachTime) {}
