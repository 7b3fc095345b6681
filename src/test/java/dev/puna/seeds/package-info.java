// SPDX-License-Identifier: Apache-2.0
/**
 * Guides to Ollama that people follow, and a test that does what they say. The guides in {@code src/test/resources/seeds} are
 * as they were found; {@link dev.puna.seeds.Guide} takes the examples out, {@link dev.puna.seeds.Plans} says how each is run.
 */
@NullMarked
package dev.puna.seeds;

import org.jspecify.annotations.NullMarked;
