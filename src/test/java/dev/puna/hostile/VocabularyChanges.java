// SPDX-License-Identifier: Apache-2.0
package dev.puna.hostile;

import static dev.puna.hostile.HostileModels.pick;

import dev.puna.support.LittleEndianBytes;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/** Changes of tokens, their kinds and scores, and of the ids that stand for something. */
final class VocabularyChanges {
    private static final String PREFIX = "tokenizer.ggml.";
    private static final List<String> KINDS =
            List.of("gpt2", "llama", "bert", "t5", "rwkv", "plamo2", "none", "no_vocab", "test", "hybriddna", "", "x");
    private static final List<String> PRE = List.of(
            "default", "llama-bpe", "deepseek-coder", "gpt-4o", "no-such", "", "chatglm-bpe", "superbpe", "grok-2");
    private static final List<String> IDS =
            List.of("bos", "eos", "unknown", "padding", "eot", "eom", "fim_pre", "seperator", "mask", "cls", "newline");

    private VocabularyChanges() {}

    static String vocabulary(GgufParts parts, Random random) {
        return switch (random.nextInt(6)) {
            case 0 -> tokens(parts, random);
            case 1 -> {
                var id = pick(IDS, random) + "_token_id";
                var value = (int) (long) pick(PartChanges.EDGES, random);
                parts.set(PREFIX + id, GgufParts.UINT32, PartChanges.int32(value));
                yield id + " = " + value;
            }
            case 2 -> text(parts, "model", pick(KINDS, random));
            case 3 -> text(parts, "pre", pick(PRE, random));
            case 4 -> {
                var key = pick(List.of("token_type", "scores"), random);
                var type = pick(List.of(GgufParts.INT32, GgufParts.FLOAT32, GgufParts.UINT32), random);
                var count = pick(List.of(0, 1, count(parts) - 1, count(parts), count(parts) + 5), random);
                var value = pick(PartChanges.EDGES, random);
                parts.set(PREFIX + key, GgufParts.ARRAY, PartChanges.items(type, count, value));
                yield count + " " + key + " of type " + type + " and value " + value;
            }
            default -> {
                var key = pick(
                        List.of("tokens", "scores", "token_type", "model", "bos_token_id", "unknown_token_id"), random);
                parts.entries.removeIf(entry -> entry.key().equals(PREFIX + key));
                yield "without " + key;
            }
        };
    }

    /** What T5's vocabularies bring along to normalise texts, broken. */
    static String charsmap(GgufParts parts, Random random) {
        text(parts, "model", "t5");
        var size = pick(List.of(0, 1, 3, 4, 5, 8, 100, 4096), random);
        var claimed = pick(List.of(0L, 1L, 4L, (long) size, (long) size - 4, 0x7fff_ffffL, 0xffff_ffffL), random);
        var noise = new byte[size];
        random.nextBytes(noise);
        var bytes =
                new LittleEndianBytes().int32((int) (long) claimed).bytes(noise).toArray();
        var value = new LittleEndianBytes()
                .int32(0)
                .int64(bytes.length)
                .bytes(bytes)
                .toArray();
        parts.set(PREFIX + "precompiled_charsmap", GgufParts.ARRAY, value);
        return size + " bytes that claim to be " + claimed;
    }

    private static String tokens(GgufParts parts, Random random) {
        var tokens = parts.entry(PREFIX + "tokens").orElseThrow().texts();
        var what = random.nextInt(7);
        var changed =
                switch (what) {
                    case 0 -> List.<String>of();
                    case 1 -> tokens.subList(0, tokens.size() / 2);
                    case 2 -> Collections.nCopies(tokens.size(), "a");
                    case 3 -> Collections.nCopies(tokens.size(), "");
                    case 4 ->
                        tokens.stream()
                                .map(token -> token.replace("<0x", "<0y"))
                                .toList();
                    case 5 ->
                        tokens.stream()
                                .map(token -> token.startsWith("<0x") ? "<0x" : token)
                                .toList();
                    default -> {
                        var longer = new java.util.ArrayList<>(tokens);
                        longer.set(random.nextInt(longer.size()), "a".repeat(1 << 18));
                        yield longer;
                    }
                };
        var value = new LittleEndianBytes().int32(GgufParts.STRING).int64(changed.size());
        changed.forEach(value::text);
        parts.set(PREFIX + "tokens", GgufParts.ARRAY, value.toArray());
        return "change " + what + " of the tokens";
    }

    private static int count(GgufParts parts) {
        return parts.entry(PREFIX + "tokens").map(entry -> entry.texts().size()).orElse(1);
    }

    private static String text(GgufParts parts, String key, String value) {
        parts.set(
                PREFIX + key,
                GgufParts.STRING,
                new LittleEndianBytes().text(value).toArray());
        return key + " '" + value + "'";
    }
}
