// SPDX-License-Identifier: Apache-2.0
package io.multuseni.kube;

/**
 * A server in words, for errors.
 *
 * @param name its address
 * @param howToBeKnown what to do when it doesn't know who calls (401)
 * @param authority what to do when its certificate isn't trusted
 */
record KubeServer(String name, String howToBeKnown, String authority) {}
