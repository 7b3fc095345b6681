// SPDX-License-Identifier: Apache-2.0
package dev.puna.archive;

import static java.util.Objects.requireNonNull;

import dev.puna.failure.NotFound;
import dev.puna.failure.StoreFailure;
import dev.puna.model.Digest;
import dev.puna.model.Layer;
import dev.puna.model.ModelName;
import dev.puna.store.ModelContent;
import dev.puna.store.ModelStore;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Models written into one archive: the table of contents, the manifests, then the blobs, each once and hashed on its way. The same models
 * make the same bytes. <b>Threads:</b> one.
 */
public final class ModelExport {
    private static final int BUFFER = 1 << 20;

    private final ModelStore store;
    private final List<ModelContent> models;
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER);

    private ModelExport(ModelStore store, List<ModelContent> models) {
        this.store = store;
        this.models = models;
    }

    /** Looks the models up; one that is not there, or lacks something, is said so before anything is written. */
    public static ModelExport of(ModelStore store, Collection<ModelName> names) {
        requireNonNull(store, "store is null");
        var models = names.stream()
                .map(name -> store.content(name)
                        .orElseThrow(() -> new NotFound("model '%s' not found".formatted(name.shortName()))))
                .sorted(Comparator.comparing(model -> model.name().fullName()))
                .toList();
        var once = new LinkedHashMap<ModelName, ModelContent>();
        models.forEach(model -> once.putIfAbsent(model.name(), model));
        once.values().forEach(model -> model.blobs().forEach(blob -> requireWhole(store, model, blob)));
        return new ModelExport(store, List.copyOf(once.values()));
    }

    private static void requireWhole(ModelStore store, ModelContent model, Layer blob) {
        if (!store.contains(blob.digest())) {
            throw damaged(model.name(), "%s is missing".formatted(store.path(blob.digest())));
        }
        if (store.sizeOf(blob.digest()) != blob.size()) {
            throw damaged(
                    model.name(),
                    "%s has %d bytes instead of %d"
                            .formatted(store.path(blob.digest()), store.sizeOf(blob.digest()), blob.size()));
        }
    }

    /** Writes the archive, of which nothing is good if this fails. */
    public void write(WritableByteChannel channel, BlobProgress progress) throws IOException {
        var tar = new TarWriter(channel);
        var documents = new LinkedHashMap<ModelName, byte[]>();
        models.forEach(model -> documents.put(model.name(), OciManifest.of(model)));
        tar.file(LayoutIndex.MARKER, LayoutIndex.MARKER_CONTENT);
        tar.file(LayoutIndex.FILE, index(documents).bytes());
        var written = new HashSet<Digest>();
        for (var document : documents.values()) {
            var digest = Digest.of(document);
            if (written.add(digest)) {
                tar.file(LayoutIndex.BLOBS + digest.hex(), document);
            }
        }
        for (var model : models) {
            for (var blob : model.blobs()) {
                if (written.add(blob.digest())) {
                    copy(model.name(), blob, tar, progress);
                }
            }
        }
        tar.finish();
    }

    private static LayoutIndex index(Map<ModelName, byte[]> documents) {
        return new LayoutIndex(documents.entrySet().stream()
                .map(document -> new LayoutIndex.Entry(
                        OciManifest.TYPE,
                        Digest.of(document.getValue()),
                        document.getValue().length,
                        document.getKey().fullName()))
                .toList());
    }

    private void copy(ModelName owner, Layer blob, TarWriter tar, BlobProgress progress) throws IOException {
        var hash = Digest.newHash();
        try (var content = store.open(blob.digest())) {
            tar.begin(LayoutIndex.BLOBS + blob.digest().hex(), blob.size());
            for (var left = blob.size(); left > 0; ) {
                buffer.clear().limit((int) Math.min(buffer.capacity(), left));
                if (content.read(buffer) < 0) {
                    throw damaged(owner, store.path(blob.digest()) + " is shorter than it was");
                }
                left -= buffer.flip().remaining();
                hash.update(buffer.duplicate());
                tar.write(buffer);
                progress.at(blob.digest(), blob.size(), blob.size() - left);
            }
        }
        if (!Digest.ofHash(hash).equals(blob.digest())) {
            throw damaged(owner, store.path(blob.digest()) + " is not what its name says");
        }
        tar.end();
    }

    private static StoreFailure damaged(ModelName model, String what) {
        return new StoreFailure("model '%s' is damaged: %s; 'puna verify --repair %s' gets it again"
                .formatted(model.shortName(), what, model.shortName()));
    }
}
