// SPDX-License-Identifier: Apache-2.0
/** Tests of children, sockets and turns, with real processes. */
@NullMarked
package dev.puna.process;

import org.jspecify.annotations.NullMarked;
