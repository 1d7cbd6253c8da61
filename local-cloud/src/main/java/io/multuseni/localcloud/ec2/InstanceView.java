// SPDX-License-Identifier: Apache-2.0
package io.multuseni.localcloud.ec2;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * An instance as it stands at the moment of the inspection.
 *
 * @param id {@code i-…}
 * @param type instance type
 * @param availabilityZone its zone
 * @param subnetId the subnet of its primary interface
 * @param vpcId its VPC
 * @param state {@code pending}, {@code running}, {@code stopped} or {@code terminated}
 * @param launchTime when it was launched or last started
 * @param tags its tags
 * @param groupName the Auto Scaling group it is in, if any
 * @param lifecycleState its state there, for example {@code Pending:Wait}
 * @param interfaces what is attached to it, by network card, then device index
 */
public record InstanceView(
    String id,
    String type,
    String availabilityZone,
    String subnetId,
    String vpcId,
    String state,
    Instant launchTime,
    Map<String, String> tags,
    Optional<String> groupName,
    Optional<String> lifecycleState,
    List<InterfaceView> interfaces) {}
