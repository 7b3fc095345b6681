// SPDX-License-Identifier: Apache-2.0
package dev.puna.support;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Models that say one text, whatever they are asked, unless a grammar keeps them from it: each piece of the text is a token that
 * makes the next one likely, and every other token makes the first one likely. Attention and feed-forward layers are zero.
 */
public final class ParrotGguf {
    private static final int WIDTH = 256;
    private static final int FEED_FORWARD = 32;
    private static final int BYTES = 256;
    private static final int SHORTEST_PIECE = 3;

    private static final int NORMAL = 1;
    private static final int UNKNOWN = 2;
    private static final int CONTROL = 3;
    private static final int BYTE = 6;

    private static final int END = 2;

    private ParrotGguf() {}

    /**
     * A model of some 700 kB.
     *
     * @param chatTemplate its Jinja template
     * @param text what it says at temperature 0
     */
    public static byte[] saying(String chatTemplate, String text) {
        var pieces = List.copyOf(pieces(text));
        var tokens = new ArrayList<>(List.of("<unk>", "<s>", "</s>"));
        for (var i = 0; i < BYTES; i++) {
            tokens.add("<0x%02X>".formatted(i));
        }
        tokens.add("▁");
        var firstPiece = tokens.size();
        pieces.forEach(piece -> tokens.add(piece.replace(' ', '▁')));

        var model = metadata(tokens).text("tokenizer.chat_template", chatTemplate);
        var states = new float[WIDTH * tokens.size()];
        var weights = new float[WIDTH * tokens.size()];
        for (var token = 0; token < tokens.size(); token++) {
            states[token * WIDTH + Math.max(0, token - firstPiece + 1)] = 1;
        }
        for (var i = 0; i < pieces.size(); i++) {
            weights[(firstPiece + i) * WIDTH + i] = 1;
        }
        weights[END * WIDTH + pieces.size()] = 1;
        var ones = new float[WIDTH];
        Arrays.fill(ones, 1);
        var square = new float[WIDTH * WIDTH];
        var wide = new float[WIDTH * FEED_FORWARD];
        return model.tensor("token_embd.weight", new long[] {WIDTH, tokens.size()}, states)
                .tensor("output.weight", new long[] {WIDTH, tokens.size()}, weights)
                .tensor("output_norm.weight", new long[] {WIDTH}, ones)
                .tensor("blk.0.attn_norm.weight", new long[] {WIDTH}, ones)
                .tensor("blk.0.ffn_norm.weight", new long[] {WIDTH}, ones)
                .tensor("blk.0.attn_q.weight", new long[] {WIDTH, WIDTH}, square)
                .tensor("blk.0.attn_k.weight", new long[] {WIDTH, WIDTH}, square)
                .tensor("blk.0.attn_v.weight", new long[] {WIDTH, WIDTH}, square)
                .tensor("blk.0.attn_output.weight", new long[] {WIDTH, WIDTH}, square)
                .tensor("blk.0.ffn_gate.weight", new long[] {WIDTH, FEED_FORWARD}, wide)
                .tensor("blk.0.ffn_up.weight", new long[] {WIDTH, FEED_FORWARD}, wide)
                .tensor("blk.0.ffn_down.weight", new long[] {FEED_FORWARD, WIDTH}, wide)
                .toArray();
    }

    /** The text in pieces of which no two are the same. */
    private static Set<String> pieces(String text) {
        var pieces = new LinkedHashSet<String>();
        var last = "";
        for (var from = 0; from < text.length(); ) {
            var to = Math.min(text.length(), from + SHORTEST_PIECE);
            while (to < text.length() && pieces.contains(text.substring(from, to))) {
                to++;
            }
            var piece = text.substring(from, to);
            if (piece.length() < SHORTEST_PIECE || pieces.contains(piece)) {
                pieces.remove(last);
                piece = last + piece;
            }
            pieces.add(piece);
            last = piece;
            from = to;
        }
        if (pieces.size() >= WIDTH || !String.join("", pieces).equals(text)) {
            throw new IllegalArgumentException("a parrot cannot say this: " + text);
        }
        return pieces;
    }

    private static TestGguf metadata(List<String> tokens) {
        var scores = new float[tokens.size()];
        var types = new int[tokens.size()];
        for (var i = 0; i < types.length; i++) {
            scores[i] = -i;
            types[i] = i == 0 ? UNKNOWN : i < 3 ? CONTROL : i < 3 + BYTES ? BYTE : NORMAL;
        }
        return new TestGguf()
                .text("general.architecture", "llama")
                .text("general.type", "model")
                .text("general.name", "Parrot")
                .uint32("general.file_type", 0)
                .uint32("llama.context_length", 4096)
                .uint32("llama.embedding_length", WIDTH)
                .uint32("llama.block_count", 1)
                .uint32("llama.feed_forward_length", FEED_FORWARD)
                .uint32("llama.attention.head_count", 4)
                .uint32("llama.attention.head_count_kv", 4)
                .float32("llama.attention.layer_norm_rms_epsilon", 1e-5f)
                .uint32("llama.vocab_size", tokens.size())
                .text("tokenizer.ggml.model", "llama")
                .texts("tokenizer.ggml.tokens", tokens)
                .float32s("tokenizer.ggml.scores", scores)
                .int32s("tokenizer.ggml.token_type", types)
                .uint32("tokenizer.ggml.unknown_token_id", 0)
                .bool("tokenizer.ggml.add_space_prefix", false)
                .uint32("tokenizer.ggml.bos_token_id", 1)
                .uint32("tokenizer.ggml.eos_token_id", END);
    }
}
