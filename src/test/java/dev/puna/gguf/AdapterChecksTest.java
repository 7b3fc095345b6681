// SPDX-License-Identifier: Apache-2.0
package dev.puna.gguf;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.puna.failure.InvalidRequest;
import dev.puna.support.TestGguf;
import dev.puna.support.TinyGguf;
import dev.puna.support.TinyLora;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayNameGeneration(ReplaceUnderscores.class)
class AdapterChecksTest {
    @TempDir
    Path folder;

    @Test
    void an_adapter_that_fits_is_taken() {
        assertThatCode(() -> check(TinyLora.fitting(1))).doesNotThrowAnyException();
    }

    @Test
    void what_norm_layers_hold_is_left_alone_as_llama_cpp_does() {
        var adapter = TinyLora.fitting(1).tensor("blk.0.attn_norm.weight", new long[] {1}, 1);

        assertThatCode(() -> check(adapter)).doesNotThrowAnyException();
    }

    @Test
    void another_architecture_is_refused() {
        var adapter = TinyLora.header("qwen2");
        TinyLora.pair(adapter, "blk.0.attn_q.weight", new Random(1), 64, 64);

        refuses(adapter, "it is made for models of the architecture qwen2, and this one is of the architecture llama");
    }

    @Test
    void a_model_is_no_adapter() {
        refuses(TinyGguf.llama(2), "it is no adapter");
    }

    @Test
    void another_kind_of_adapter_is_refused() {
        var adapter = new TestGguf()
                .text("general.type", "adapter")
                .text("general.architecture", "llama")
                .text("adapter.type", "control")
                .tensor("x", new long[] {1}, 1);

        refuses(adapter, "only LoRA adapters can be applied");
    }

    @Test
    void an_adapter_that_a_text_switches_on_is_refused() {
        refuses(
                TinyLora.fitting(1).int32s("adapter.alora.invocation_tokens", 1, 2),
                "it is to be switched on by a text");
    }

    @Test
    void shapes_of_another_model_are_refused() {
        var adapter = TinyLora.header("llama");
        TinyLora.pair(adapter, "blk.0.attn_q.weight", new Random(1), 32, 64);

        refuses(adapter, "blk.0.attn_q.weight has [32, 4] and [4, 64] for [64, 64]");
    }

    @Test
    void matrices_of_different_rank_are_refused() {
        var adapter = TinyLora.header("llama")
                .tensor("blk.0.attn_q.weight.lora_a", new long[] {64, 2}, new float[128])
                .tensor("blk.0.attn_q.weight.lora_b", new long[] {3, 64}, new float[192]);

        refuses(adapter, "blk.0.attn_q.weight has [64, 2] and [3, 64]");
    }

    @Test
    void a_weight_that_the_model_lacks_is_refused() {
        var adapter = TinyLora.header("llama");
        TinyLora.pair(adapter, "blk.9.attn_q.weight", new Random(1), 64, 64);

        refuses(adapter, "the model has no tensor blk.9.attn_q.weight");
    }

    @Test
    void half_a_pair_is_refused() {
        refuses(
                TinyLora.header("llama").tensor("blk.0.attn_q.weight.lora_a", new long[] {64, 2}, new float[128]),
                "blk.0.attn_q.weight.lora_a is alone");
        refuses(
                TinyLora.header("llama").tensor("blk.0.attn_q.weight.lora_b", new long[] {2, 64}, new float[128]),
                "blk.0.attn_q.weight.lora_b is alone");
    }

    @Test
    void a_tensor_of_no_pair_is_refused() {
        refuses(
                TinyLora.fitting(1).tensor("blk.0.attn_q.weight", new long[] {1}, 1),
                "it holds the tensor blk.0.attn_q.weight, which belongs to no LoRA adapter");
    }

    /** llama.cpp v0.5.0 would end the process when it computes the output. */
    @Test
    void the_embedding_cannot_be_changed_where_it_is_the_output_too() {
        var adapter = TinyLora.header("llama")
                .tensor("token_embd.weight.lora_a", new long[] {2, 286}, new float[572])
                .tensor("token_embd.weight.lora_b", new long[] {2, 64}, new float[128]);

        refuses(adapter, "it changes token_embd.weight, which this model also uses as its output");
    }

    private void refuses(TestGguf adapter, String reason) {
        assertThatThrownBy(() -> check(adapter))
                .isInstanceOf(InvalidRequest.class)
                .hasMessageStartingWith("the adapter does not fit the model: " + reason);
    }

    private void check(TestGguf adapter) {
        var model = Gguf.read(TinyGguf.llama(1).writeTo(folder.resolve("model.gguf")));
        AdapterChecks.check(Gguf.read(adapter.writeTo(folder.resolve("adapter.gguf"))), List.of(model));
    }
}
