// SPDX-License-Identifier: Apache-2.0
/**
 * How a model sees or hears: images and sounds become tokens of a prompt, and vectors that are computed once and remembered.
 *
 * <p>Called on the threads of requests; encoding takes turns with decoding. Entry: {@link dev.puna.engine.media.VisionEncoder}.
 */
@NullMarked
package dev.puna.engine.media;

import org.jspecify.annotations.NullMarked;
