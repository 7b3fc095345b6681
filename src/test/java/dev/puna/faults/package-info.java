// SPDX-License-Identifier: Apache-2.0
/** Disks, processes and systems that fail, and what is left of a store or a server then. See {@code src/docs/faults.md}. */
@NullMarked
package dev.puna.faults;

import org.jspecify.annotations.NullMarked;
