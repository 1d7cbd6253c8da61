// SPDX-License-Identifier: Apache-2.0
/** EC2: networks, instances, interfaces, addresses, limits and token buckets. */
@NullMarked
package io.multuseni.localcloud.ec2;

import org.jspecify.annotations.NullMarked;
