// SPDX-License-Identifier: Apache-2.0
/**
 * Texts as Go's standard library writes and reads them: JSON, floats, quoted strings, times, durations. The wire, the store's files,
 * the command line and templates all hold such texts, and clients and digests compare them byte for byte.
 *
 * <p>Pure and immutable but for {@link dev.puna.go.JsonWriter}; any thread. Values that templates print by Go's {@code fmt} verbs
 * are in {@code dev.puna.template.value}, since nothing else prints them.
 */
@NullMarked
package dev.puna.go;

import org.jspecify.annotations.NullMarked;
