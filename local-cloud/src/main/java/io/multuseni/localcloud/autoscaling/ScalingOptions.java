// SPDX-License-Identifier: Apache-2.0
package io.multuseni.localcloud.autoscaling;

/**
 * What Auto Scaling needs to know of the cloud's settings, which document each component.
 *
 * @param region name of the Region
 * @param account number of the account
 * @param replaceAbandoned whether groups launch replacements
 */
public record ScalingOptions(String region, String account, boolean replaceAbandoned) {}
