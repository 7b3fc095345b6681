// SPDX-License-Identifier: Apache-2.0
package dev.puna.gguf;

import dev.puna.failure.InvalidRequest;
import dev.puna.failure.StoreFailure;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * A file of weights as llama.cpp's {@code llama-quantize} writes it: tensors by layer and name, nothing between them, the
 * version and the type of the quantisation as the last two keys. What it holds stays the same.
 *
 * <p>Ollama passes every model that only reads text through that tool, and so names its blob by these bytes; most files come
 * from the tool and have this form already, but the parts of a split model become one file. <b>Borrows</b> the files.
 * <b>Threads:</b> one at a time.
 */
public final class CanonicalGguf {
    private static final String QUANTIZATION_VERSION = "general.quantization_version";
    private static final String FILE_TYPE = "general.file_type";
    /** ggml's {@code GGML_QNT_VERSION}. */
    private static final int CURRENT_QUANTIZATION = 2;

    private static final int COPY_BUFFER = 1 << 20;
    private static final Pattern LAYER = Pattern.compile("blk\\.(\\d{1,9}).*");
    private static final Set<String> SPLIT = Set.of("split.no", "split.count", "split.tensors.count");
    private static final Comparator<TensorInfo> BY_LAYER =
            Comparator.comparingInt(CanonicalGguf::layer).thenComparing(TensorInfo::name);

    /** What mapped files of llama.cpp v0.5.0 must have; the format allows less. */
    private static final long LEAST_ALIGNMENT = 32;

    private static final String ALIGNMENT = "general.alignment";

    /** Magic, version, and the numbers of tensors and entries. */
    static final long BEFORE_ENTRIES = 2 * Integer.BYTES + 2 * Long.BYTES;

    private final List<Part> parts;
    private final List<Piece> pieces;
    private final GgufLayout layout;

    /**
     * A file that holds a model or a part of one.
     *
     * @param path where it is
     * @param header as {@link Gguf#read} gave it
     */
    public record Part(Path path, GgufFile header) {}

    /** A tensor and the number of the part that holds it. */
    private record Piece(int part, TensorInfo tensor) {}

    private CanonicalGguf(List<Part> parts) {
        this.parts = parts;
        this.pieces = pieces(parts);
        this.layout = layout(
                parts.getFirst(),
                pieces,
                DuplicateTokens.renamed(
                        parts.getFirst().path(), parts.getFirst().header()));
    }

    /**
     * The normal form of a file, or nothing if the file has it, or does not say what its type is.
     *
     * @param file its header as {@link Gguf#read} gave it
     */
    public static Optional<CanonicalGguf> of(Path source, GgufFile file) {
        return saysItsType(file) && !isNormal(file)
                ? Optional.of(new CanonicalGguf(List.of(new Part(source, file))))
                : mended(source, file);
    }

    /**
     * A form of a legal file that llama.cpp v0.5.0 survives: tensors aligned to 32 bytes, and tokens whose texts differ. Nothing
     * if the file has it.
     */
    public static Optional<CanonicalGguf> mended(Path source, GgufFile file) {
        return isAligned(file) && DuplicateTokens.renamed(source, file).isEmpty()
                ? Optional.empty()
                : Optional.of(new CanonicalGguf(List.of(new Part(source, file))));
    }

    /** Whether llama.cpp v0.5.0 can map the file; it ends the process over others. */
    public static boolean isAligned(GgufFile file) {
        return file.alignment() >= LEAST_ALIGNMENT;
    }

