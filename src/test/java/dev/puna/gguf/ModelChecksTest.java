// SPDX-License-Identifier: Apache-2.0
package dev.puna.gguf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.puna.failure.InvalidRequest;
import dev.puna.support.TestGguf;
import dev.puna.support.TinyProjector;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Metadata that is well-formed and yet no model's; contract 9.2. */
class ModelChecksTest {
    @TempDir
    Path folder;

    /** CVE-2024-12055, CVE-2025-0312. */
    @Test
    void a_model_must_name_its_architecture() {
        refuses(withTensor(new TestGguf()), "GGUF key general.architecture is missing");
        refuses(
                withTensor(new TestGguf().uint32("general.architecture", 1)),
                "GGUF key general.architecture must be a string");
        refuses(
                withTensor(new TestGguf().text("general.architecture", "../x")),
                "GGUF key general.architecture is not a name");
    }

    @Test
    void a_model_must_have_tensors() {
        refuses(llama(), "GGUF file has no tensors");
    }

    @ParameterizedTest
    @ValueSource(strings = {"block_count", "context_length", "embedding_length"})
    void what_native_code_divides_by_must_be_there_and_above_zero(String name) {
        var key = "llama." + name;

        refuses(withTensor(llamaWithout(name)), "GGUF key " + key + " is missing");
        refuses(withTensor(llamaWithout(name).uint32(key, 0)), "GGUF key " + key + " is out of range: 0");
        refuses(withTensor(llamaWithout(name).int32(key, -1)), "GGUF key " + key + " is out of range: -1");
        refuses(withTensor(llamaWithout(name).uint64(key, -1)), "GGUF key " + key + " is out of range");
        refuses(withTensor(llamaWithout(name).text(key, "1")), "GGUF key " + key + " must be a whole number");
        refuses(withTensor(llamaWithout(name).float32(key, 1)), "GGUF key " + key + " must be a whole number");
        refuses(withTensor(llamaWithout(name).int32s(key, 1)), "GGUF key " + key + " must be a whole number");
    }

    @Test
    void more_blocks_than_native_code_has_room_for_are_refused() {
        refuses(withTensor(llamaWithout("block_count").uint32("llama.block_count", 513)), "(1 to 512)");
    }

    /** CVE-2024-8063, CVE-2025-0317. */
    @Test
    void a_head_count_of_zero_is_refused_but_where_there_is_no_attention() {
        refuses(
                withTensor(llama().uint32("llama.attention.head_count", 0)),
                "head_count is out of range: 0 (1 to 65536)");

        accepts(withTensor(architecture("mamba").uint32("mamba.attention.head_count", 0)));
        accepts(withTensor(llama().uint32("llama.attention.head_count_kv", 0)));
    }

    @Test
    void head_counts_may_differ_from_layer_to_layer() {
        accepts(withTensor(llama().int32s("llama.attention.head_count", 8, 0, 4)));

        refuses(withTensor(llama().int32s("llama.attention.head_count", 8, -1)), "is out of range: -1");
        refuses(
                withTensor(llama().float32s("llama.attention.head_count", 8)),
                "GGUF key llama.attention.head_count must hold at most 512 whole numbers");
        refuses(
                withTensor(llama().int32s("llama.attention.head_count", new int[2000])),
                "GGUF key llama.attention.head_count must hold at most 512 whole numbers");
    }

    @Test
    void no_more_experts_are_used_than_there_are() {
        accepts(withTensor(llama().uint32("llama.expert_count", 8).uint32("llama.expert_used_count", 2)));

        refuses(withTensor(llama().uint32("llama.expert_count", 2000)), "expert_count is out of range: 2000");
        refuses(
                withTensor(llama().uint32("llama.expert_count", 2).uint32("llama.expert_used_count", 3)),
                "expert_used_count is out of range: 3 (0 to 2)");
        refuses(
                withTensor(llama().uint32("llama.expert_used_count", 1)),
                "expert_used_count is out of range: 1 (0 to 0)");
    }

    @Test
    void the_lists_of_a_vocabulary_have_their_types_and_are_long_enough() {
        accepts(withTensor(llama().texts("tokenizer.ggml.tokens", List.of("a"))
                .float32s("tokenizer.ggml.scores", 0)
                .int32s("tokenizer.ggml.token_type", 1)
                .texts("tokenizer.ggml.merges", List.of())));

        refuses(withTensor(llama().int32s("tokenizer.ggml.tokens", 1)), "tokens must be an array of STRING");
        refuses(withTensor(llama().text("tokenizer.ggml.tokens", "a")), "tokens must be an array of STRING");
        refuses(withTensor(llama().int32s("tokenizer.ggml.merges", 1)), "merges must be an array of STRING");
        refuses(
                withTensor(llama().texts("tokenizer.ggml.scores", List.of("1"))),
                "scores must be an array of INT32 or FLOAT32");
        refuses(
                withTensor(llama().texts("tokenizer.ggml.tokens", List.of("a", "b"))
                        .float32s("tokenizer.ggml.scores", 0)),
                "GGUF key tokenizer.ggml.scores has 1 entries for 2 tokens");
        refuses(
                withTensor(llama().texts("tokenizer.ggml.tokens", List.of("a", "b"))
                        .int32s("tokenizer.ggml.token_type", 1)),
                "GGUF key tokenizer.ggml.token_type has 1 entries for 2 tokens");
    }

