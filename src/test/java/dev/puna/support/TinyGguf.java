// SPDX-License-Identifier: Apache-2.0
package dev.puna.support;

import dev.puna.gguf.TensorType;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;

/** Models too small to be of use but whole: what they say is nonsense, always the same for the same seed. */
public final class TinyGguf {
    static final int WIDTH = 64;
    static final int KEY_VALUE_WIDTH = 32;
    static final int FEED_FORWARD = 128;
    static final int BLOCKS = 2;
    private static final int BYTES = 256;

    private static final int NORMAL = 1;
    private static final int UNKNOWN = 2;
    private static final int CONTROL = 3;
    private static final int BYTE = 6;

    private TinyGguf() {}

    /** A model that llama.cpp loads and runs: 2 layers, a vocabulary of single bytes and letters, some 400 kB. */
    public static TestGguf llama(long seed) {
        var model = metadata(new TestGguf(), tokens());
        weights(seed).forEach(tensor -> tensor.accept(model));
        return model;
    }

    /** The same with positions of several dimensions, like those of Qwen2-VL. */
    public static TestGguf qwen2vl(long seed) {
        var model = metadata("qwen2vl", new TestGguf(), tokens()).int32s("qwen2vl.rope.dimension_sections", 2, 3, 3, 0);
        weights(seed).forEach(tensor -> tensor.accept(model));
        return model;
    }

    /** Gemma 3 of the same size, whose first layer sees but the last tokens and whose second sees all. */
    public static TestGguf gemma3(long seed, int window) {
        var model = metadata("gemma3", new TestGguf(), tokens())
                .uint32("gemma3.attention.sliding_window", window)
                .uint32("gemma3.attention.sliding_window_pattern", BLOCKS);
        var tensors = weights(seed);
        for (var block = 0; block < BLOCKS; block++) {
            var prefix = "blk." + block + ".";
            ones(tensors, prefix + "post_attention_norm.weight");
            ones(tensors, prefix + "post_ffw_norm.weight");
            ones(tensors, prefix + "attn_q_norm.weight", WIDTH / 4);
            ones(tensors, prefix + "attn_k_norm.weight", WIDTH / 4);
        }
        tensors.forEach(tensor -> tensor.accept(model));
        return model;
    }

    /** A reranker of the BERT kind of the same size, whose scores mean nothing. */
    public static TestGguf reranker(long seed) {
        var random = new Random(seed);
        var model = metadata("bert", new TestGguf(), tokens())
                .float32("bert.attention.layer_norm_epsilon", 1e-5f)
                .bool("bert.attention.causal", false)
                .uint32("bert.pooling_type", 4)
                .uint32("tokenizer.ggml.token_type_count", 2);
        var tensors = new ArrayList<Consumer<TestGguf>>();
        random(tensors, "token_embd.weight", random, WIDTH, tokens().size());
        random(tensors, "position_embd.weight", random, WIDTH, BYTES);
        norm(tensors, "token_embd_norm");
        for (var block = 0; block < BLOCKS; block++) {
            var prefix = "blk." + block + ".";
            random(tensors, prefix + "attn_q.weight", random, WIDTH, WIDTH);
            random(tensors, prefix + "attn_k.weight", random, WIDTH, KEY_VALUE_WIDTH);
            random(tensors, prefix + "attn_v.weight", random, WIDTH, KEY_VALUE_WIDTH);
            random(tensors, prefix + "attn_output.weight", random, WIDTH, WIDTH);
            norm(tensors, prefix + "attn_output_norm");
            random(tensors, prefix + "ffn_up.weight", random, WIDTH, FEED_FORWARD);
            random(tensors, prefix + "ffn_down.weight", random, FEED_FORWARD, WIDTH);
            norm(tensors, prefix + "layer_output_norm");
        }
        random(tensors, "cls.output.weight", random, WIDTH, 1);
        tensors.forEach(tensor -> tensor.accept(model));
        return model;
    }

    private static void norm(List<Consumer<TestGguf>> tensors, String name) {
        ones(tensors, name + ".weight");
        ones(tensors, name + ".bias");
    }

    /** The same model in two files. */
    public static void split(long seed, Path first, Path second) {
        var all = weights(seed);
        var half = all.size() / 2;
        var one = part(metadata(new TestGguf(), tokens()), 0, all.size());
        all.subList(0, half).forEach(tensor -> tensor.accept(one));
        one.writeTo(first);
        var two = part(new TestGguf(), 1, all.size());
        all.subList(half, all.size()).forEach(tensor -> tensor.accept(two));
        two.writeTo(second);
    }

    private static TestGguf part(TestGguf model, int number, int tensors) {
        return model.uint16("split.no", number).uint16("split.count", 2).int32("split.tensors.count", tensors);
    }

