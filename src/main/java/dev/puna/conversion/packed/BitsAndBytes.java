// SPDX-License-Identifier: Apache-2.0
package dev.puna.conversion.packed;

import dev.puna.conversion.source.Config;
import dev.puna.conversion.source.Json;
import dev.puna.conversion.tensor.Tensor;
import java.nio.ByteBuffer;
import java.util.Map;

/**
 * Weights of bitsandbytes: codes of four bits that stand in a table, with the largest number of each block, which may be a code of
 * eight bits itself; or rows of eight bits. Source: its documented {@code QuantState}. What does not fit is an
 * {@link IllegalArgumentException}. Stateless.
 */
final class BitsAndBytes {
    static final String STATE = ".quant_state.bitsandbytes__";

    /** What a code of eight bits stands for is a part of its row's largest number. */
    private static final float PART = 1 / 127f;

    private BitsAndBytes() {}

    /** Rows of eight bits with the largest number of each. */
    static Tensor rows(Tensor codes, Tensor largest) {
        return new Scaled(codes, largest).map(value -> value * PART);
    }

    /**
     * Codes of four bits, the earlier element in the upper ones.
     *
     * @param parts what lies beside the codes, by the end of its name
     * @param state where {@link #STATE} begins the name of it
     */
    static Tensor fourBits(String name, Tensor codes, Map<String, Tensor> parts, Tensor state) {
        var settings = new Config("tensor " + name + STATE, Json.object(name + STATE, bytes(state)));
        var shape = settings.wholes("shape");
        var block = settings.whole("blocksize");
        var table = part(parts, ".quant_map").floats();
        var absmax = part(parts, ".absmax");
        var nested = parts.get(".nested_absmax");
        var steps = nested == null ? null : part(parts, ".nested_quant_map").floats();
        var nestedBlock = nested == null ? 1 : settings.whole("nested_blocksize");
        var offset = nested == null ? 0 : (float) settings.real("nested_offset");
        var elements = elements(shape, codes.elements() * 2);
        if (elements < 1
                || block < 1
                || nestedBlock < 1
                || table.length != 16
                || (steps != null && steps.length != 256)
                || codes.type().bytes() != 1
                || codes.elements() != Math.ceilDiv(elements, 2)
                || absmax.elements() != Math.ceilDiv(elements, block)
                || (nested != null && nested.elements() != Math.ceilDiv(absmax.elements(), nestedBlock))) {
            throw new IllegalArgumentException("its state of bitsandbytes does not fit " + codes.elements()
                    + " bytes of codes and " + absmax.elements() + " blocks");
        }
        var columns = shape[shape.length - 1];
        var code = new Window(codes);
        var largest = new Window(absmax);
        var further = new Window(nested == null ? absmax : nested);
        Unpacked.Rule rule = (row, from, to, into, at) -> {
            var put = at - from;
            var column = from;
            while (column < to) {
                var element = row * columns + column;
                var number = element / block;
                var scale = steps == null
                        ? largest.number(number)
                        : steps[largest.whole(number)] * further.number(number / nestedBlock) + offset;
                var end = (int) Math.min(to, (number + 1) * block - row * columns);
                for (; column < end; column++, element++) {
                    var pair = code.whole(element >>> 1);
                    into[put + column] = table[(element & 1) == 0 ? pair >>> 4 : pair & 0xf] * scale;
                }
            }
        };
        return new Unpacked(elements / columns, columns, rule, code, largest, further).reshape(shape);
    }

    /** How many elements there are, or 0 where there are none, or more than so many. */
    private static long elements(long[] shape, long most) {
        var elements = shape.length == 0 ? 0 : 1L;
        for (var size : shape) {
            elements = size < 1 || elements > most / size ? 0 : elements * size;
        }
        return elements;
    }

    private static Tensor part(Map<String, Tensor> parts, String end) {
        var part = parts.get(end);
        if (part == null) {
            throw new IllegalArgumentException("it has no " + end + " beside it");
        }
        return part;
    }

    private static byte[] bytes(Tensor state) {
        var bytes = ByteBuffer.allocate(
                (int) Math.min(state.elements() * state.type().bytes(), 1 << 16));
        state.copy(0, bytes.capacity() / state.type().bytes(), bytes);
        return bytes.array();
    }
}
