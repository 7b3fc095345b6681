// SPDX-License-Identifier: Apache-2.0
package dev.puna.hostile;

import static dev.puna.hostile.GgufParts.STRING;

import dev.puna.hostile.HostileModel.Use;
import dev.puna.support.LittleEndianBytes;
import dev.puna.support.TinyGguf;
import dev.puna.support.TinyLora;
import dev.puna.support.TinyProjector;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.Function;

/** Makes hostile models: the same for the same seed. <b>Threads:</b> one. */
final class HostileModels {
    private final List<byte[]> text = List.of(
            TinyGguf.llama(1).toArray(),
            TinyGguf.gemma3(1, 4).toArray(),
            TinyGguf.qwen2vl(1).toArray());
    private final byte[] reranker = TinyGguf.reranker(1).toArray();
    private final byte[] adapter = TinyLora.fitting(5).toArray();
    private final List<byte[]> projectors = List.of(
            TinyProjector.gemma(1).toArray(),
            TinyProjector.llava(1).toArray(),
            TinyProjector.qwen(1).toArray());
    private final List<Function<Random, HostileModel>> kinds = List.of(
            random -> headers(pick(text, random), random),
            random -> changed("hyper", pick(text, random), Use.TEXT, random, PartChanges::hyperParameter),
            random -> changed("vocabulary", pick(text, random), Use.TEXT, random, VocabularyChanges::vocabulary),
            random -> changed("shape", pick(text, random), Use.TEXT, random, PartChanges::shape),
            random -> changed("type", pick(text, random), Use.TEXT, random, PartChanges::type),
            random -> changed("data", pick(text, random), Use.TEXT, random, PartChanges::data),
            random -> changed("template", pick(text, random), Use.TEXT, random, HostileModels::template),
            random -> changed("charsmap", text.getFirst(), Use.TEXT, random, VocabularyChanges::charsmap),
            random -> flips(pick(text, random), random),
            random -> changed("embedding", reranker, Use.EMBEDDING, random, HostileModels::any),
            random -> changed("adapter", adapter, Use.ADAPTER, random, PartChanges::any),
            random -> changed("projector", pick(projectors, random), Use.PROJECTOR, random, PartChanges::any),
            random -> changed("quantize", pick(text, random), Use.QUANTIZED, random, PartChanges::any));

    /** A change of a file that says what it did. */
    interface Change {
        String apply(GgufParts parts, Random random);
    }

    /** So many, of all kinds in turn. */
    List<HostileModel> take(int count, long seed) {
        var models = new ArrayList<HostileModel>();
        for (var i = 0; i < count; i++) {
            models.add(kinds.get(i % kinds.size()).apply(new Random(seed * 1_000_003 + i)));
        }
        return models;
    }

    private static HostileModel changed(String kind, byte[] good, Use use, Random random, Change change) {
        var parts = GgufParts.of(good);
        var what = change.apply(parts, random);
        return new HostileModel(kind, what, parts.toArray(), use);
    }

    private static String any(GgufParts parts, Random random) {
        return random.nextInt(4) == 0 ? VocabularyChanges.vocabulary(parts, random) : PartChanges.any(parts, random);
    }

    private static String template(GgufParts parts, Random random) {
        var name = pick(HostileTemplates.NAMES, random);
        var jinja = HostileTemplates.of(name);
        parts.set(
                "tokenizer.chat_template",
                STRING,
                new LittleEndianBytes().text(jinja).toArray());
        return name;
    }

    /** Magic, version, counts, alignment, and files that end too early or hold more. */
    private static HostileModel headers(byte[] good, Random random) {
        var file = good.clone();
        var at = pick(List.of(0, 4, 8, 16), random);
        var value = pick(PartChanges.EDGES, random);
        var what = "eight bytes at " + at + " are " + value;
        switch (random.nextInt(3)) {
            case 0 -> {
                var bytes = new LittleEndianBytes().int64(value).toArray();
                System.arraycopy(bytes, 0, file, at, bytes.length);
            }
            case 1 -> {
                var length = random.nextInt(file.length);
                what = "cut at " + length + " of " + file.length;
                file = Arrays.copyOf(file, length);
            }
            default -> {
                var parts = GgufParts.of(good);
                parts.set(
                        "general.alignment",
                        GgufParts.UINT32,
                        new LittleEndianBytes().int32((int) (long) value).toArray());
                what = "alignment " + value;
                file = parts.toArray();
            }
        }
        return new HostileModel("header", what, file, Use.TEXT);
    }

    /** Bits of the header. */
    private static HostileModel flips(byte[] good, Random random) {
        var file = good.clone();
        var header = 9_000;
        var places = new ArrayList<Integer>();
        for (var i = random.nextInt(8); i >= 0; i--) {
            var at = random.nextInt(header);
            places.add(at);
            file[at] = random.nextBoolean() ? (byte) random.nextInt() : (byte) (file[at] ^ (1 << random.nextInt(8)));
        }
        return new HostileModel("flips", places.toString(), file, Use.TEXT);
    }

    static <T> T pick(List<T> choices, Random random) {
        return choices.get(random.nextInt(choices.size()));
    }
}
