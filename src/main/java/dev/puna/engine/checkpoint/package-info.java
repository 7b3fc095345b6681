// SPDX-License-Identifier: Apache-2.0
/**
 * How sequences of the cache are cut back where llama.cpp cannot do it alone: copies of what recurrent layers and those with
 * sliding-window attention held at some places of prompts.
 */
@NullMarked
package dev.puna.engine.checkpoint;

import org.jspecify.annotations.NullMarked;