    @Test
    void special_tokens_are_tokens() {
        var one = List.of("a");
        accepts(withTensor(llama().texts("tokenizer.ggml.tokens", one).uint32("tokenizer.ggml.eos_token_id", 0)));
        accepts(withTensor(llama().texts("tokenizer.ggml.tokens", one).int32("tokenizer.ggml.bos_token_id", -1)));
        accepts(withTensor(llama().texts("tokenizer.ggml.tokens", one).uint32("tokenizer.ggml.eot_token_id", -1)));

        refuses(
                withTensor(llama().texts("tokenizer.ggml.tokens", one).uint32("tokenizer.ggml.eos_token_id", 1)),
                "GGUF key tokenizer.ggml.eos_token_id is out of range: 1 (0 to 0)");
        refuses(
                withTensor(llama().texts("tokenizer.ggml.tokens", one).text("tokenizer.ggml.eos_token_id", "a")),
                "GGUF key tokenizer.ggml.eos_token_id must be a whole number");
    }

    @Test
    void texts_and_numbers_that_the_server_shows_have_their_types() {
        refuses(withTensor(llama().uint32("general.type", 1)), "GGUF key general.type must be a string");
        refuses(
                withTensor(llama().uint32("tokenizer.chat_template", 1)),
                "GGUF key tokenizer.chat_template must be a string");
        refuses(
                withTensor(llama().text("general.file_type", "1")),
                "GGUF key general.file_type must be a whole number");
    }

    /** The mllama overwrite: sizes of images beyond reason. */
    @Test
    void a_projector_has_sizes_that_native_code_can_divide_by() {
        accepts(withTensor(projector().uint32("clip.vision.patch_size", 14)));

        refuses(withTensor(projector().uint32("clip.vision.patch_size", 0)), "patch_size is out of range: 0 (1 to");
        refuses(withTensor(projector().uint32("clip.vision.image_size", -1)), "image_size is out of range: 4294967295");
        refuses(withTensor(projector().uint32("clip.audio.block_count", 1000)), "block_count is out of range: 1000");
        refuses(withTensor(projector().uint64("clip.vision.patch_size", 14)), "patch_size must be of type UINT32");
        refuses(withTensor(projector().text("clip.has_vision_encoder", "true")), "must be of type BOOL");
        refuses(
                withTensor(projector().text("clip.vision.image_mean", "0.5")),
                "image_mean must be an array of FLOAT32");
        refuses(
                projector()
                        .text("clip.projector_type", "mlp")
                        .uint32("clip.vision.image_size", 64)
                        .uint32("clip.vision.patch_size", 4)
                        .tensor("v.position_embd.weight", TensorType.F32, 32, 16),
                "v.position_embd.weight has 16 positions for 256 patches");
        accepts(TinyProjector.llava(1));
        accepts(TinyProjector.gemma(1));
        accepts(TinyProjector.qwen(1));
        refuses(withTensor(projector().uint32("clip.use_gelu", 1)), "clip.use_gelu must be of type BOOL");
        refuses(withTensor(projector().int32("clip.vision.spatial_merge_size", 2)), "must be of type UINT32");
        refuses(withTensor(projector().bool("clip.projector_type", true)), "clip.projector_type must be a string");
    }

    @Test
    void an_adapter_needs_no_shape_but_the_types_that_native_code_expects() {
        accepts(withTensor(adapter().text("adapter.type", "lora").float32("adapter.lora.alpha", 16)));

        refuses(withTensor(adapter().uint32("adapter.lora.alpha", 16)), "adapter.lora.alpha must be of type FLOAT32");
        refuses(withTensor(adapter().uint32("adapter.type", 1)), "adapter.type must be a string");
    }

    @Test
    void only_the_first_part_of_a_split_model_describes_it() {
        var first = llama().uint16("split.no", 0).uint16("split.count", 3);
        var second = withTensor(new TestGguf().uint16("split.no", 1).uint16("split.count", 3));
        var alone = llama().uint16("split.no", 0).uint16("split.count", 1);

        assertThat(read(first).split()).contains(new Split(0, 3));
        assertThat(read(second).split()).contains(new Split(1, 3));
        assertThat(read(second).facts().architecture()).isEmpty();
        assertThat(read(withTensor(alone)).split()).isEmpty();
        assertThat(read(withTensor(llama())).split()).isEmpty();
    }

    @Test
    void parts_that_cannot_be_are_refused() {
        refuses(new TestGguf().uint16("split.no", 1).uint16("split.count", 3), "GGUF file has no tensors");
        refuses(withTensor(llama().uint16("split.no", 3).uint16("split.count", 3)), "GGUF file is part 3 of 3");
        refuses(withTensor(llama().uint16("split.no", 0).uint16("split.count", 0)), "GGUF file is part 0 of 0");
        refuses(withTensor(llama().uint16("split.no", 1)), "GGUF key split.count must be of type UINT16");
        refuses(
                withTensor(llama().uint32("split.no", 1).uint16("split.count", 3)),
                "GGUF key split.no must be of type UINT16");
    }

    private static TestGguf llama() {
        return architecture("llama");
    }

    private static TestGguf architecture(String name) {
        return without(name, "");
    }

    private static TestGguf llamaWithout(String missing) {
        return without("llama", missing);
    }

    private static TestGguf without(String architecture, String missing) {
        var writer = new TestGguf().text("general.architecture", architecture);
        for (var name : List.of("block_count", "context_length", "embedding_length")) {
            if (!name.equals(missing)) {
                writer.uint32(architecture + "." + name, 8);
            }
        }
        return writer;
    }

    private static TestGguf projector() {
        return new TestGguf()
                .text("general.architecture", "clip")
                .uint32("clip.vision.block_count", 2)
                .uint32("clip.vision.embedding_length", 64);
    }

    private static TestGguf adapter() {
        return new TestGguf().text("general.type", "adapter").text("general.architecture", "llama");
    }

    private static TestGguf withTensor(TestGguf writer) {
        return writer.tensor("t", TensorType.F32, 1);
    }

    private void accepts(TestGguf writer) {
        assertThat(read(writer).facts()).isNotNull();
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
