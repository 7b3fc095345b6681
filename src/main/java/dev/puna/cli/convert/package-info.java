// SPDX-License-Identifier: Apache-2.0
/**
 * Models in safetensors written as GGUF files, without a server.
 *
 * <p>Blocking, one thread but for a quantisation's own. Entry type: {@link dev.puna.cli.convert.ConvertCommand}.
 */
@NullMarked
package dev.puna.cli.convert;

import org.jspecify.annotations.NullMarked;
