// SPDX-License-Identifier: Apache-2.0
/**
 * What a conversion reads and what it writes beside weights: the files of a model by their names, its JSON, and the metadata of the
 * GGUF in order.
 *
 * <p>Files are read when they are asked for. Whatever is wrong with one is an {@link dev.puna.failure.InvalidRequest} that names
 * it. All but {@link dev.puna.conversion.source.Entries} is immutable.
 */
@NullMarked
package dev.puna.conversion.source;

import org.jspecify.annotations.NullMarked;
