// SPDX-License-Identifier: Apache-2.0
package dev.puna.conversion.packed;

import dev.puna.conversion.tensor.ElementType;
import dev.puna.conversion.tensor.Tensor;
import dev.puna.failure.InvalidRequest;
import org.jspecify.annotations.Nullable;

/**
 * Matrices of whole numbers of a few bits, packed into words, with a scale for some that lie together. What does not fit is an
 * {@link IllegalArgumentException}. Stateless.
 */
final class Matrices {
    private static final int WORD = Integer.SIZE;

    private Matrices() {}

    /**
     * As GPTQ packs them: codes of a column one behind the other through the words of the column, zeros and scales of each group of
     * rows. Source: {@code dequant_gptq} of llama.cpp's converter; where codes of three bits go from word to word by AutoGPTQ.
     *
     * @param groups the number of each row's group, or none where groups follow each other
     * @param offset that is added to each zero
     */
    static Tensor gptq(Tensor codes, Tensor zeros, Tensor scales, @Nullable Tensor groups, int bits, int offset) {
        words(codes);
        words(zeros);
        var columns = codes.size(1);
        var rows = codes.size(0) * WORD / bits;
        var count = scales.size(0);
        var zeroWords = zeros.size(1);
        fit(scales.size(1) == columns && zeros.size(0) == count && zeroWords * WORD == columns * bits, codes, scales);
        fit(groups == null ? count > 0 : groups.elements() == rows, codes, scales);
        var length = groups == null ? Math.ceilDiv(rows, count) : 1;
        var mask = (1 << bits) - 1;
        var code = new Window(codes);
        var further = new Window(codes);
        var zero = new Window(zeros);
        var scale = new Window(scales);
        var group = new Window(groups == null ? scales : groups);
        Unpacked.Rule rule = (row, from, to, into, at) -> {
            var index = groups == null ? row / length : group.whole(row);
            if (index < 0 || index >= count) {
                throw new InvalidRequest(
                        "the weights are damaged: row " + row + " is of the group " + index + " of " + count);
            }
            var shift = (int) (row * bits) & WORD - 1;
            var words = ((row * bits) >>> 5) * columns;
            var split = shift + bits > WORD;
            var put = at - from;
            for (var column = from; column < to; column++) {
                var value = code.whole(words + column) >>> shift;
                if (split) {
                    value |= further.whole(words + columns + column) << (WORD - shift);
                }
                var zeroAt = column * bits;
                var zeroShift = zeroAt & WORD - 1;
                var zeroWord = index * zeroWords + (zeroAt >>> 5);
                var none = zero.whole(zeroWord) >>> zeroShift;
                if (zeroShift + bits > WORD) {
                    none |= zero.whole(zeroWord + 1) << (WORD - zeroShift);
                }
                into[put + column] =
                        scale.number(index * columns + column) * ((value & mask) - ((none & mask) + offset));
            }
        };
        return new Unpacked(rows, columns, rule, code, further, zero, scale, group).transpose(0, 1);
    }

    /**
     * As AWQ packs them for its kernel GEMM: four bits, eight columns in a word, first those of even numbers. Source: AutoAWQ, its
     * order of packing 0 2 4 6 1 3 5 7.
     */
    static Tensor awq(Tensor codes, Tensor zeros, Tensor scales) {
        words(codes);
        words(zeros);
        var words = codes.size(1);
        var columns = words * 8;
        var rows = codes.size(0);
        var count = scales.size(0);
        fit(scales.size(1) == columns && zeros.size(0) == count && zeros.size(1) == words, codes, scales);
        fit(count > 0 && rows % count == 0, codes, scales);
        var length = rows / count;
        var code = new Window(codes);
        var zero = new Window(zeros);
        var scale = new Window(scales);
        Unpacked.Rule rule = (row, from, to, into, at) -> {
            var group = row / length;
            var put = at - from;
            for (var column = from; column < to; column++) {
                var shift = (column & 1) << 4 | (column & 6) << 1;
                var value = code.whole(row * words + (column >>> 3)) >>> shift & 0xf;
                var none = zero.whole(group * words + (column >>> 3)) >>> shift & 0xf;
                into[put + column] = (value - none) * scale.number(group * columns + column);
            }
        };
        return new Unpacked(rows, columns, rule, code, zero, scale).transpose(0, 1);
    }

