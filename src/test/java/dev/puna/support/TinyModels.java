// SPDX-License-Identifier: Apache-2.0
package dev.puna.support;

import dev.puna.gguf.Gguf;
import dev.puna.gguf.TensorType;
import dev.puna.model.Digest;
import dev.puna.model.ModelName;
import dev.puna.store.ModelDraft;
import dev.puna.store.ModelStore;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;

/** Puts models into a store that have a header and next to no weights: enough for everything but running them. */
public final class TinyModels {
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

    /** A model that ranks. */
    public void reranker(String name) {
        create(name, "bert", Map.of("bert.pooling_type", 4), _ -> {});
    }

    /**
     * Any model.
     *
     * @param metadata further entries of the header, strings and numbers
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
        var file = new TestGguf();
        metadata.forEach((key, value) -> {
            if (value instanceof String text) {
                file.text(key, text);
            } else if (value instanceof Float real) {
                file.float32(key, real);
            } else {
                file.uint32(key, (Integer) value);
            }
        });
        return file.tensor("output_norm.weight", TensorType.F32, 8).toArray();
    }
}
