// SPDX-License-Identifier: Apache-2.0
package io.multuseni.localcloud.autoscaling;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A group as it stands at the moment of the inspection.
 *
 * @param name its name
 * @param arn its ARN
 * @param desiredCapacity how many instances it wants
 * @param lifecycleStates the states of its instances by id, in the order of their launch, warm ones
 *     included; who is terminated is gone
 * @param hooks its hooks
 * @param warmPool its warm pool, if it has one
 * @param tags its tags, propagated or not
 */
public record GroupView(
    String name,
    String arn,
    int desiredCapacity,
    Map<String, String> lifecycleStates,
    List<HookSpec> hooks,
    Optional<WarmPoolSpec> warmPool,
    Map<String, String> tags) {}
