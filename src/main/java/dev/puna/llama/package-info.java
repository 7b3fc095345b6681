// SPDX-License-Identifier: Apache-2.0
/**
 * llama.cpp as safe Java objects: a model, its contexts, batches, samplers, vocabulary and chat formats.
 *
 * <p><b>Owners</b> ({@code AutoCloseable}) hold one C object each and free it exactly once; {@code close()} is
 * idempotent. A model refuses to close while anything made from it is open, and every owner refuses to close while it
 * is in use: with an {@link java.lang.IllegalStateException}, and nothing freed. What is open now is counted by
 * {@link dev.puna.llama.NativeMemory}.
 *
 * <p><b>Threads:</b> each type names its rule, and what must not overlap is checked on entry. No C code calls back into
 * Java; what C returns is a copy. <b>Failures</b> of C are {@link dev.puna.failure.NativeFailure}s with llama.cpp's own
 * words; misuse of these types is an {@code IllegalArgumentException} or {@code IllegalStateException}, raised before
 * C could abort the process over it. Only the engine and the scheduling call here. Entry type:
 * {@link dev.puna.llama.LlamaBackend}.
 */
@NullMarked
package dev.puna.llama;

import org.jspecify.annotations.NullMarked;