    /**
     * All parts of a split model as one file.
     *
     * @param parts in order
     * @throws InvalidRequest if they do not belong together
     */
    public static CanonicalGguf merged(List<Part> parts) {
        var names = new HashSet<String>();
        for (var part : parts) {
            for (var tensor : part.header().tensors()) {
                if (!names.add(tensor.name())) {
                    throw new InvalidRequest(
                            "the parts of the split model hold tensor '%s' twice".formatted(tensor.name()));
                }
            }
        }
        var said = parts.getFirst().header().metadata().get("split.tensors.count");
        if (said instanceof GgufValue.Whole(var _, long count) && count != names.size()) {
            throw new InvalidRequest(
                    "the parts of the split model hold %d tensors instead of %d".formatted(names.size(), count));
        }
        return new CanonicalGguf(List.copyOf(parts));
    }

    /** Hands over the whole file piece by piece; a piece is valid until the consumer returns. */
    public void writeTo(Consumer<ByteBuffer> sink) {
        var channels = new ArrayList<FileChannel>();
        try {
            for (var part : parts) {
                channels.add(FileChannel.open(part.path()));
            }
            var writer = new GgufWriter(layout, sink);
            var buffer = ByteBuffer.allocate(COPY_BUFFER);
            for (var piece : pieces) {
                var tensor = piece.tensor();
                var from = parts.get(piece.part()).header().dataOffset() + tensor.offset();
                copy(channels.get(piece.part()), from, tensor.size(), buffer, writer);
            }
            writer.finish();
        } catch (IOException e) {
            throw new StoreFailure("cannot read " + parts.getFirst().path() + ": " + e.getMessage(), e);
        } finally {
            channels.forEach(CanonicalGguf::close);
        }
    }

    private static void close(FileChannel channel) {
        try {
            channel.close();
        } catch (IOException _) {
            // It was only read.
        }
    }

    private static List<Piece> pieces(List<Part> parts) {
        var pieces = new ArrayList<Piece>();
        for (int i = 0; i < parts.size(); i++) {
            for (var tensor : parts.get(i).header().tensors()) {
                pieces.add(new Piece(i, tensor));
            }
        }
        pieces.sort(Comparator.comparing(Piece::tensor, BY_LAYER));
        return List.copyOf(pieces);
    }

    private static boolean saysItsType(GgufFile file) {
        return file.metadata().get(FILE_TYPE) instanceof GgufValue.Whole(GgufValueType type, long _)
                && type == GgufValueType.UINT32;
    }

    private static void copy(FileChannel channel, long from, long length, ByteBuffer buffer, GgufWriter writer)
            throws IOException {
        var position = from;
        while (position < from + length) {
            buffer.clear().limit((int) Math.min(buffer.capacity(), from + length - position));
            var read = channel.read(buffer, position);
            if (read < 0) {
                throw new InvalidRequest("GGUF file is cut short");
            }
            position += read;
            writer.write(buffer.flip());
        }
    }

    private static boolean isNormal(GgufFile file) {
        var keys = List.copyOf(file.metadata().keySet());
        var last = keys.size() - 1;
        return file.version() == GgufLayout.VERSION
                && isAligned(file)
                && last > 0
                && keys.get(last).equals(FILE_TYPE)
                && keys.get(last - 1).equals(QUANTIZATION_VERSION)
                && file.metadata().get(QUANTIZATION_VERSION)
                        instanceof GgufValue.Whole(GgufValueType type, long version)
                && type == GgufValueType.UINT32
                && version == CURRENT_QUANTIZATION
                && liesInOrder(file);
    }

    /** Whether the tensors are sorted, follow each other without gaps, and end with the file. */
    private static boolean liesInOrder(GgufFile file) {
        var offset = 0L;
        for (var tensor : sorted(file)) {
            if (tensor.offset() != offset || tensor.shape().size() != dimensions(tensor)) {
                return false;
            }
            offset += GgufLayout.padded(tensor.size(), file.alignment());
        }
        return sorted(file).equals(file.tensors()) && file.dataOffset() + offset == file.fileSize();
    }

    private static List<TensorInfo> sorted(GgufFile file) {
        return file.tensors().stream().sorted(BY_LAYER).toList();
    }

