// SPDX-License-Identifier: Apache-2.0
/**
 * The way of events from an engine to whoever reads an answer.
 *
 * <p>Called by {@code engine.local} and {@code engine.remote}. Entry type: {@link dev.puna.engine.stream.EventStream}.
 */
@NullMarked
package dev.puna.engine.stream;

import org.jspecify.annotations.NullMarked;