    /** Each puts one tensor into a file. */
    private static List<Consumer<TestGguf>> weights(long seed) {
        var random = new Random(seed);
        var tensors = new ArrayList<Consumer<TestGguf>>();
        random(tensors, "token_embd.weight", random, WIDTH, tokens().size());
        ones(tensors, "output_norm.weight");
        for (var block = 0; block < BLOCKS; block++) {
            var prefix = "blk." + block + ".";
            ones(tensors, prefix + "attn_norm.weight");
            random(tensors, prefix + "attn_q.weight", random, WIDTH, WIDTH);
            random(tensors, prefix + "attn_k.weight", random, WIDTH, KEY_VALUE_WIDTH);
            random(tensors, prefix + "attn_v.weight", random, WIDTH, KEY_VALUE_WIDTH);
            random(tensors, prefix + "attn_output.weight", random, WIDTH, WIDTH);
            ones(tensors, prefix + "ffn_norm.weight");
            random(tensors, prefix + "ffn_gate.weight", random, WIDTH, FEED_FORWARD);
            random(tensors, prefix + "ffn_up.weight", random, WIDTH, FEED_FORWARD);
            random(tensors, prefix + "ffn_down.weight", random, FEED_FORWARD, WIDTH);
        }
        return tensors;
    }

    /** The smallest file that passes for a model, less than a kilobyte: good for reading headers, not for running. */
    public static TestGguf headerOnly() {
        return shape("llama", new TestGguf(), 1, 2)
                .texts("tokenizer.ggml.tokens", List.of("<unk>", "a"))
                .float32s("tokenizer.ggml.scores", 0, -1)
                .int32s("tokenizer.ggml.token_type", UNKNOWN, NORMAL)
                .uint32("tokenizer.ggml.unknown_token_id", 0)
                .tensor("token_embd.weight", TensorType.F32, 4, 2)
                .tensor("token_types.weight", TensorType.F16, 4);
    }

    /** A vocabulary without weights, as tokenizer tests use them. */
    public static TestGguf vocabularyOnly() {
        return metadata(new TestGguf(), tokens());
    }

    private static TestGguf shape(String architecture, TestGguf model, int blocks, int... keyHeads) {
        var keyHeadsKey = architecture + ".attention.head_count_kv";
        if (keyHeads.length == 1) {
            model.uint32(keyHeadsKey, keyHeads[0]);
        } else {
            model.int32s(keyHeadsKey, keyHeads);
        }
        return model.text("general.architecture", architecture)
                .text("general.type", "model")
                .text("general.name", "Tiny")
                .uint32("general.file_type", 0)
                .uint32(architecture + ".context_length", BYTES)
                .uint32(architecture + ".embedding_length", WIDTH)
                .uint32(architecture + ".block_count", blocks)
                .uint32(architecture + ".feed_forward_length", FEED_FORWARD)
                .uint32(architecture + ".attention.head_count", 4)
                .float32(architecture + ".attention.layer_norm_rms_epsilon", 1e-5f);
    }

    private static TestGguf metadata(TestGguf model, List<String> tokens) {
        return metadata("llama", model, tokens);
    }

    private static TestGguf metadata(String architecture, TestGguf model, List<String> tokens) {
        return metadata(architecture, model, tokens, 2);
    }

    /** {@code keyHeads}: heads of keys and values, for all layers or of each. */
    static TestGguf metadata(String architecture, TestGguf model, List<String> tokens, int... keyHeads) {
        var scores = new float[tokens.size()];
        var types = new int[tokens.size()];
        for (var i = 0; i < scores.length; i++) {
            scores[i] = -i;
            types[i] = i == 0 ? UNKNOWN : i < 3 ? CONTROL : i < 3 + BYTES ? BYTE : NORMAL;
        }
        return shape(architecture, model, BLOCKS, keyHeads)
                .uint32(architecture + ".vocab_size", tokens.size())
                .text("tokenizer.ggml.model", "llama")
                .texts("tokenizer.ggml.tokens", tokens)
                .float32s("tokenizer.ggml.scores", scores)
                .int32s("tokenizer.ggml.token_type", types)
                .uint32("tokenizer.ggml.unknown_token_id", 0)
                .uint32("tokenizer.ggml.bos_token_id", 1)
                .uint32("tokenizer.ggml.eos_token_id", 2);
    }

    static List<String> tokens() {
        var tokens = new ArrayList<>(List.of("<unk>", "<s>", "</s>"));
        for (var i = 0; i < BYTES; i++) {
            tokens.add("<0x%02X>".formatted(i));
        }
        tokens.add("▁");
        for (var letter = 'a'; letter <= 'z'; letter++) {
            tokens.add(String.valueOf(letter));
        }
        return tokens;
    }

    static void ones(List<Consumer<TestGguf>> tensors, String name) {
        ones(tensors, name, WIDTH);
    }

    static void ones(List<Consumer<TestGguf>> tensors, String name, int width) {
        filled(tensors, name, 1, width);
    }

    static void filled(List<Consumer<TestGguf>> tensors, String name, float value, long... shape) {
        var values = new float[(int) Arrays.stream(shape).reduce(1, Math::multiplyExact)];
        Arrays.fill(values, value);
        tensors.add(model -> model.tensor(name, shape, values));
    }

    static void random(List<Consumer<TestGguf>> tensors, String name, Random random, int width, int height) {
        var values = new float[width * height];
        for (var i = 0; i < values.length; i++) {
            values[i] = (float) (random.nextGaussian() * 0.1);
        }
        tensors.add(model -> model.tensor(name, new long[] {width, height}, values));
    }
}
