// SPDX-License-Identifier: Apache-2.0
package dev.puna.gguf;

import dev.puna.failure.InvalidRequest;
import dev.puna.failure.StoreFailure;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Importance matrices, in both forms that llama-imatrix writes: a GGUF, and the older list of entries. Only where things lie is read
 * here, strictly; the sums themselves stay in the file. Source: {@code imatrix-loader.cpp} of llama.cpp.
 */
final class ImportanceMatrix {
    private static final String SUMS = ".in_sum2";
    private static final String COUNTS = ".counts";
    private static final int MOST_ENTRIES = 100_000;
    private static final int LONGEST_NAME = 1024;
    /** Of one tensor: as many as it has experts. */
    private static final int MOST_COUNTS = 1 << 16;

    private final String name;
    private final StringBuilder lines;
    private final Set<String> entries = new HashSet<>();

    private ImportanceMatrix(String name, StringBuilder lines) {
        this.name = name;
        this.lines = lines;
    }

    /**
     * Appends the lines of a plan that tell of a matrix.
     *
     * @param name what the quantised model is to say of where its matrix came from
     * @throws InvalidRequest if the file is no matrix
     */
    static void describe(Path file, String name, StringBuilder lines) {
        var matrix = new ImportanceMatrix(name, lines);
        matrix.line("matrix", file.toString());
        matrix.line("name", name);
        var ofModel = Gguf.isGguf(file);
        try (var channel = FileChannel.open(file, StandardOpenOption.READ)) {
            if (ofModel) {
                matrix.read(Gguf.read(file, Gguf.Option.STRUCTURE_ONLY), channel);
            } else {
                matrix.read(new GgufInput(channel));
            }
        } catch (IOException e) {
            throw new StoreFailure("cannot read " + file + ": " + e.getMessage(), e);
        }
    }

    private void read(GgufFile file, FileChannel channel) throws IOException {
        var chunks = file.whole("imatrix.chunk_count");
        var datasets = file.items("imatrix.datasets");
        if (chunks.isEmpty()
                || datasets.isEmpty()
                || file.whole("imatrix.chunk_size").isEmpty()) {
            throw wrong("it has no imatrix.datasets, imatrix.chunk_count and imatrix.chunk_size");
        }
        var texts = datasets.get().elements().orElse(List.of());
        if (!texts.isEmpty() && texts.getFirst() instanceof GgufValue.Text(var dataset)) {
            line("dataset", dataset);
        }
        chunks(chunks.getAsLong());
        var counts = new HashMap<String, TensorInfo>();
        for (var tensor : file.tensors()) {
            if (tensor.name().endsWith(COUNTS)) {
                counts.put(without(tensor, COUNTS), tensor);
            }
        }
        for (var sums : file.tensors()) {
            if (sums.name().endsWith(SUMS)) {
                var tensor = without(sums, SUMS);
                var count = counts.remove(tensor);
                if (count == null) {
                    throw wrong(tensor + " has sums and no counts");
                }
                entry(file, channel, tensor, sums, count);
            }
        }
        if (!counts.isEmpty()) {
            throw wrong(counts.keySet().iterator().next() + " has counts and no sums");
        }
        requireEntries();
    }

    private static String without(TensorInfo tensor, String ending) {
        return tensor.name().substring(0, tensor.name().length() - ending.length());
    }

    private void entry(GgufFile file, FileChannel channel, String tensor, TensorInfo sums, TensorInfo counts)
            throws IOException {
        if (sums.type() != TensorType.F32 || counts.type() != TensorType.F32) {
            throw wrong("sums and counts of " + tensor + " are not F32");
        }
        if (counts.elements() > MOST_COUNTS || sums.elements() % counts.elements() != 0) {
            throw wrong(tensor + " has " + sums.elements() + " sums and " + counts.elements() + " counts");
        }
        begin(tensor, file.dataOffset() + sums.offset(), sums.elements(), counts.elements());
        var read = ByteBuffer.allocate((int) counts.size()).order(ByteOrder.LITTLE_ENDIAN);
        while (read.hasRemaining()) {
            if (channel.read(read, file.dataOffset() + counts.offset() + read.position()) < 0) {
                throw wrong("it is cut short");
            }
        }
        for (read.flip(); read.hasRemaining(); ) {
            var count = read.getFloat();
            if (!(Math.abs(count) < 1e18f)) {
                throw wrong(tensor + " was counted " + count + " times");
            }
            lines.append(Math.round((double) count)).append(' ');
        }
        lines.append(tensor).append('\n');
    }

    private void read(GgufInput input) throws IOException {
        var all = input.remaining() < Integer.BYTES ? 0 : input.int32();
        if (all < 1 || all > MOST_ENTRIES) {
            throw wrong("it is neither a GGUF nor of the older form");
        }
        for (var at = 0; at < all; at++) {
            var tensor = input.text(atMost(input.int32(), LONGEST_NAME));
            var calls = input.int32();
            var values = atMost(input.int32(), Integer.MAX_VALUE);
            begin(tensor, input.position(), values, 1);
            // Sums that were never divided are taken as they are.
            lines.append(Math.max(1, calls)).append(' ').append(tensor).append('\n');
            input.skip((long) Float.BYTES * values);
        }
        if (input.remaining() > 0) {
            chunks(input.int32());
        }
        if (input.remaining() > 0) {
            var length = input.int32();
            if (length != 0) {
                line("dataset", input.text(atMost(length, 1 << 16)));
            }
        }
    }

    private int atMost(int length, int most) {
        if (length < 1 || length > most) {
            throw wrong("a length in it is " + length);
        }
        return length;
    }

    private void chunks(long chunks) {
        if (chunks < 0 || chunks > Integer.MAX_VALUE) {
            throw wrong("it was made of " + chunks + " chunks");
        }
        line("chunks", Long.toString(chunks));
    }

    private void begin(String tensor, long offset, long values, long counts) {
        requireLine(tensor);
        if (tensor.isEmpty() || !entries.add(tensor)) {
            throw wrong("it has two entries of one name, or one without: '" + tensor + "'");
        }
        lines.append("entry ")
                .append(offset)
                .append(' ')
                .append(values)
                .append(' ')
                .append(counts)
                .append(' ');
    }

    private void requireEntries() {
        if (entries.isEmpty()) {
            throw wrong("it has no entries");
        }
    }

    private void line(String word, String text) {
        requireLine(text);
        lines.append(word).append(' ').append(text).append('\n');
    }

    private void requireLine(String text) {
        if (text.chars().anyMatch(Character::isISOControl)) {
            throw wrong("a name has a control character in it");
        }
    }

    private InvalidRequest wrong(String reason) {
        return new InvalidRequest("the importance matrix " + name + " cannot be used: " + reason
                + "; llama-imatrix makes one of the model and a text");
    }
}