    /** The layer that a tensor's name tells, before all others if it tells none. */
    private static int layer(TensorInfo tensor) {
        var name = LAYER.matcher(tensor.name());
        return name.matches() ? Integer.parseInt(name.group(1)) : -1;
    }

    private static GgufLayout layout(Part first, List<Piece> pieces, Map<Integer, byte[]> renamed) {
        var file = first.header();
        var layout = GgufLayout.builder((int) Math.max(LEAST_ALIGNMENT, file.alignment()));
        entries(first.path(), file, renamed).forEach(layout::writtenEntry);
        layout.entry(QUANTIZATION_VERSION, new GgufValue.Whole(GgufValueType.UINT32, CURRENT_QUANTIZATION));
        if (saysItsType(file)) {
            layout.entry(
                    FILE_TYPE,
                    new GgufValue.Whole(
                            GgufValueType.UINT32, file.whole(FILE_TYPE).orElseThrow()));
        }
        for (var piece : pieces) {
            var tensor = piece.tensor();
            var shape = IntStream.range(0, dimensions(tensor))
                    .mapToObj(tensor::dimension)
                    .toList();
            layout.tensor(tensor.name(), tensor.type(), shape, tensor.size());
        }
        return layout.build();
    }

    /** How many dimensions ggml counts: those after the last that is longer than 1 do not. */
    private static int dimensions(TensorInfo tensor) {
        var shape = tensor.shape();
        var count = shape.size();
        while (count > 1 && shape.get(count - 1) == 1) {
            count--;
        }
        return Math.max(1, count);
    }

    /** Every entry but the two that come last and those about parts, byte for byte. */
    private static List<byte[]> entries(Path source, GgufFile file, Map<Integer, byte[]> renamed) {
        try (var channel = FileChannel.open(source)) {
            var input = new GgufInput(channel);
            input.skip(BEFORE_ENTRIES);
            var entries = new ArrayList<byte[]>();
            for (var i = 0; i < file.metadata().size(); i++) {
                var start = input.position();
                var key = input.text(Math.toIntExact(input.int64()));
                skipValue(input, type(input));
                // What says nothing is aligned to 32 bytes.
                var dropped = key.equals(QUANTIZATION_VERSION)
                        || key.equals(FILE_TYPE)
                        || SPLIT.contains(key)
                        || (key.equals(ALIGNMENT) && !isAligned(file));
                if (key.equals(DuplicateTokens.TOKENS) && !renamed.isEmpty()) {
                    entries.add(DuplicateTokens.entry(source, file, renamed));
                } else if (!dropped) {
                    entries.add(read(channel, start, Math.toIntExact(input.position() - start)));
                }
            }
            return entries;
        } catch (IOException e) {
            throw new StoreFailure("cannot read " + source + ": " + e.getMessage(), e);
        }
    }

    static GgufValueType type(GgufInput input) throws IOException {
        return GgufValueType.ofCode(input.uint32())
                .orElseThrow(() -> new InvalidRequest("the file changed while it was read"));
    }

    static void skipValue(GgufInput input, GgufValueType type) throws IOException {
        switch (type) {
            case STRING -> input.skip(input.int64());
            case ARRAY -> {
                var elements = type(input);
                var count = input.int64();
                if (elements == GgufValueType.STRING) {
                    for (var i = 0L; i < count; i++) {
                        input.skip(input.int64());
                    }
                } else {
                    input.skip(Math.multiplyExact(count, (long) elements.size()));
                }
            }
            case UINT8, INT8, UINT16, INT16, UINT32, INT32, FLOAT32, BOOL, UINT64, INT64, FLOAT64 ->
                input.skip(type.size());
        }
    }

    private static byte[] read(FileChannel channel, long from, int length) throws IOException {
        var bytes = ByteBuffer.allocate(length);
        while (bytes.hasRemaining()) {
            if (channel.read(bytes, from + bytes.position()) < 0) {
                throw new InvalidRequest("the file changed while it was read");
            }
        }
        return bytes.array();
    }
}
