// SPDX-License-Identifier: Apache-2.0
package dev.puna.conversion.tensor;

import java.nio.ByteBuffer;
import java.util.List;

/** Tensors one behind the other in a dimension. */
final class JoinedTensor implements Tensor {
    private final List<Tensor> parts;
    private final List<Long> shape;
    private final ElementType type;
    private final boolean stored;
    /** Elements of each part between two places of the dimensions before the joint; the last one is the sum. */
    private final long[] ends;

    JoinedTensor(int dimension, List<Tensor> parts) {
        this.parts = List.copyOf(parts);
        var first = parts.getFirst();
        var joint = Shapes.dimension(dimension, first.shape().size());
        var inner =
                Shapes.elements(first.shape().subList(joint + 1, first.shape().size()));
        ends = new long[parts.size()];
        var length = 0L;
        for (var index = 0; index < ends.length; index++) {
            var part = parts.get(index);
            if (!Shapes.with(part.shape(), joint, 0).equals(Shapes.with(first.shape(), joint, 0))) {
                throw new IllegalArgumentException(
                        "the shapes " + first.shape() + " and " + part.shape() + " do not fit together");
            }
            length += part.shape().get(joint);
            ends[index] = length * inner;
        }
        shape = Shapes.with(first.shape(), joint, length);
        var one = parts.stream().allMatch(part -> part.type() == first.type());
        type = one ? first.type() : ElementType.F32;
        stored = one && parts.stream().allMatch(Tensor::stored);
    }

    @Override
    public ElementType type() {
        return type;
    }

    @Override
    public List<Long> shape() {
        return shape;
    }

    @Override
    public boolean stored() {
        return stored;
    }

    @Override
    public void read(long first, float[] into, int at, int count) {
        runs(first, count, (part, from, done, length) -> part.read(from, into, at + done, length));
    }

    @Override
    public void copy(long first, int count, ByteBuffer into) {
        runs(first, count, (part, from, _, length) -> part.copy(from, length, into));
    }

    private interface Run {
        void take(Tensor part, long from, int done, int length);
    }

    private void runs(long first, int count, Run run) {
        var period = ends[ends.length - 1];
        var done = 0;
        while (done < count) {
            var place = first + done;
            var row = place / period;
            var within = place % period;
            var index = 0;
            while (within >= ends[index]) {
                index++;
            }
            var begin = index == 0 ? 0 : ends[index - 1];
            var length = (int) Math.min(count - done, ends[index] - within);
            run.take(parts.get(index), row * (ends[index] - begin) + within - begin, done, length);
            done += length;
        }
    }
}
