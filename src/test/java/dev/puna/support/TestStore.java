// SPDX-License-Identifier: Apache-2.0
package dev.puna.support;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.puna.model.Digest;
import dev.puna.model.ModelFacts;
import dev.puna.model.ModelName;
import dev.puna.store.InstalledModel;
import dev.puna.store.ModelDraft;
import dev.puna.store.ModelStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** A model store in a folder of a test, with short ways to fill it, to damage it and to look at it. */
public final class TestStore {
    /** Of weights that say as good as nothing. */
    public static final ModelFacts FACTS = new ModelFacts(
            ModelFacts.Kind.MODEL,
            "llama",
            1000,
            "F16",
            OptionalLong.empty(),
            OptionalLong.empty(),
            OptionalLong.empty(),
            false,
            false,
            0,
            0,
            false,
            Optional.empty());

    private final Path root;
    private final ModelStore store;

    public TestStore(Path root) {
        this.root = root;
        this.store = ModelStore.open(root);
    }

    public ModelStore store() {
        return store;
    }

    /** Uploads a text as a blob. */
    public Digest blob(String content) {
        var bytes = content.getBytes(UTF_8);
        var digest = Digest.of(bytes);
        try (var upload = store.beginUpload(digest)) {
            upload.write(bytes);
            upload.commit();
        }
        return digest;
    }

    /** A model whose weights are a text. */
    public InstalledModel create(String name, String weights) {
        return create(name, weights, _ -> {});
    }

    public InstalledModel create(String name, String weights, Consumer<ModelDraft> steps) {
        var digest = blob(weights);
        return build(name, draft -> {
            draft.addFile(digest, FACTS);
            steps.accept(draft);
        });
    }

    /** A model made from another. */
    public InstalledModel derive(String name, String parent, Consumer<ModelDraft> steps) {
        return build(name, draft -> {
            draft.inherit(find(parent));
            steps.accept(draft);
        });
    }

    public InstalledModel find(String name) {
        return store.find(ModelName.parse(name)).orElseThrow();
    }

    public List<String> names() {
        return store.list().stream().map(model -> model.name().shortName()).toList();
    }

    public Path manifest(String name) {
        var parsed = ModelName.parse(name);
        return root.resolve("manifests")
                .resolve(parsed.host())
                .resolve(parsed.namespace())
                .resolve(parsed.model())
                .resolve(parsed.tag());
    }

    /** Names of everything in the folder of blobs. */
    public List<String> blobs() {
        return entries(root.resolve("blobs"));
    }

    /** Makes a file look as if it was last written that long ago. */
    public static Path age(Path file, Duration age) {
        try {
            return Files.setLastModifiedTime(file, FileTime.from(Instant.now().minus(age)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private InstalledModel build(String name, Consumer<ModelDraft> steps) {
        try (var draft = store.draft()) {
            steps.accept(draft);
            draft.save(ModelName.parse(name));
        }
        return find(name);
    }

    private static List<String> entries(Path folder) {
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.map(entry -> entry.getFileName().toString()).sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
