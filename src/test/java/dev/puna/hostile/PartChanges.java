// SPDX-License-Identifier: Apache-2.0
package dev.puna.hostile;

import static dev.puna.hostile.HostileModels.pick;

import dev.puna.gguf.TensorType;
import dev.puna.hostile.GgufParts.Tensor;
import dev.puna.support.LittleEndianBytes;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;

/** Changes of numbers in the header and of tensors. */
final class PartChanges {
    /** Numbers at which arithmetic goes wrong. */
    static final List<Long> EDGES = List.of(
            0L,
            1L,
            2L,
            3L,
            5L,
            7L,
            8L,
            16L,
            255L,
            0x7fff_ffffL,
            0x8000_0000L,
            0xffff_ffffL,
            1L << 32,
            1L << 62,
            Long.MIN_VALUE,
            -1L);

    private static final List<Float> REALS =
            List.of(0f, -1f, Float.NaN, Float.POSITIVE_INFINITY, 1e38f, Float.MIN_VALUE);

    private static final List<String> STRANGERS = List.of(
            "rope_freqs.weight",
            "blk.0.attn_q.bias",
            "output.bias",
            "blk.0.attn_qkv.weight",
            "blk.9.attn_q.weight",
            "output.weight",
            "blk.0.ffn_gate_inp.weight",
            "cls.weight",
            "blk.0.attn_sinks.weight",
            "",
            "token_embd.weight");

    private PartChanges() {}

    static String any(GgufParts parts, Random random) {
        return switch (random.nextInt(5)) {
            case 0 -> shape(parts, random);
            case 1 -> type(parts, random);
            case 2 -> data(parts, random);
            default -> hyperParameter(parts, random);
        };
    }

    /** One or two numbers of the header that are no vocabulary, or none in their place. */
    static String hyperParameter(GgufParts parts, Random random) {
        var numbers = parts.entries.stream()
                .filter(entry -> !entry.key().startsWith("tokenizer.") && entry.type() != GgufParts.STRING)
                .toList();
        var entry = pick(numbers, random);
        if (random.nextInt(8) == 0) {
            parts.entries.remove(entry);
            return "without " + entry.key();
        }
        var edge = pick(EDGES, random);
        switch (entry.type()) {
            case GgufParts.FLOAT32 -> {
                var real = pick(REALS, random);
                parts.set(entry.key(), entry.type(), int32(Float.floatToRawIntBits(real)));
                return entry.key() + " = " + real;
            }
            case GgufParts.ARRAY ->
                parts.set(entry.key(), GgufParts.ARRAY, items(GgufParts.INT32, random.nextInt(9), edge));
            case GgufParts.BOOL -> parts.set(entry.key(), GgufParts.BOOL, new byte[] {(byte) random.nextInt(3)});
            default -> {
                var value = random.nextInt(3) == 0 ? scaled(entry.value(), random) : edge;
                parts.set(entry.key(), entry.type(), Arrays.copyOf(int32((int) value), entry.value().length));
                return entry.key() + " = " + value;
            }
        }
        return entry.key() + " of type " + entry.type() + " changed by " + edge;
    }

    /** Another shape, name or place of a tensor, or one more or fewer. */
    static String shape(GgufParts parts, Random random) {
        var index = random.nextInt(parts.tensors.size());
        var tensor = parts.tensors.get(index);
        var what = random.nextInt(9);
        switch (what) {
            case 0 -> parts.tensors.remove(index);
            case 1 -> parts.tensors.set(index, tensor.named(pick(STRANGERS, random)));
            case 2 -> parts.tensors.set(index, tensor.at(pick(EDGES, random)));
            case 3 -> parts.tensors.add(tensor.named(pick(STRANGERS, random)));
            case 4 -> {
                var shape = tensor.shape().clone();
                shape[random.nextInt(shape.length)] = pick(EDGES, random);
                parts.tensors.set(index, tensor.shaped(shape));
            }
            default -> parts.tensors.set(index, resized(tensor, what, random));
        }
        return "change " + what + " of the shape of " + tensor.name();
    }

    /** Another type, with as much data as that takes. */
    static String type(GgufParts parts, Random random) {
        var index = random.nextInt(parts.tensors.size());
        var tensor = parts.tensors.get(index);
        var type = pick(List.of(TensorType.values()), random);
        var elements = LongStream.of(tensor.shape()).reduce(1, (a, b) -> a * b);
        var bytes = Math.toIntExact((elements + type.blockElements() - 1) / type.blockElements() * type.blockBytes());
        parts.tensors.set(index, tensor.typed(type.code()).holding(noise(bytes, random)));
        if (random.nextInt(10) == 0) {
            parts.tensors.set(index, tensor.typed(random.nextInt(60)));
        }
        return tensor.name() + " of type " + parts.tensors.get(index).type();
    }

    /** Other numbers in a tensor, or in all. */
    static String data(GgufParts parts, Random random) {
        var all = random.nextInt(4) == 0;
        var chosen = random.nextInt(parts.tensors.size());
        var fill = pick(List.of(0, 0x7fc00000, 0x7f800000, -1, 0x7f7fffff), random);
        for (var i = 0; i < parts.tensors.size(); i++) {
            var tensor = parts.tensors.get(i);
            if (all || i == chosen) {
                var bytes = new LittleEndianBytes();
                for (var at = 0; at < tensor.data().length; at += Integer.BYTES) {
                    bytes.int32(fill);
                }
                parts.tensors.set(i, tensor.holding(bytes.toArray()));
            }
        }
        return "%s all 0x%08x"
                .formatted(all ? "every tensor" : parts.tensors.get(chosen).name(), fill);
    }

    private static Tensor resized(Tensor tensor, int what, Random random) {
        var shape =
                switch (what) {
                    case 5 ->
                        LongStream.of(tensor.shape())
                                .map(length -> Math.max(1, length / 2))
                                .toArray();
                    case 6 ->
                        LongStream.of(tensor.shape()).map(length -> length * 2).toArray();
                    case 7 ->
                        LongStream.concat(LongStream.of(tensor.shape()), LongStream.of(2))
                                .toArray();
                    default -> LongStream.of(tensor.shape()).map(_ -> 1).toArray();
                };
        var elements = LongStream.of(shape).reduce(1, (a, b) -> a * b);
        return tensor.shaped(shape).holding(noise(Math.toIntExact(4 * elements), random));
    }

    private static byte[] noise(int length, Random random) {
        var bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }

    private static long scaled(byte[] value, Random random) {
        var number = value.length < Integer.BYTES ? value[0] : (value[0] & 0xff) | ((value[1] & 0xff) << 8);
        return pick(List.of(number + 1L, number - 1L, number * 2L, number * 3L, number / 2L), random);
    }

    static byte[] int32(int value) {
        return new LittleEndianBytes().int32(value).toArray();
    }

    static byte[] items(int type, int count, long value) {
        var items = new LittleEndianBytes().int32(type).int64(count);
        for (var i = 0; i < count; i++) {
            items.int32((int) value);
        }
        return items.toArray();
    }
}
