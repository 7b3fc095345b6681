// SPDX-License-Identifier: Apache-2.0
package dev.puna.scheduling;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.puna.model.Digest;
import dev.puna.model.Layer;
import dev.puna.model.Manifest;
import dev.puna.model.MediaTypes;
import dev.puna.model.ModelConfig;
import dev.puna.model.ModelName;
import dev.puna.store.InstalledModel;
import dev.puna.support.TinyLora;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Models of a few hundred bytes whose headers say what a test wants: 4 layers of 2 heads of 8 numbers, so that a cell of
 * the KV cache takes 4 × 2 × (8 + 8) × 2 = 256 bytes in f16.
 */
public final class TinyModel {
    static final int TRAINED_CONTEXT = 8192;
    static final long CELL_BYTES = 256;

    private static final int UINT32 = 4;
    private static final int STRING = 8;

    private TinyModel() {}

    /** A model that generates; the name decides the content, and so the key. */
    static InstalledModel generating(Path blobs, String name) {
        return installed(blobs, name, header(name, false), List.of());
    }

    static InstalledModel embedding(Path blobs, String name) {
        return installed(blobs, name, header(name, true), List.of());
    }

    /** A model that generates, with an adapter that changes nothing of it. */
    static InstalledModel withAdapter(Path blobs, String name, String architecture) {
        var content = TinyLora.header(architecture)
                .tensor("output_norm.weight", new long[] {1}, 1)
                .toArray();
        var layer = Layer.of(MediaTypes.ADAPTER, write(blobs, content), content.length);
        return installed(blobs, name, header(name, false), List.of(layer));
    }

    static InstalledModel damaged(Path blobs, String name) {
        return installed(blobs, name, "GGUF".getBytes(UTF_8), List.of());
    }

    /** The same weights under another name. */
    static InstalledModel renamed(InstalledModel model, String name) {
        return new InstalledModel(
                ModelName.parse(name),
                model.manifest(),
                model.config(),
                model.digest(),
                model.modifiedAt(),
                model.files(),
                model.variants());
    }

    private static InstalledModel installed(Path blobs, String name, byte[] weights, List<Layer> more) {
        var layers = new ArrayList<>(more);
        layers.add(Layer.of(MediaTypes.MODEL, write(blobs, weights), weights.length));
        return of(blobs, name, layers);
    }

    /** A model of these layers, whose configuration says little. */
    public static InstalledModel of(Path blobs, String name, List<Layer> layers) {
        return new InstalledModel(
                ModelName.parse(name),
                new Manifest(Layer.of(MediaTypes.CONFIG, Digest.of(new byte[0]), 0), layers),
                new ModelConfig(
                        "gguf",
                        "llama",
                        List.of("llama"),
                        "1K",
                        "F32",
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        List.of(),
                        OptionalLong.empty(),
                        OptionalLong.empty(),
                        Optional.empty(),
                        Map.of(),
                        "amd64",
                        "linux"),
                Digest.of(name.getBytes(UTF_8)),
                Instant.EPOCH,
                blobs);
    }

    private static Digest write(Path blobs, byte[] content) {
        var digest = Digest.of(content);
        var file = blobs.resolve(digest.fileName());
        try {
            if (!Files.exists(file)) {
                Files.write(file, content);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return digest;
    }

    private static byte[] header(String name, boolean embeds) {
        var buffer = ByteBuffer.allocate(1024).order(ByteOrder.LITTLE_ENDIAN);
        buffer.put("GGUF".getBytes(UTF_8)).putInt(3).putLong(1).putLong(embeds ? 8 : 7);
        text(buffer, "general.architecture", "llama");
        text(buffer, "general.name", name);
        number(buffer, "llama.block_count", 4);
        number(buffer, "llama.context_length", TRAINED_CONTEXT);
        number(buffer, "llama.embedding_length", 32);
        number(buffer, "llama.attention.head_count", 4);
        number(buffer, "llama.attention.head_count_kv", 2);
        if (embeds) {
            number(buffer, "llama.pooling_type", 1);
        }
        string(buffer, "w");
        buffer.putInt(1).putLong(4).putInt(0).putLong(0);
        var dataAt = (buffer.position() + 31) / 32 * 32;
        buffer.position(dataAt).put(new byte[16]);
        var content = new byte[buffer.position()];
        buffer.flip().get(content);
        return content;
    }

    private static void text(ByteBuffer buffer, String key, String value) {
        string(buffer, key);
        buffer.putInt(STRING);
        string(buffer, value);
    }

    private static void number(ByteBuffer buffer, String key, int value) {
        string(buffer, key);
        buffer.putInt(UINT32).putInt(value);
    }

    private static void string(ByteBuffer buffer, String text) {
        var bytes = text.getBytes(UTF_8);
        buffer.putLong(bytes.length).put(bytes);
    }
}
