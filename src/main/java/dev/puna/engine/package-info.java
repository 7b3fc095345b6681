// SPDX-License-Identifier: Apache-2.0
/**
 * One model in memory: prompts in, events out.
 *
 * <p>An {@link dev.puna.engine.Engine} owns a model, its context and one decode loop that serves many sequences at once. All
 * that crosses its interface are plain values and event streams, so that the same engine can run in this process or in a
 * child. Callers may be any thread and are never blocked for the length of a generation; only the decode loop's own
 * thread touches native memory. Mutiny stops here: the packages below are plain Java.
 */
@NullMarked
package dev.puna.engine;

import org.jspecify.annotations.NullMarked;
