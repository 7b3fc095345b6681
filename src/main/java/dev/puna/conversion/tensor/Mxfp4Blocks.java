// SPDX-License-Identifier: Apache-2.0
package dev.puna.conversion.tensor;

import java.nio.ByteBuffer;
import java.util.List;

/**
 * Numbers of four bits with a scale for each 32, from the order in which they are published to that of ggml: a scale, then sixteen
 * bytes that hold the first half of the block in their lower and the second half in their upper four bits. Source: the OCP
 * microscaling formats, and {@code block_mxfp4} of ggml. Bytes can only be copied in whole blocks.
 */
public final class Mxfp4Blocks implements Tensor {
    /** Elements of a block. */
    public static final int ELEMENTS = 32;

    private static final int CODES = ELEMENTS / 2;
    private static final int SIZE = CODES + 1;
    private static final int BATCH = 4096;

    private final Tensor blocks;
    private final Tensor scales;
    private final byte[] codes = new byte[BATCH * CODES];
    private final byte[] powers = new byte[BATCH];

    /**
     * @param blocks bytes with two neighbours each, the first in the lower bits; sixteen in the last dimension
     * @param scales biased exponents, one for each block
     */
    public Mxfp4Blocks(Tensor blocks, Tensor scales) {
        if (blocks.size(-1) != CODES || blocks.elements() != scales.elements() * CODES) {
            throw new IllegalArgumentException(
                    "blocks of the shape " + blocks.shape() + " have scales of " + scales.shape());
        }
        this.blocks = blocks;
        this.scales = scales;
    }

    @Override
    public ElementType type() {
        return ElementType.U8;
    }

    @Override
    public List<Long> shape() {
        return List.of(scales.elements(), (long) SIZE);
    }

    @Override
    public void read(long first, float[] into, int at, int count) {
        throw new IllegalStateException("blocks are read as bytes");
    }

    @Override
    public boolean stored() {
        return true;
    }

    @Override
    public void copy(long first, int count, ByteBuffer into) {
        if (first % SIZE != 0 || count % SIZE != 0) {
            throw new IllegalArgumentException("no whole blocks: " + first + ", " + count);
        }
        var block = first / SIZE;
        var end = block + count / SIZE;
        while (block < end) {
            var some = (int) Math.min(BATCH, end - block);
            blocks.copy(block * CODES, some * CODES, ByteBuffer.wrap(codes));
            scales.copy(block, some, ByteBuffer.wrap(powers));
            for (var index = 0; index < some; index++) {
                into.put(powers[index]);
                put(index * CODES, into);
            }
            block += some;
        }
    }

    private void put(int from, ByteBuffer into) {
        for (var pair = 0; pair < CODES / 2; pair++) {
            var lower = codes[from + pair];
            var upper = codes[from + pair + CODES / 2];
            into.put((byte) ((lower & 0xf) | (upper << 4)));
            into.put((byte) (((lower >> 4) & 0xf) | (upper & 0xf0)));
        }
    }
}
