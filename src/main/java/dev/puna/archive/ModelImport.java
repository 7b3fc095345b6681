// SPDX-License-Identifier: Apache-2.0
package dev.puna.archive;

import static java.util.Objects.requireNonNull;

import dev.puna.failure.InvalidRequest;
import dev.puna.failure.StoreFailure;
import dev.puna.model.Digest;
import dev.puna.model.ModelName;
import dev.puna.store.ModelStore;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The models of one archive taken into a store, whatever order its files are in.
 *
 * <p>Blobs that the store has are not written again, so an import that was interrupted goes on where it was. Models are named when all
 * blobs of all of them are there. What an archive that makes no sense has brought is removed. <b>Threads:</b> one; it is run once.
 */
public final class ModelImport {
    private static final int BUFFER = 1 << 20;
    private static final int LONGEST_MARKER = 4096;
    private static final int LONGEST_INDEX = 4 << 20;
    /** What {@code docker save} writes in place of an index. */
    private static final String DOCKER_INDEX = "manifest.json";

    private final ModelStore store;
    private final Optional<ModelName> name;
    private final BlobProgress progress;
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER);
    private final Set<Digest> taken = new HashSet<>();
    private Optional<LayoutIndex> index = Optional.empty();
    /** Known once the manifests are. */
    private Optional<Set<Digest>> wanted = Optional.empty();

    private boolean isDockers;

    /**
     * @param name what the only model of the archive shall be called; empty for what the archive says
     */
    public ModelImport(ModelStore store, Optional<ModelName> name, BlobProgress progress) {
        this.store = requireNonNull(store, "store is null");
        this.name = requireNonNull(name, "name is null");
        this.progress = requireNonNull(progress, "progress is null");
    }

    /** Reads the archive to its end and gives the names of its models, which are installed then. */
    public List<ModelName> run(ReadableByteChannel archive) throws IOException {
        try {
            var tar = new TarReader(archive);
            for (var entry = tar.next(); entry.isPresent(); entry = tar.next()) {
                take(entry.get(), tar);
            }
            var models = models();
            models.forEach(this::install);
            // Documents that stand for others, also those which an import before has left.
            models.forEach(model -> taken.add(model.digest()));
            store.discard(taken);
            return models.stream().map(ArchivedModel::name).toList();
        } catch (InvalidRequest e) {
            store.discard(taken);
            throw e;
        } catch (EOFException e) {
            throw new StoreFailure(
                    "the archive ends in the middle: get it whole and import it again; the blobs that came whole are kept for an hour",
                    e);
        }
    }

    private void take(TarReader.Entry entry, TarReader tar) throws IOException {
        if (entry.name().equals(LayoutIndex.MARKER)) {
            requireKnownVersion(tar.content(LONGEST_MARKER, LayoutIndex.MARKER));
        } else if (entry.name().equals(LayoutIndex.FILE)) {
            if (index.isPresent()) {
                throw new InvalidRequest("the archive has two tables of contents: index.json is there twice");
            }
            index = Optional.of(LayoutIndex.read(tar.content(LONGEST_INDEX, LayoutIndex.FILE)));
            requireNames();
            plan();
        } else if (entry.name().startsWith(LayoutIndex.BLOBS)) {
            var hex = entry.name().substring(LayoutIndex.BLOBS.length());
            var digest = Digest.tryParse("sha256:" + hex);
            if (digest.isPresent()) {
                blob(digest.get(), entry.size(), tar);
            }
        } else if (entry.name().equals(DOCKER_INDEX)) {
            isDockers = true;
        }
    }

    private static void requireKnownVersion(byte[] marker) {
        if (!LayoutIndex.isKnownVersion(marker)) {
            throw new InvalidRequest(
                    "the archive is of a later version of the OCI image layout than 1: a newer puna may read it");
        }
    }

    private void blob(Digest digest, long size, TarReader tar) throws IOException {
        if (wanted.isPresent() && !wanted.get().contains(digest)) {
            return;
        }
        if (!store.contains(digest) || store.sizeOf(digest) != size) {
            store.requireSpace("the archive", size);
            write(digest, size, tar);
        }
        if (wanted.isEmpty() && index.isPresent()) {
            plan();
        }
    }

    private void write(Digest digest, long size, TarReader tar) throws IOException {
        try (var blob = store.beginUpload(digest)) {
            for (var read = tar.read(buffer.clear()); read >= 0; read = tar.read(buffer.clear())) {
                blob.write(buffer.flip());
                progress.at(digest, size, blob.written());
            }
            blob.commit();
            taken.add(digest);
        } catch (InvalidRequest e) {
            throw new InvalidRequest("the archive is damaged: %s%s is not what its name says; get it again"
                    .formatted(LayoutIndex.BLOBS, digest.hex()));
        }
    }

    /** Finds out which blobs are needed, as soon as all manifests are there; then what else there is need not be written. */
    private void plan() {
        var entries = index.orElseThrow().entries();
        if (!entries.stream().allMatch(entry -> store.contains(entry.digest()))) {
            return;
        }
        var models = entries.stream().map(this::model).toList();
        if (models.stream().anyMatch(ArchivedModel::lacksManifests)) {
            return;
        }
        var needed = new HashSet<Digest>();
        var missing = 0L;
        for (var model : models) {
            needed.add(model.digest());
            for (var blob : model.blobs()) {
                if (needed.add(blob.digest()) && !store.contains(blob.digest())) {
                    missing += Math.min(blob.size(), Long.MAX_VALUE - missing);
                }
            }
        }
        store.requireSpace("the archive", missing);
        wanted = Optional.of(needed);
    }

    private List<ArchivedModel> models() {
        var entries = index.orElseThrow(() -> new InvalidRequest(
                        isDockers
                                ? "this is an archive of 'docker save', which can hold no model: 'puna export' and 'skopeo copy … oci-archive:FILE' write those that can be read here"
                                : "the archive has no model: it is no OCI image layout, since it has no index.json"))
                .entries();
        var models = entries.stream().map(this::model).toList();
        models.forEach(ArchivedModel::requireWhole);
        return models;
    }

    private ArchivedModel model(LayoutIndex.Entry entry) {
        return ArchivedModel.of(store, name(entry), entry.digest());
    }

    private void install(ArchivedModel model) {
        store.discard(store.install(model.name(), model.document()));
    }

    /** Says at once what would be said at the end. */
    private void requireNames() {
        var entries = index.orElseThrow().entries();
        if (name.isPresent() && entries.size() > 1) {
            throw new InvalidRequest("the archive has %d models, which cannot all be called '%s': leave --name away"
                    .formatted(entries.size(), name.get().shortName()));
        }
        var names = new HashSet<String>();
        for (var entry : entries) {
            if (!names.add(name(entry).fullName())) {
                throw new InvalidRequest("the archive has two models that are called '%s'"
                        .formatted(name(entry).shortName()));
            }
        }
    }

    /** A word alone is a tag, as oras and buildx write it, and no name of a model. */
    private ModelName name(LayoutIndex.Entry entry) {
        return name.or(() -> Optional.of(entry.name())
                        .filter(text -> text.indexOf('/') >= 0 || text.indexOf(':') >= 0)
                        .flatMap(ModelName::tryParse))
                .orElseThrow(() -> new InvalidRequest(
                        entry.name().isEmpty()
                                ? "the archive does not say what its model is called: use --name NAME"
                                : "the archive calls its model '%s', which is no name of a model: use --name NAME"
                                        .formatted(entry.name())));
    }
}
