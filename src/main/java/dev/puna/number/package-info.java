// SPDX-License-Identifier: Apache-2.0
/** How Go writes numbers: the wire, the command line and Go templates all do. */
@NullMarked
package dev.puna.number;

import org.jspecify.annotations.NullMarked;
