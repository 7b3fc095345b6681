// SPDX-License-Identifier: Apache-2.0
/**
 * Everything that can go wrong, as one closed set of exceptions.
 *
 * <p>Any package may throw these. None of them knows HTTP: the edge decides the status, the command line the exit code.
 * Messages are complete sentences or the wire contract's own texts, ready to be shown to a user. Entry type:
 * {@link dev.puna.failure.Failure}.
 */
@NullMarked
package dev.puna.failure;

import org.jspecify.annotations.NullMarked;
