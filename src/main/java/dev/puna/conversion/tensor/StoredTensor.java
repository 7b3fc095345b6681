// SPDX-License-Identifier: Apache-2.0
package dev.puna.conversion.tensor;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/** A tensor whose elements lie one behind the other, little-endian. */
public final class StoredTensor implements Tensor {
    /** Elements that are decoded at once. */
    private static final int PIECE = 64 << 10;

    private final ByteSource source;
    private final long position;
    private final ElementType type;
    private final List<Long> shape;

    /**
     * @param source is borrowed
     * @param position of its first byte there
     */
    public StoredTensor(ByteSource source, long position, ElementType type, List<Long> shape) {
        this.source = source;
        this.position = position;
        this.type = type;
        this.shape = List.copyOf(shape);
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
        return true;
    }

    @Override
    public void copy(long first, int count, ByteBuffer into) {
        var limit = into.limit();
        into.limit(into.position() + count * type.bytes());
        source.read(position + first * type.bytes(), into);
        into.limit(limit);
    }

    @Override
    public void read(long first, float[] into, int at, int count) {
        var buffer = ByteBuffer.allocate(Math.min(count, PIECE) * type.bytes()).order(ByteOrder.LITTLE_ENDIAN);
        for (var done = 0; done < count; done += PIECE) {
            var length = Math.min(PIECE, count - done);
            buffer.clear().limit(length * type.bytes());
            source.read(position + (first + done) * type.bytes(), buffer);
            Elements.decode(type, buffer.flip(), into, at + done, length);
        }
    }
}
