// SPDX-License-Identifier: Apache-2.0
package dev.puna.support;

import dev.puna.gguf.Gguf;
import dev.puna.model.Digest;
import dev.puna.model.ModelName;
import dev.puna.store.ModelDraft;
import dev.puna.store.ModelStore;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;

/** Puts models into a store that have a header and next to no weights: enough for everything but running them. */
public final class TinyModels {
    private static final int UINT32 = 4;
    private static final int STRING = 8;
    private static final int ALIGNMENT = 32;

    private final ModelStore store;

    public TinyModels(ModelStore store) {
        this.store = store;
    }

    /** A model that generates. */
    public void generative(String name) {
        create(name, "llama", Map.of(), _ -> {});
    }

    /** A model that generates and carries a Jinja template. */
    public void generative(String name, String jinja) {
        create(name, "llama", Map.of("tokenizer.chat_template", jinja), _ -> {});
    }

    /** A model that embeds. */
    public void embedding(String name) {
        create(name, "bert", Map.of("bert.pooling_type", 1), _ -> {});
    }

    /**
     * Any model.
     *
     * @param metadata further entries of the header, strings and whole numbers
     * @param layers what is said about it beside the weights
     */
    public void create(String name, String architecture, Map<String, Object> metadata, Consumer<ModelDraft> layers) {
        var file = gguf(architecture, metadata);
        var digest = Digest.of(file);
        try (var upload = store.beginUpload(digest)) {
            upload.write(file);
            upload.commit();
        }
        try (var draft = store.draft()) {
            draft.addFile(digest, Gguf.read(store.path(digest)).facts());
            layers.accept(draft);
            draft.save(ModelName.parse(name));
        }
    }

    /** A whole GGUF file with one tensor. */
    public static byte[] gguf(String architecture, Map<String, Object> more) {
        var metadata = new LinkedHashMap<String, Object>();
        metadata.put("general.architecture", architecture);
        metadata.put("general.file_type", 15);
        metadata.put(architecture + ".block_count", 1);
        metadata.put(architecture + ".context_length", 2048);
        metadata.put(architecture + ".embedding_length", 8);
        metadata.put(architecture + ".attention.head_count", 1);
        metadata.putAll(more);
        var file = new Bytes();
        file.text("GGUF").int32(3).int64(1).int64(metadata.size());
        metadata.forEach((key, value) -> {
            file.string(key);
            if (value instanceof String text) {
                file.int32(STRING).string(text);
            } else {
                file.int32(UINT32).int32((Integer) value);
            }
        });
        file.string("output_norm.weight").int32(1).int64(8).int32(0).int64(0);
        file.pad().zeros(8 * Float.BYTES);
        return file.out.toByteArray();
    }

    /** Little-endian bytes. */
    private static final class Bytes {
        private final ByteArrayOutputStream out = new ByteArrayOutputStream();

        Bytes text(String text) {
            out.writeBytes(text.getBytes(StandardCharsets.UTF_8));
            return this;
        }

        Bytes string(String text) {
            return int64(text.getBytes(StandardCharsets.UTF_8).length).text(text);
        }

        Bytes int32(int value) {
            out.writeBytes(ByteBuffer.allocate(Integer.BYTES)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .putInt(value)
                    .array());
            return this;
        }

        Bytes int64(long value) {
            out.writeBytes(ByteBuffer.allocate(Long.BYTES)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .putLong(value)
                    .array());
            return this;
        }

        Bytes pad() {
            return zeros(Math.floorMod(-out.size(), ALIGNMENT));
        }

        Bytes zeros(int count) {
            out.writeBytes(new byte[count]);
            return this;
        }
    }
}
