// SPDX-License-Identifier: Apache-2.0
/**
 * Images and sounds of prompts: where in a text they belong, by which numbers they are told apart, and the vectors that are computed
 * once and remembered.
 *
 * <p>Knows no projector: the engine of this process encodes. Called on the threads of requests. Entry:
 * {@link dev.puna.engine.media.ImageTags}.
 */
@NullMarked
package dev.puna.engine.media;

import org.jspecify.annotations.NullMarked;
