// SPDX-License-Identifier: Apache-2.0
package dev.puna.gguf;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.puna.failure.InvalidRequest;
import dev.puna.support.TestGguf;
import dev.puna.support.TinyGguf;
import dev.puna.support.TinyProjector;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Models each of which ended a server that loaded them or computed with them. */
class ContradictingModelTest {
    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"su", "dynamic", "llama3", "", "LINEAR"})
    void a_scaling_of_rotations_that_llama_cpp_does_not_know_is_named(String word) {
        refuses(
                model("llama").text("llama.rope.scaling.type", word),
                "GGUF key llama.rope.scaling.type is \"%s\", which llama.cpp does not know (linear, longrope, none, yarn)"
                        .formatted(word));
        accepts(model("llama").text("llama.rope.scaling.type", "longrope"));
    }

    @ParameterizedTest
    @ValueSource(floats = {-1, Float.NaN, Float.POSITIVE_INFINITY, -1e-9f})
    void an_epsilon_is_no_negative_and_no_endless_number(float epsilon) {
        refuses(
                model("llama").float32("llama.attention.layer_norm_rms_epsilon", epsilon),
                "layer_norm_rms_epsilon is out of range");
        refuses(
                TinyProjector.llava(1).float32("clip.audio.attention.layer_norm_epsilon", epsilon),
                "layer_norm_epsilon is out of range");
        accepts(model("llama").float32("llama.attention.layer_norm_rms_epsilon", 0));
    }

    @ParameterizedTest
    @CsvSource({"0", "3", "10", "4294967295"})
    void an_even_number_of_a_heads_numbers_is_rotated(long rotated) {
        refuses(
                model("llama").uint32("llama.attention.head_count", 1).uint32("llama.rope.dimension_count", rotated),
                "rope.dimension_count is out of range: %d (an even number of the 8 of a head)".formatted(rotated));
        accepts(model("llama").uint32("llama.attention.head_count", 1).uint32("llama.rope.dimension_count", 4));
        accepts(model("llama")
                .uint32("llama.attention.head_count", 4)
                .uint32("llama.attention.key_length", 16)
                .uint32("llama.rope.dimension_count", 16));
        accepts(model("granitehybrid")
                .uint32("granitehybrid.attention.head_count", 1)
                .uint32("granitehybrid.rope.dimension_count", 0));
    }

    @Test
    void positions_of_several_kinds_turn_something() {
        refuses(model("qwen2vl").int32s("qwen2vl.rope.dimension_sections", 0, 0, 0, 0), "not all 0");
        refuses(model("qwen2vl").int32s("qwen2vl.rope.dimension_sections", 1, -1, 1, 1), "not all 0");
        accepts(model("qwen2vl").int32s("qwen2vl.rope.dimension_sections", 2, 3, 3, 0));
        accepts(model("llama").int32s("llama.rope.dimension_sections", 0, 0, 0, 0));
    }

    @Test
    void experts_are_used_and_their_groups_divide_them() {
        refuses(model("llama").uint32("llama.expert_count", 8), "expert_used_count is out of range: 0 (1 to the 8");
        refuses(experts(8, 9), "expert_used_count is out of range: 9");
        refuses(experts(8, 2).uint32("llama.expert_group_count", 3), "expert_group_count is 3");
        refuses(experts(8, 2).uint32("llama.expert_group_count", 8), "expert_group_count is 8");
        refuses(
                experts(8, 2).uint32("llama.expert_group_count", 4),
                "expert_group_used_count is out of range: 0 (1 to 3, since there are 4 groups)");
        refuses(model("llama").uint32("llama.expert_group_count", 4), "makes groups of no experts");

        accepts(experts(8, 2).uint32("llama.expert_group_count", 4).uint32("llama.expert_group_used_count", 2));
        accepts(model("llama").uint32("llama.expert_count", 8).int32s("llama.expert_used_count", 2, 0, 8));
        accepts(model("hunyuan-dense").uint32("hunyuan-dense.expert_count", 1));
    }

    @Test
    void layers_that_guess_ahead_are_some_of_all() {
        refuses(
                model("qwen3").uint32("qwen3.nextn_predict_layers", 9),
                "nextn_predict_layers is out of range: 9 (0 to the 8 of block_count)");
        accepts(model("qwen3").uint32("qwen3.nextn_predict_layers", 1));
    }

    @Test
    void a_tokenizer_without_a_first_token_does_not_add_it() {
        refuses(
                model("t5").text("tokenizer.ggml.model", "t5").bool("tokenizer.ggml.add_bos_token", true),
                "tokenizer.ggml.bos_token_id or eos_token_id is missing");
        accepts(model("t5")
                .text("tokenizer.ggml.model", "t5")
                .bool("tokenizer.ggml.add_bos_token", true)
                .uint32("tokenizer.ggml.bos_token_id", 1));
        accepts(model("t5").text("tokenizer.ggml.model", "t5").bool("tokenizer.ggml.add_bos_token", false));
    }

    @Test
    void a_vocabulary_has_tokens() {
        refuses(model("llama").texts("tokenizer.ggml.tokens", List.of()), "tokenizer.ggml.tokens is empty");
    }

    @Test
    void a_pooling_that_the_file_leaves_open_is_none() {
        var open = model("llama").uint32("llama.pooling_type", 0xffff_ffffL);

        assertThatCode(() -> {
                    if (read(open).facts().pooling()) {
                        throw new AssertionError("it pools");
                    }
                })
                .doesNotThrowAnyException();
        refuses(model("llama").uint32("llama.pooling_type", 9), "pooling_type is out of range: 9 (0 to 4)");
    }

    @ParameterizedTest
    @EnumSource(
            value = TensorType.class,
            names = {"I8", "I16", "I32", "I64", "F64", "Q8_1", "Q8_K"})
    void weights_of_types_without_a_product_are_refused(TensorType type) {
        refuses(
                model("llama").tensor("blk.0.ffn_up.weight", type, 256),
                "GGUF tensor blk.0.ffn_up.weight is of type %s, which nothing can compute with".formatted(type));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "blk.0.attn_norm.weight",
                "output_norm.weight",
                "blk.1.ssm_conv1d.bias",
                "blk.1.ssm_conv1d.weight",
                "blk.0.post_ffw_norm_1.weight",
                "blk.0.ffn_down_exps.bias",
                "blk.0.ssm_d",
                "rope_freqs.weight",
                "blk.2.time_mix_lerp_fused.weight"
            })
    void what_is_computed_number_by_number_is_of_32_bits(String name) {
        refuses(model("llama").tensor(name, TensorType.F16, 32), name + " is of type F16, where only F32 can be");
        refuses(model("llama").tensor(name, TensorType.Q8_0, 32), name + " is of type Q8_0, where only F32 can be");
        accepts(model("llama").tensor(name, TensorType.F32, 32));
    }

    @Test
    void other_tensors_may_be_of_any_type_with_a_product() {
        accepts(model("llama")
                .tensor("position_embd.weight", TensorType.F16, 32)
                .tensor("blk.0.ffn_gate_inp.weight", TensorType.BF16, 32)
                .tensor("blk.0.time_mix_w1.weight", TensorType.F16, 32)
                .tensor("blk.0.ffn_gate_tid2eid.weight", TensorType.I32, 32));
    }

    @ParameterizedTest
    @CsvSource({
        "phi3, attn_output.weight, attn_qkv.weight",
        "qwen35, ssm_out.weight, attn_qkv.weight",
        "qwen35moe, ssm_out.weight, attn_qkv.weight",
        "qwen3next, ssm_out.weight, attn_qkv.weight",
        "falcon-h1, ssm_conv1d.weight, ssm_conv1d.bias",
        "granitehybrid, ssm_conv1d.weight, ssm_conv1d.bias",
        "nemotron_h, ssm_conv1d.weight, ssm_conv1d.bias",
        "nemotron_h_moe, ssm_conv1d.weight, ssm_conv1d.bias",
        "glm-dsa, attn_norm.weight, indexer.k_norm.weight",
    })
    void what_the_loader_calls_optional_and_the_graph_needs_is_there(String name, String there, String missing) {
        refuses(model(name).tensor("blk.0." + there, TensorType.F32, 8), "GGUF file has no tensor blk.0." + missing);
    }

    @Test
    void one_of_several_forms_is_enough() {
        accepts(model("phi3")
                .tensor("blk.0.attn_output.weight", TensorType.F32, 8)
                .tensor("blk.0.attn_q.weight", TensorType.F32, 8)
                .tensor("blk.0.attn_k.weight", TensorType.F32, 8)
                .tensor("blk.0.attn_v.weight", TensorType.F32, 8));
        accepts(model("qwen3next")
                .tensor("blk.0.ssm_out.weight", TensorType.F32, 8)
                .tensor("blk.0.ssm_in.weight", TensorType.F32, 8));
        refuses(
                model("t5").tensor("enc.blk.0.attn_q.weight", TensorType.F32, 8),
                "GGUF file has no tensor enc.blk.0.attn_rel_b.weight");
    }

    @Test
    void a_projector_has_what_libmtmd_takes_unasked() {
        refuses(
                projector("gemma3").tensor("v.blk.0.attn_out.weight", TensorType.F32, 8),
                "no tensor v.blk.0.attn_q.weight");
        refuses(encoder("gemma3", ""), "no tensor v.patch_embd.weight");
        refuses(encoder("mlp", "v.patch_embd.weight"), "no tensor v.position_embd.weight");
        refuses(
                encoder("mlp", "v.patch_embd.weight").tensor("v.position_embd.weight", TensorType.F32, 8),
                "no tensor mm.0.weight");
        refuses(
                projector("gemma3").tensor("v.blk.0.ln1.weight", TensorType.F16, 8),
                "v.blk.0.ln1.weight is of type F16, where only F32 can be computed with");
        refuses(
                projector("gemma3").tensor("v.pre_ln.weight", TensorType.BF16, 8),
                "v.pre_ln.weight is of type BF16, where only F32 can be computed with");
        accepts(encoder("gemma3", "v.patch_embd.weight"));
    }

    @Test
    void whole_tiny_models_are_still_taken() {
        accepts(TinyGguf.llama(1));
        accepts(TinyGguf.qwen2vl(1));
        accepts(TinyProjector.llava(1));
        accepts(TinyProjector.gemma(1));
        accepts(TinyProjector.qwen(1));
    }

    private static TestGguf encoder(String kind, String more) {
        var encoder = projector(kind).tensor("v.blk.0.attn_out.weight", TensorType.F32, 8);
        for (var part : List.of("q", "k", "v")) {
            encoder.tensor("v.blk.0.attn_%s.weight".formatted(part), TensorType.F32, 8);
        }
        return more.isEmpty() ? encoder : encoder.tensor(more, TensorType.F32, 8);
    }

    private static TestGguf projector(String kind) {
        return new TestGguf().text("general.architecture", "clip").text("clip.projector_type", kind);
    }

    private static TestGguf experts(int count, int used) {
        return model("llama").uint32("llama.expert_count", count).uint32("llama.expert_used_count", used);
    }

    private static TestGguf model(String architecture) {
        var writer = new TestGguf().text("general.architecture", architecture);
        for (var name : List.of("block_count", "context_length", "embedding_length")) {
            writer.uint32(architecture + "." + name, 8);
        }
        return writer.tensor("token_embd.weight", TensorType.F32, 8);
    }

    private void accepts(TestGguf writer) {
        assertThatCode(() -> read(writer)).doesNotThrowAnyException();
    }

    private void refuses(TestGguf writer, String message) {
        assertThatThrownBy(() -> read(writer))
                .isInstanceOf(InvalidRequest.class)
                .hasMessageContaining(message);
    }

    private GgufFile read(TestGguf writer) {
        return Gguf.read(writer.writeTo(folder.resolve("model.gguf")));
    }
}
