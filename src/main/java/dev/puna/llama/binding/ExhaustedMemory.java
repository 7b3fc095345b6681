// SPDX-License-Identifier: Apache-2.0
package dev.puna.llama.binding;

import dev.puna.failure.Failure;
import dev.puna.failure.InsufficientMemory;
import dev.puna.failure.NativeFailure;

/**
 * Tells from the error lines of llama.cpp that a call failed for want of memory. Only here are the words of calls read; those of
 * processes that have ended are read by who started them.
 *
 * <p>There is no code that could be read instead: {@code llama_model_load_from_file} and {@code llama_init_from_model} catch their own
 * exceptions, log the text and return NULL, and the allocations of ggml log a line and return NULL or false. Source, all of llama.cpp
 * v0.5.0: llama.cpp:374 and llama-context.cpp:3839 (caught); llama-model.cpp:1808 ("unable to allocate … buffer"),
 * llama-kv-cache.cpp:288, llama-memory-recurrent.cpp:121, llama-adapter.cpp:390 and llama-context.cpp:686 and 700 ("failed to allocate
 * …"); ggml-alloc.c:941 and 1134, ggml-backend.cpp:2451 (the same, for every backend).
 */
final class ExhaustedMemory {
    private static final String WORDS = " to allocate ";

    /** What {@code operator new} throws, as {@link CText} puts it. */
    static final String BAD_ALLOCATION = "out of memory (std::bad_alloc)";

    private ExhaustedMemory() {}

    /**
     * Whether memory was exhausted.
     *
     * @param reason the error lines of a call that makes a model, a context or a projector, or decodes
     */
    static boolean isToldBy(String reason) {
        return reason.contains(WORDS) || reason.contains(BAD_ALLOCATION);
    }

    /** The same failure as what it is, for which its reason counts. */
    static Failure told(NativeFailure failure, String reason) {
        return isToldBy(reason) ? new InsufficientMemory(failure.text()) : failure;
    }
}
