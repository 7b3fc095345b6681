// SPDX-License-Identifier: Apache-2.0
package dev.puna.llama.binding;

import static org.assertj.core.api.Assertions.assertThat;

import dev.puna.failure.InsufficientMemory;
import dev.puna.failure.NativeFailure;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ExhaustedMemoryTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "alloc_tensor_range: failed to allocate CPU buffer of size 96636764160; llama_init_from_model: failed to initialize"
                        + " the context: failed to allocate buffer for kv cache",
                "llama_model_load: error loading model: unable to allocate CUDA0 buffer",
                "llama_init_from_model: failed to initialize the context: failed to allocate compute pp buffers",
            })
    void lines_of_failed_allocations_tell_that_memory_is_exhausted(String reason) {
        assertThat(ExhaustedMemory.isToldBy(reason)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "llama_model_load: error loading model: tensor 'output.weight' data is not within the file bounds",
                "libllama returned no model",
            })
    void other_lines_do_not(String reason) {
        assertThat(ExhaustedMemory.isToldBy(reason)).isFalse();
    }

    @Test
    void the_name_of_a_file_says_nothing_about_memory() {
        try (var call = new CallFrame()) {
            assertThat(call.failureToMake("load", "ready to allocate .gguf", "it is empty", ""))
                    .isInstanceOf(NativeFailure.class);
            assertThat(call.failureToMake("load", "model.gguf", "unable to allocate CPU buffer", "take a smaller one"))
                    .isInstanceOf(InsufficientMemory.class)
                    .hasMessage("cannot load model.gguf: unable to allocate CPU buffer; take a smaller one");
        }
    }
}
