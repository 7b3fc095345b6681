// SPDX-License-Identifier: Apache-2.0
package dev.puna.conversion;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** A tiny model of {@code src/test/resources/conversion}, of which it is recorded what llama.cpp's converter makes. */
public record ConversionCase(String name) {
    static final Path CASES = Path.of("src/test/resources/conversion");

    /** Every case, in the order of their names. */
    public static Stream<ConversionCase> all() {
        try (var folders = Files.list(CASES)) {
            return folders
                    .filter(folder -> Files.exists(folder.resolve("config.json")))
                    .map(folder -> new ConversionCase(
                            requireNonNull(folder.getFileName()).toString()))
                    .sorted((one, other) -> one.name().compareTo(other.name()))
                    .toList()
                    .stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What Hugging Face calls its architecture, or that of the part for texts where the whole has none that is known. */
    String architecture() throws IOException {
        var config = new ObjectMapper()
                .readTree(CASES.resolve(name).resolve("config.json").toFile());
        var whole = config.path("architectures").path(0).asText();
        var text = config.path("text_config").path("architectures").path(0).asText();
        return text.isEmpty() || Conversion.architectures().contains(whole) ? whole : text;
    }

    /** What the converter's file holds, in lines of {@link GgufDump}. */
    public List<String> expected() throws IOException {
        return Files.readAllLines(CASES.resolve(name).resolve("expected.txt"));
    }

    /** Writes the model's directory below this one. */
    public Path writeBelow(Path directory) {
        var model = directory.resolve(name);
        TinySafetensors.write(CASES, name, model);
        return model;
    }

    /** Writes the directory of an adapter for the model. */
    public Path writeAdapterBelow(Path directory) {
        var adapter = directory.resolve(name + "-lora");
        TinySafetensors.writeAdapter(CASES, name, adapter);
        return adapter;
    }

    /** The tensors that llama.cpp's script makes of that adapter, in lines of {@link GgufDump}. */
    public List<String> expectedAdapter() throws IOException {
        try (var lines = Files.lines(CASES.resolve("adapters").resolve(name + ".txt"))) {
            return lines.filter(line -> line.startsWith("tensor ")).toList();
        }
    }

    /** What our conversion writes. */
    static byte[] written(Conversion conversion) {
        var bytes = new ByteArrayOutputStream();
        var channel = Channels.newChannel(bytes);
        Consumer<ByteBuffer> sink = piece -> {
            try {
                channel.write(piece);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        };
        conversion.writeTo(sink, _ -> {});
        return bytes.toByteArray();
    }

    @Override
    public String toString() {
        return name;
    }
}
