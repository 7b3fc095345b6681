// SPDX-License-Identifier: Apache-2.0
/** Who asks and what for, so that those who ask for much leave the others their turn: values that travel from the HTTP edge to the queue. */
@NullMarked
package dev.puna.caller;

import org.jspecify.annotations.NullMarked;
