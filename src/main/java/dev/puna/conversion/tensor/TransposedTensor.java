// SPDX-License-Identifier: Apache-2.0
package dev.puna.conversion.tensor;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Another tensor with its last two dimensions in each other's place, read in tiles of some rows. */
final class TransposedTensor implements Tensor {
    /** Elements of a tile, 8 MB. */
    private static final int TILE = 2 << 20;

    /** Rows of the base that are put into the tile together: as many as fill a line of the processor's cache. */
    private static final int RUNS = 16;

    private final Tensor base;
    private final List<Long> shape;
    /** Rows and columns of this one. */
    private final long rows;

    private final int columns;
    /** Rows of a tile. */
    private final int height;

    private float @Nullable [] tile;
    /** Row of the whole with which the tile begins. */
    private long tileRow;

    private int tileRows;

    TransposedTensor(Tensor base) {
        this.base = base;
        var swapped = new ArrayList<>(base.shape());
        var count = swapped.size();
        swapped.set(count - 1, base.shape().get(count - 2));
        swapped.set(count - 2, base.shape().get(count - 1));
        shape = List.copyOf(swapped);
        rows = shape.get(count - 2);
        columns = Math.toIntExact(shape.get(count - 1));
        height = (int) Math.min(rows, Math.max(1, TILE / Math.max(1, columns)));
    }

    @Override
    public ElementType type() {
        return base.type();
    }

    @Override
    public List<Long> shape() {
        return shape;
    }

    @Override
    public void read(long first, float[] into, int at, int count) {
        var done = 0;
        while (done < count) {
            var row = (first + done) / columns;
            var column = (int) ((first + done) % columns);
            var held = tile(row);
            var from = (row - tileRow) * columns + column;
            var length = (int) Math.min(count - done, (long) tileRows * columns - from);
            System.arraycopy(held, (int) from, into, at + done, length);
            done += length;
        }
        if (first + count == elements()) {
            tile = null; // as a rule the whole was read
        }
    }

    private float[] tile(long row) {
        var held = tile;
        if (held != null && row >= tileRow && row < tileRow + tileRows) {
            return held;
        }
        var filled = held == null ? new float[height * columns] : held;
        var matrix = row / rows;
        var within = row % rows / height * height;
        tileRows = (int) Math.min(height, rows - within);
        tileRow = matrix * rows + within;
        var runs = new float[RUNS * tileRows];
        for (var column = 0; column < columns; column += RUNS) {
            var some = Math.min(RUNS, columns - column);
            for (var run = 0; run < some; run++) {
                base.read((matrix * columns + column + run) * rows + within, runs, run * tileRows, tileRows);
            }
            for (var index = 0; index < tileRows; index++) {
                for (var run = 0; run < some; run++) {
                    filled[index * columns + column + run] = runs[run * tileRows + index];
                }
            }
        }
        tile = filled;
        return filled;
    }
}
