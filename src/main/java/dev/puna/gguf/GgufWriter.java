// SPDX-License-Identifier: Apache-2.0
package dev.puna.gguf;

import static java.util.Objects.requireNonNull;

import java.nio.ByteBuffer;
import java.util.function.Consumer;

/**
 * Writes a GGUF file in one pass from front to end: the header at once, then the data of the tensors in the order of the layout,
 * in pieces of any size. No more than the header is in memory.
 *
 * <p><b>Borrows</b> the sink, to which a piece is valid until it returns. <b>Threads:</b> one.
 */
public final class GgufWriter {
    private final GgufLayout layout;
    private final Consumer<ByteBuffer> sink;
    private int tensor;
    /** Bytes that the current tensor still lacks. */
    private long missing;

    /** Writes the header. */
    public GgufWriter(GgufLayout layout, Consumer<ByteBuffer> sink) {
        this.layout = requireNonNull(layout, "layout is null");
        this.sink = requireNonNull(sink, "sink is null");
        sink.accept(ByteBuffer.wrap(layout.header()));
        tensor = -1;
        next();
    }

    /** Takes the next bytes of the tensors' data, all of them; they may end one tensor and begin another. */
    public void write(ByteBuffer data) {
        while (data.hasRemaining()) {
            if (tensor == layout.sizes().size()) {
                throw new IllegalStateException("more data than the tensors have: " + data.remaining() + " bytes");
            }
            var count = (int) Math.min(data.remaining(), missing);
            sink.accept(data.slice(data.position(), count));
            data.position(data.position() + count);
            missing -= count;
            if (missing == 0) {
                pad();
                next();
            }
        }
    }

    /** Says that all was written; refuses a file that lacks data. */
    public void finish() {
        if (tensor < layout.sizes().size()) {
            throw new IllegalStateException("tensor %d of %d lacks %d bytes"
                    .formatted(tensor + 1, layout.sizes().size(), missing));
        }
    }

    /** Goes to the next tensor that has data. */
    private void next() {
        do {
            tensor++;
            missing = tensor < layout.sizes().size() ? layout.sizes().get(tensor) : 0;
        } while (missing == 0 && tensor < layout.sizes().size());
    }

    private void pad() {
        long size = layout.sizes().get(tensor);
        var padding = (int) (GgufLayout.padded(size, layout.alignment()) - size);
        if (padding > 0) {
            sink.accept(ByteBuffer.allocate(padding));
        }
    }
}
