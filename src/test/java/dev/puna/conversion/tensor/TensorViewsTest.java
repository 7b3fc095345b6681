// SPDX-License-Identifier: Apache-2.0
package dev.puna.conversion.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

/** Every view gives what the same operation on plain arrays gives, whatever part of it is read. */
class TensorViewsTest {
    private static final int STEPS = 6;

    /** A tensor as an array, and what was done to it. */
    private record Plain(List<Long> shape, float[] values, String history) {
        float at(long... place) {
            var index = 0L;
            for (var dimension = 0; dimension < place.length; dimension++) {
                index = index * shape.get(dimension) + place[dimension];
            }
            return values[(int) index];
        }

        /** For each element of a shape what lies at the place that the map makes of its place. */
        Plain mapped(List<Long> to, String what, Move move) {
            var result = new float[(int) Shapes.elements(to)];
            for (var index = 0; index < result.length; index++) {
                var place = new long[to.size()];
                var rest = (long) index;
                for (var dimension = place.length - 1; dimension >= 0; dimension--) {
                    place[dimension] = rest % to.get(dimension);
                    rest /= to.get(dimension);
                }
                result[index] = at(move.from(place));
            }
            return new Plain(List.copyOf(to), result, history + what);
        }
    }

    private interface Move {
        long[] from(long... place);
    }

    private record Pair(Tensor tensor, Plain plain) {}

    @RepeatedTest(300)
    void views_of_views_are_right(RepetitionInfo repetition) {
        var random = new Random(repetition.getCurrentRepetition());
        var pair = stored(random);
        for (var step = 0; step < STEPS; step++) {
            pair = changed(pair, random);
            check(pair, random);
        }
    }

