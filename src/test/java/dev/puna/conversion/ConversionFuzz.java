// SPDX-License-Identifier: Apache-2.0
package dev.puna.conversion;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.puna.conversion.source.ModelFiles;
import dev.puna.fuzz.Bounds;
import dev.puna.fuzz.FuzzTarget;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Directories of models in safetensors: one file of a tiny one is what the input says. An input is a line with the name of a model
 * and that of the file, and then the file; weights are followed by zeros, so that a header is enough.
 */
public final class ConversionFuzz implements FuzzTarget {
    private static final Set<String> MODELS =
            Set.of("bert", "gemma3-vision", "llama-2", "llama-3.2", "xlm-roberta", "packed-gptq");
    private static final int LONGEST_LINE = 80;
    private static final long ZEROS = 512 << 10;

    private final Path folder = temporary();
    private final Map<String, ModelFiles> models = new HashMap<>();

    @Override
    public String name() {
        return "conversion";
    }

    @Override
    public void run(byte[] input) throws IOException {
        var line = new String(input, 0, Math.min(input.length, LONGEST_LINE), US_ASCII);
        var end = line.indexOf('\n');
        var names = line.substring(0, Math.max(end, 0)).split(" ", -1);
        if (names.length != 2 || !MODELS.contains(names[0]) || names[1].isEmpty()) {
            return;
        }
        var model =
                models.computeIfAbsent(names[0], each -> ModelFiles.of(new ConversionCase(each).writeBelow(folder)));
        var changed = new Changed(model, names[1], folder.resolve("changed"));
        write(changed.file(), Arrays.copyOfRange(input, end + 1, input.length), names[1].endsWith(".safetensors"));
        if (names[1].startsWith("adapter_")) {
            try (var base = Conversion.open(model);
                    var adapter = Conversion.openAdapter(changed, base.metadata())) {
                convert(adapter);
            }
            return;
        }
        try (var conversion = Conversion.open(changed)) {
            convert(conversion);
            conversion.parameters();
            conversion.warnings();
        }
        Conversion.openProjector(changed).ifPresent(projector -> {
            try (projector) {
                convert(projector);
            }
        });
    }

    /** What is promised must be what is written. */
    private static void convert(Conversion conversion) {
        var written = new long[1];
        conversion.writeTo(piece -> written[0] += skipped(piece), _ -> {});
        if (written[0] != conversion.size()) {
            throw new AssertionError("%d bytes were promised, %d written".formatted(conversion.size(), written[0]));
        }
    }

    private static int skipped(ByteBuffer piece) {
        var bytes = piece.remaining();
        piece.position(piece.limit());
        return bytes;
    }

    private static void write(Path file, byte[] bytes, boolean withZeros) throws IOException {
        Files.write(file, bytes);
        if (withZeros) {
            try (var channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
                channel.write(ByteBuffer.allocate(1), bytes.length + ZEROS);
            }
        }
    }

    /** A model with another file in the place of one. */
    private record Changed(ModelFiles model, String name, Path file) implements ModelFiles {
        @Override
        public Set<String> names() {
            var names = new TreeSet<>(model.names());
            names.add(name);
            return names;
        }

        @Override
        public Optional<Path> path(String wanted) {
            return wanted.equals(name) ? Optional.of(file) : model.path(wanted);
        }

        @Override
        public String folderName() {
            return model.folderName();
        }
    }

    @Override
    public Bounds bounds() {
        return new Bounds(Duration.ofSeconds(2), 128L << 20);
    }

    private static Path temporary() {
        try {
            return Files.createTempDirectory("fuzz");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
