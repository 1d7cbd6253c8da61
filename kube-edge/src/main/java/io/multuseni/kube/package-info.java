// SPDX-License-Identifier: Apache-2.0
/** Every touch of the Kubernetes API; in and out go core's records only. */
@NullMarked
package io.multuseni.kube;

import org.jspecify.annotations.NullMarked;