    private static void check(Pair pair, Random random) {
        var tensor = pair.tensor;
        var plain = pair.plain;
        assertThat(tensor.shape()).as(plain.history).isEqualTo(plain.shape);
        assertThat(tensor.floats()).as(plain.history).isEqualTo(plain.values);
        if (plain.values.length == 0) {
            return;
        }
        var first = random.nextInt(plain.values.length);
        var count = random.nextInt(plain.values.length - first) + 1;
        var part = new float[count + 3];
        tensor.read(first, part, 2, count);
        for (var index = 0; index < count; index++) {
            assertThat(part[index + 2]).as(plain.history).isEqualTo(plain.values[first + index]);
        }
        if (tensor.stored()) {
            var bytes = ByteBuffer.allocate(count * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
            tensor.copy(first, count, bytes);
            bytes.flip();
            for (var index = 0; index < count; index++) {
                assertThat(bytes.getFloat()).as(plain.history).isEqualTo(plain.values[first + index]);
            }
        }
    }

    private static Pair stored(Random random) {
        var shape = new ArrayList<Long>();
        for (var dimension = random.nextInt(4) + 1; dimension > 0; dimension--) {
            shape.add(random.nextLong(5) + 1);
        }
        return stored(random, shape);
    }

    private static Pair stored(Random random, List<Long> shape) {
        var values = new float[(int) Shapes.elements(shape)];
        var bytes = ByteBuffer.allocate(values.length * Float.BYTES + 5).order(ByteOrder.LITTLE_ENDIAN);
        for (var index = 0; index < values.length; index++) {
            values[index] = random.nextInt(1000);
            bytes.putFloat(5 + index * Float.BYTES, values[index]);
        }
        ByteSource source = (position, into) -> into.put(bytes.array(), (int) position, into.remaining());
        return new Pair(new StoredTensor(source, 5, ElementType.F32, shape), new Plain(shape, values, "of " + shape));
    }

    private static Pair changed(Pair pair, Random random) {
        var dimensions = pair.plain.shape.size();
        return switch (random.nextInt(dimensions == 0 ? 2 : 9)) {
            case 0 -> unsqueezed(pair, random.nextInt(dimensions + 1));
            case 1 -> mapped(pair);
            case 2 -> permuted(pair, random);
            case 3 -> transposed(pair, random.nextInt(dimensions), random.nextInt(dimensions));
            case 4 -> sliced(pair, random.nextInt(dimensions), random);
            case 5 -> every(pair, random.nextInt(dimensions), random);
            case 6 -> joined(pair, random.nextInt(dimensions), random);
            case 7 -> flattened(pair, random);
            default -> at(pair, random.nextInt(dimensions), random);
        };
    }

    private static Pair mapped(Pair pair) {
        var values = pair.plain.values.clone();
        for (var index = 0; index < values.length; index++) {
            values[index] = values[index] / 2 + 1;
        }
        return new Pair(
                pair.tensor.map(value -> value / 2 + 1),
                new Plain(pair.plain.shape, values, pair.plain.history + " map"));
    }

    private static Pair unsqueezed(Pair pair, int dimension) {
        var shape = new ArrayList<>(pair.plain.shape);
        shape.add(dimension, 1L);
        return new Pair(
                pair.tensor.unsqueeze(dimension),
                new Plain(shape, pair.plain.values, pair.plain.history + " unsqueeze"));
    }

    private static Pair permuted(Pair pair, Random random) {
        var axes = new ArrayList<>(
                IntStream.range(0, pair.plain.shape.size()).boxed().toList());
        Collections.shuffle(axes, random);
        var order = axes.stream().mapToInt(Integer::intValue).toArray();
        return new Pair(pair.tensor.permute(order), turned(pair.plain, order));
    }

    private static Plain turned(Plain plain, int... order) {
        var shape = IntStream.of(order).mapToObj(plain.shape::get).toList();
        return plain.mapped(shape, " permute " + IntStream.of(order).boxed().toList(), place -> {
            var from = new long[place.length];
            for (var index = 0; index < order.length; index++) {
                from[order[index]] = place[index];
            }
            return from;
        });
    }

    private static Pair transposed(Pair pair, int one, int other) {
        var order = IntStream.range(0, pair.plain.shape.size()).toArray();
        order[one] = other;
        order[other] = one;
        return new Pair(pair.tensor.transpose(one - order.length, other), turned(pair.plain, order));
    }

    private static Pair sliced(Pair pair, int dimension, Random random) {
        var size = pair.plain.shape.get(dimension).intValue();
        var from = size == 0 ? 0 : random.nextInt(size);
        var to = from + random.nextInt(size - from + 1);
        return new Pair(
                pair.tensor.slice(dimension, from, to),
                pair.plain.mapped(
                        Shapes.with(pair.plain.shape, dimension, to - from),
                        " slice " + dimension + ":" + from + "-" + to,
                        place -> {
                            var moved = place.clone();
                            moved[dimension] += from;
                            return moved;
                        }));
    }

    private static Pair every(Pair pair, int dimension, Random random) {
        var size = pair.plain.shape.get(dimension).intValue();
        var from = size == 0 ? 0 : random.nextInt(Math.min(size, 2));
        return new Pair(
                pair.tensor.every(dimension, from, 2),
                pair.plain.mapped(
                        Shapes.with(pair.plain.shape, dimension, (size - from + 1) / 2),
                        " every " + dimension,
                        place -> {
                            var moved = place.clone();
                            moved[dimension] = from + 2 * moved[dimension];
                            return moved;
                        }));
    }

    private static Pair joined(Pair pair, int dimension, Random random) {
        var other = stored(random, Shapes.with(pair.plain.shape, dimension, random.nextLong(3) + 1));
        long size = pair.plain.shape.get(dimension);
        var shape = Shapes.with(pair.plain.shape, dimension, size + other.plain.shape.get(dimension));
        var values = new float[(int) Shapes.elements(shape)];
        var inner = Shapes.elements(shape.subList(dimension + 1, shape.size()));
        for (var index = 0; index < values.length; index++) {
            var row = index / inner / shape.get(dimension);
            var place = index / inner % shape.get(dimension);
            var from = place < size ? pair.plain : other.plain;
            var within = place < size ? place : place - size;
            values[index] = from.values[(int) ((row * from.shape.get(dimension) + within) * inner + index % inner)];
        }
        return new Pair(
                Tensor.concat(dimension, List.of(pair.tensor, other.tensor)),
                new Plain(shape, values, pair.plain.history + " concat " + dimension));
    }

    private static Pair flattened(Pair pair, Random random) {
        var elements = pair.plain.values.length;
        var rows = elements > 0 && elements % 2 == 0 && random.nextBoolean() ? 2L : 1L;
        return new Pair(
                elements == 0 ? pair.tensor.reshape(rows, 0) : pair.tensor.reshape(rows, -1),
                new Plain(List.of(rows, elements / rows), pair.plain.values, pair.plain.history + " reshape"));
    }

    private static Pair at(Pair pair, int dimension, Random random) {
        var size = pair.plain.shape.get(dimension).intValue();
        if (size == 0) {
            return pair;
        }
        var place = random.nextInt(size);
        var shape = new ArrayList<>(pair.plain.shape);
        shape.remove(dimension);
        return new Pair(pair.tensor.at(dimension, place), pair.plain.mapped(shape, " at " + dimension, rest -> {
            var from = new long[rest.length + 1];
            System.arraycopy(rest, 0, from, 0, dimension);
            from[dimension] = place;
            System.arraycopy(rest, dimension, from, dimension + 1, rest.length - dimension);
            return from;
        }));
    }

    @Test
    void a_large_matrix_is_transposed_in_tiles() {
        var columns = 3000;
        var rows = 1500;
        Tensor base = numbered(rows, columns);

        var turned = base.transpose(0, 1);

        var row = new float[rows];
        for (var index : List.of(0L, 1L, 1397L, 1398L, 2999L, 5L)) {
            turned.read(index * rows, row, 0, rows);
            assertThat(row[0]).isEqualTo((float) index);
            assertThat(row[rows - 1]).isEqualTo((rows - 1) * columns + (float) index);
        }
    }

    /** Elements are their numbers, small enough to be exact. */
    private static Tensor numbered(long... shape) {
        return new Tensor() {
            @Override
            public ElementType type() {
                return ElementType.F32;
            }

            @Override
            public List<Long> shape() {
                return Arrays.stream(shape).boxed().toList();
            }

            @Override
            public void read(long first, float[] into, int at, int count) {
                for (var index = 0; index < count; index++) {
                    into[at + index] = first + index;
                }
            }
        };
    }

    @Test
    void what_does_not_fit_is_refused() {
        var tensor = Tensor.of(new float[6], 2, 3);

        assertThatThrownBy(() -> tensor.reshape(4, 2)).hasMessageContaining("6 elements do not fit");
        assertThatThrownBy(() -> tensor.permute(0, 0)).hasMessageContaining("no order of 2 dimensions");
        assertThatThrownBy(() -> tensor.slice(1, 4, 5)).hasMessageContaining("no slice");
        assertThatThrownBy(() -> tensor.size(2)).hasMessageContaining("no dimension 2");
        assertThatThrownBy(() -> Tensor.concat(0, List.of(tensor, Tensor.of(new float[2], 1, 2))))
                .hasMessageContaining("do not fit together");
    }
}
