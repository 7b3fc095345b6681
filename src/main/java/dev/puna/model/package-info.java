// SPDX-License-Identifier: Apache-2.0
/**
 * The values a model consists of: its name, its digests, its manifest and its options.
 *
 * <p>Any package may use these. Everything here is an immutable value without I/O, safe to share between threads, and is
 * checked when it is made, so that whoever holds a {@link dev.puna.model.ModelName} or a {@link dev.puna.model.Digest} may
 * build a path from it. What is wrong with a text from outside becomes an
 * {@link dev.puna.failure.InvalidRequest} with the wire contract's own words. Entry type:
 * {@link dev.puna.model.ModelName}.
 */
@NullMarked
package dev.puna.model;

import org.jspecify.annotations.NullMarked;
