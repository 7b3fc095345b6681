// SPDX-License-Identifier: Apache-2.0
package dev.puna.conversion.tensor;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A matrix that is the product {@code B * A} of two narrow ones, as a LoRA adapter has it: views change the factors, and the product
 * is never made. What changes rows changes {@code B}, what changes columns changes {@code A}. Dimensions before those of the matrix
 * are those of {@code B}; {@code A} has the same ones, or 1 where it serves all. A view that no pair can be is an
 * {@link IllegalArgumentException}.
 */
public final class LowRankTensor implements Tensor {
    /** Elements that are compared at once. */
    private static final int PIECE = 64 << 10;

    private final Tensor a;
    private final Tensor b;
    private final int count;
    private final List<Long> shape;

    /**
     * @param a of the shape (..., rank, columns)
     * @param b of the shape (..., rows, rank)
     */
    public LowRankTensor(Tensor a, Tensor b) {
        count = b.shape().size();
        if (count < 2 || a.shape().size() != count || a.size(-2) != b.size(-1)) {
            throw new IllegalArgumentException(
                    "matrices of the shapes " + a.shape() + " and " + b.shape() + " make no pair");
        }
        this.a = a;
        this.b = b;
        this.shape = Shapes.with(b.shape(), count - 1, a.size(-1));
    }

    /** The factor on the right. */
    public Tensor a() {
        return a;
    }

    /** The factor on the left. */
    public Tensor b() {
        return b;
    }

    /** Elements between the two factors. */
    public long rank() {
        return b.size(-1);
    }

    @Override
    public ElementType type() {
        return a.type() == b.type() ? a.type() : ElementType.F32;
    }

    @Override
    public List<Long> shape() {
        return shape;
    }

    @Override
    public void read(long first, float[] into, int at, int length) {
        throw new IllegalArgumentException("the product of an adapter's matrices cannot be read");
    }

    @Override
    public Tensor reshape(long... wanted) {
        var changed = Shapes.resolved(elements(), wanted);
        if (changed.equals(shape)) {
            return this;
        }
        if (changed.size() < 2 || !changed.getLast().equals(shape.getLast()) || !shared()) {
            throw cannot("take the shape " + changed);
        }
        var left = Shapes.with(changed, changed.size() - 1, rank());
        var right = new long[changed.size()];
        Arrays.fill(right, 1);
        right[right.length - 2] = rank();
        right[right.length - 1] = shape.getLast();
        return new LowRankTensor(
                a.reshape(right),
                b.reshape(left.stream().mapToLong(Long::longValue).toArray()));
    }

    @Override
    public Tensor unsqueeze(int dimension) {
        var index = dimension < 0 ? dimension + count + 1 : dimension;
        if (index > count - 2) {
            throw cannot("have a dimension more at " + dimension);
        }
        return new LowRankTensor(a.unsqueeze(index), b.unsqueeze(index));
    }

    @Override
    public Tensor squeeze() {
        throw cannot("lose dimensions");
    }

    @Override
    public Tensor squeeze(int dimension) {
        var index = Shapes.dimension(dimension, count);
        if (shape.get(index) != 1) {
            return this;
        }
        if (index >= count - 2) {
            throw cannot("lose a dimension");
        }
        return new LowRankTensor(a.squeeze(index), b.squeeze(index));
    }

    @Override
    public Tensor permute(int... axes) {
        var order =
                Arrays.stream(axes).map(axis -> Shapes.dimension(axis, count)).toArray();
        if (order.length == count && order[count - 1] == count - 1 && shared()) {
            return new LowRankTensor(a, b.permute(order));
        }
        var swapped = new int[count];
        Arrays.setAll(swapped, index -> index);
        swapped[count - 1] = count - 2;
        swapped[count - 2] = count - 1;
        if (!Arrays.equals(order, swapped)
                || !a.shape().subList(0, count - 2).equals(b.shape().subList(0, count - 2))) {
            throw cannot("be turned");
        }
        return new LowRankTensor(b.permute(order), a.permute(order));
    }

    @Override
    public Tensor slice(int dimension, long from, long to) {
        return cut(Shapes.dimension(dimension, count), (part, index) -> part.slice(index, from, to));
    }

    @Override
    public Tensor every(int dimension, long from, long step) {
        return cut(Shapes.dimension(dimension, count), (part, index) -> part.every(index, from, step));
    }

    @Override
    public Tensor map(FloatMap map) {
        throw cannot("be changed element by element");
    }

    private interface Cut {
        Tensor of(Tensor part, int dimension);
    }

    private Tensor cut(int index, Cut cut) {
        if (index == count - 1) {
            return new LowRankTensor(cut.of(a, index), b);
        }
        var whole = index == count - 2 || a.shape().get(index) == 1;
        return new LowRankTensor(whole ? a : cut.of(a, index), cut.of(b, index));
    }

    /** Pairs one behind the other in a dimension; rows of pairs can follow each other only where all have the same {@code A}. */
    static Tensor joined(int dimension, List<Tensor> parts) {
        var left = new ArrayList<Tensor>();
        var right = new ArrayList<Tensor>();
        for (var part : parts) {
            if (!(part instanceof LowRankTensor pair)) {
                throw new IllegalArgumentException("a pair of an adapter cannot be joined with a whole weight");
            }
            left.add(pair.b);
            right.add(pair.a);
        }
        var count = left.getFirst().shape().size();
        var index = Shapes.dimension(dimension, count);
        if (index == count - 1) {
            throw new IllegalArgumentException("pairs of an adapter cannot be joined by columns");
        }
        if (index < count - 2) {
            return new LowRankTensor(Tensor.concat(index, right), Tensor.concat(index, left));
        }
        var first = right.getFirst();
        for (var other : right) {
            if (!other.shape().equals(first.shape()) || !same(other, first)) {
                throw new IllegalArgumentException("rows of an adapter's pairs with different A cannot be joined");
            }
        }
        return new LowRankTensor(first, Tensor.concat(index, left));
    }

    private static boolean same(Tensor one, Tensor other) {
        var left = new float[PIECE];
        var right = new float[PIECE];
        for (var at = 0L; at < one.elements(); at += PIECE) {
            var length = (int) Math.min(PIECE, one.elements() - at);
            one.read(at, left, 0, length);
            other.read(at, right, 0, length);
            if (!Arrays.equals(left, right)) {
                return false;
            }
        }
        return true;
    }

    /** Whether one {@code A} serves all. */
    private boolean shared() {
        return a.shape().subList(0, count - 2).stream().allMatch(size -> size == 1);
    }

    private IllegalArgumentException cannot(String what) {
        return new IllegalArgumentException(
                "the adapter's matrices for a weight of shape " + shape + " and rank " + rank() + " cannot " + what);
    }
}
