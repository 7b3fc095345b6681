// SPDX-License-Identifier: Apache-2.0
/**
 * Models as they are published, safetensors with JSON beside them, written as GGUF, bit for bit as llama.cpp's converter would.
 *
 * <p>Entry type: {@link dev.puna.conversion.Conversion}. Weights are never in memory as a whole; whatever is wrong with a model is an
 * {@link dev.puna.failure.InvalidRequest} that names the file.
 */
@NullMarked
package dev.puna.conversion;

import org.jspecify.annotations.NullMarked;