    /**
     * As compressed-tensors packs them: codes of a row, as many as fit a word, zeros of a column likewise. Source:
     * {@code dequant_packed} of llama.cpp's converter.
     *
     * @param zeros or none, where the middle of the range is zero
     * @param groups the number of each column's group, or none where groups follow each other
     * @param group columns of a group, or less than 1 for as many as the scales leave
     */
    static Tensor compressed(
            Tensor codes,
            Tensor scales,
            Tensor shape,
            @Nullable Tensor zeros,
            @Nullable Tensor groups,
            int bits,
            long group) {
        words(codes);
        var sizes = new Window(shape);
        fit(
                shape.elements() == 2 && (shape.type() == ElementType.I64 || shape.type() == ElementType.I32),
                codes,
                shape);
        var rows = (long) sizes.whole(0);
        var columns = (long) sizes.whole(1);
        var each = WORD / bits;
        var words = codes.size(1);
        var one = scales.elements() == 1;
        var count = one ? 1 : scales.shape().size() == 1 ? 1 : scales.size(1);
        fit(rows > 0 && columns > 0 && codes.size(0) == rows && words == Math.ceilDiv(columns, each), codes, shape);
        fit(one || (scales.size(0) == rows && scales.elements() == rows * count), codes, scales);
        var length = (int) Math.min(columns, group < 1 ? Math.ceilDiv(columns, count) : group);
        fit(
                groups == null ? Math.ceilDiv(columns, (long) length) == count : groups.elements() == columns,
                codes,
                scales);
        if (zeros != null) {
            words(zeros);
            fit(zeros.size(0) == Math.ceilDiv(rows, each) && zeros.size(1) == count && !one, codes, zeros);
        }
        var mask = (1 << bits) - 1;
        var middle = 1 << (bits - 1);
        var used = each * bits;
        var code = new Window(codes);
        var zero = new Window(zeros == null ? codes : zeros);
        var scale = new Window(scales);
        var place = new Window(groups == null ? codes : groups);
        Unpacked.Rule rule = (row, from, to, into, at) -> {
            var zeroRow = row / each * count;
            var zeroShift = (int) (row % each) * bits;
            var put = at - from;
            var word = row * words + from / each;
            var shift = from % each * bits;
            var column = from;
            while (column < to) {
                var index = groups == null ? column / length : place.whole(column);
                if (index < 0 || index >= count) {
                    throw new InvalidRequest(
                            "the weights are damaged: column " + column + " is of the group " + index + " of " + count);
                }
                var none = zeros == null ? middle : zero.whole(zeroRow + index) >>> zeroShift & mask;
                var step = scale.number(one ? 0 : row * count + index);
                var end = groups == null ? (int) Math.min(to, (index + 1L) * length) : column + 1;
                for (; column < end; column++) {
                    into[put + column] = ((code.whole(word) >>> shift & mask) - none) * step;
                    shift += bits;
                    if (shift == used) {
                        shift = 0;
                        word++;
                    }
                }
            }
        };
        return new Unpacked(rows, columns, rule, code, zero, scale, place);
    }

    /** As BitNet packs them: four rows a quarter of the matrix apart in a byte; the scale divides. Source: the same converter. */
    static Tensor bitnet(Tensor codes, Tensor scale) {
        fit(codes.shape().size() == 2 && codes.type().bytes() == 1 && scale.elements() == 1, codes, scale);
        var quarter = codes.size(0);
        var columns = codes.size(1);
        var code = new Window(codes);
        var divisor = new Window(scale);
        Unpacked.Rule rule = (row, from, to, into, at) -> {
            var bytes = row % quarter * columns;
            var shift = (int) (row / quarter) * 2;
            for (var column = from; column < to; column++) {
                into[at + column - from] = ((code.whole(bytes + column) >>> shift & 3) - 1) / divisor.number(0);
            }
        };
        return new Unpacked(quarter * 4, columns, rule, code, divisor);
    }

    private static void words(Tensor tensor) {
        if (tensor.type() != ElementType.I32 || tensor.shape().size() != 2) {
            throw new IllegalArgumentException(
                    "its codes must be a matrix of I32, not " + tensor.type() + " of the shape " + tensor.shape());
        }
    }

    private static void fit(boolean fits, Tensor codes, Tensor other) {
        if (!fits) {
            throw new IllegalArgumentException("codes of the shape " + codes.shape() + " do not fit " + other.shape());
        }
    }
}
