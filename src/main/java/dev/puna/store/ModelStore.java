// SPDX-License-Identifier: Apache-2.0
package dev.puna.store;

import dev.puna.failure.Failure;
import dev.puna.failure.StoreFailure;
import dev.puna.model.Digest;
import dev.puna.model.Layer;
import dev.puna.model.Manifest;
import dev.puna.model.ModelName;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The models in one folder, which other servers may use at the same time. Source: contract 1.8, 1.9 and 3.3.
 *
 * <p><b>Threads:</b> any. Nothing is cached: what another process changes is seen at the next call.
 */
public final class ModelStore {
    private static final System.Logger LOG = System.getLogger(ModelStore.class.getName());
    private static final Duration PRUNED_AFTER = Duration.ofHours(1);
    private static final int LONGEST_CONFIG = 4 << 20;

    private final Path root;
    private final Blobs blobs;
    private final Manifests manifests;
    private final StoreGuard guard;
    private final boolean keepsUnused;

    private ModelStore(Path root, boolean keepsUnused) {
        this.root = root;
        this.keepsUnused = keepsUnused;
        guard = StoreGuard.of(root);
        blobs = new Blobs(StoreFiles.folder(root, "blobs"), guard);
        manifests = new Manifests(StoreFiles.folder(root, "manifests"));
    }

    /** Opens a folder, which is created if it is missing. One that can only be read is good for reading. */
    public static ModelStore open(Path root) {
        return open(root, false);
    }

    /** Opens a folder; {@code keepsUnused} asks that no blob be removed but by {@link #delete}. */
    public static ModelStore open(Path root, boolean keepsUnused) {
        StoreFiles.createDirectories(root);
        Stream.of(root, root.resolve("blobs"), root.resolve("manifests")).forEach(StoreFiles::requireReadable);
        var store = new ModelStore(root, keepsUnused);
        store.blobs.renameOld();
        return store;
    }

    /** Whether models can be made and deleted; those that are there can be read in any case. */
    public boolean isWritable() {
        return Files.isWritable(root);
    }

    /** Every readable model, newest first. A damaged one is left out and logged; it does not hide the others. */
    public List<InstalledModel> list() {
        var models = new ArrayList<InstalledModel>();
        for (var place : manifests.all()) {
            try {
                models.add(installed(place));
            } catch (Failure e) {
                LOG.log(Level.WARNING, "store.model unreadable reason=\"{0}\"", e.text());
            }
        }
        models.sort(Comparator.comparing(InstalledModel::modifiedAt).reversed().thenComparing(model -> model.name()
                .fullName()));
        return List.copyOf(models);
    }

    /** The model of that name in whatever case, or nothing. A damaged one is a {@link StoreFailure} naming the file. */
    public Optional<InstalledModel> find(ModelName name) {
        return manifests.find(name).map(this::installed);
    }

    /** Whether the blob is there. */
    public boolean contains(Digest digest) {
        return blobs.contains(digest);
    }

    /** Where a blob is, or would be. */
    public Path path(Digest digest) {
        return blobs.path(digest);
    }

    /** Starts to take in a blob; close the result in any case. */
    public BlobUpload beginUpload(Digest digest) {
        return blobs.upload(digest);
    }

    /** Starts a blob that something else writes, and whose digest nobody knows yet; close the result in any case. */
    public UnnamedBlob beginUnnamed() {
        return UnnamedBlob.begin(blobs, guard);
    }

    /** Stores small content as a blob, unless it is there. */
    public WrittenLayer writeBlob(String mediaType, byte[] content) {
        return blobs.write(mediaType, content);
    }

    /** Keeps blobs from being deleted until the result is closed, whether they are there yet or not. */
    public BlobHold hold(Collection<Digest> digests) {
        return new BlobHold(guard, digests);
    }

    /** A new model in the making; close it in any case. */
    public ModelDraft draft() {
        return new ModelDraft(this);
    }

    /** Writes the manifest of a model, in place of any of that name. All its blobs must be there. */
    public void write(ModelName name, Manifest manifest) {
        write(name, StoreJson.manifest(manifest));
    }

    /** Writes a manifest as it came from a registry, byte for byte. All its blobs must be there. */
    public void write(ModelName name, byte[] manifest) {
        guard.exclusively(() -> {
            var place = manifests.placeFor(name);
            var blobsOfIt = manifests.parse(place, manifest).blobs().toList();
            blobsOfIt.forEach(blobs::require);
            manifests.write(place, manifest);
            guard.referenced(blobsOfIt.stream().map(Layer::digest).toList());
        });
    }

    /**
     * Writes a manifest and removes the blobs that only the one it replaces has named.
     *
     * @param contents those of its blobs that are made here; what another process has deleted meanwhile is written again
     */
    void replace(ModelName name, Manifest manifest, List<byte[]> contents) {
        guard.exclusively(() -> {
            var before = manifests.find(name).map(this::layersOf).orElse(Set.of());
            contents.forEach(blobs::restore);
            write(name, manifest);
            if (!keepsUnused) {
                deleteUnreferenced(before);
            }
        });
    }

    /** Removes those of the blobs made for a model that no model needs. Never fails: a prune removes what stays. */
    void discard(Collection<Digest> made) {
        guard.referenced(made);
        try {
            deleteUnreferenced(made);
        } catch (StoreFailure e) {
            LOG.log(Level.WARNING, "store.discard skipped reason=\"{0}\"", e.text());
        }
    }

    /** Bytes of a blob that is there. */
    long sizeOf(Digest digest) {
        return blobs.size(digest);
    }

    /** Gives a model a second name; false when there is no such model. */
    public boolean copy(ModelName source, ModelName destination) {
        return guard.exclusively(() -> {
            var from = manifests.find(source);
            from.ifPresent(place -> write(destination, manifests.read(place)));
            return from.isPresent();
        });
    }

    /**
     * Deletes a model and those of its blobs that no other model needs; false when there is no such model. Blobs stay
     * where a manifest of another model cannot be read, since it may need them.
     */
    public boolean delete(ModelName name) {
        return guard.exclusively(() -> {
            var place = manifests.find(name);
            place.ifPresent(found -> {
                var layers = layersOf(found);
                manifests.delete(found);
                deleteUnreferenced(layers);
            });
            return place.isPresent();
        });
    }

    /**
     * Removes blobs and unfinished files that are older than an hour and that no model needs, and empty folders. Removes
     * nothing when anything in the folder is not known wholly, since it may need any blob; one line of the log says what it
     * was. Never fails: it comes back at the next start.
     *
     * @return how many blobs and unfinished blobs are gone
     */
    public int prune() {
        if (keepsUnused) {
            return 0;
        }
        try {
            return guard.exclusively(() -> {
                var before = Instant.now().minus(PRUNED_AFTER);
                var needed = ReachableBlobs.in(root, manifests.folder(), blobs);
                if (needed.tags() == 0 && blobs.hasAny()) {
                    // Rather a disk that is not there than a thousand gigabytes that nobody needs.
                    throw new StoreFailure("there is no manifest at all in " + manifests.folder());
                }
                manifests.prune(before);
                return blobs.prune(before, needed.digests());
            });
        } catch (StoreFailure e) {
            LOG.log(Level.WARNING, "store.prune skipped reason=\"{0}\"", e.text());
            return 0;
        }
    }

    /** Removes those of the blobs that no manifest needs; none when it cannot be known what the manifests need. */
    private void deleteUnreferenced(Collection<Digest> digests) {
        if (digests.isEmpty()) {
            return;
        }
        guard.exclusively(() -> needed().ifPresent(needed ->
                digests.stream().filter(digest -> !needed.contains(digest)).forEach(blobs::deleteUnlessNeeded)));
    }

    private InstalledModel installed(Manifests.Place place) {
        var content = manifests.read(place);
        var manifest = manifests.parse(place, content);
        var config = blobs.path(manifest.config().digest());
        return new InstalledModel(
                place.name(),
                manifest,
                StoreJson.config(
                        config, StoreFiles.readBlob(config, manifest.config().digest(), LONGEST_CONFIG)),
                Digest.of(content),
                manifests.modifiedAt(place),
                blobs.folder());
    }

    /** The blobs that a manifest names, none when not all of it is known. */
    private Set<Digest> layersOf(Manifests.Place place) {
        try {
            return ManifestReferences.of(manifests.read(place)).blobs();
        } catch (StoreFailure e) {
            LOG.log(Level.WARNING, "store.manifest unreadable file={0} reason=\"{1}\"", place.file(), e.text());
            return Set.of();
        }
    }

    /** Every blob that some manifest names, or nothing when that cannot be known. */
    private Optional<Set<Digest>> needed() {
        try {
            return Optional.of(
                    ReachableBlobs.in(root, manifests.folder(), blobs).digests());
        } catch (StoreFailure e) {
            LOG.log(Level.WARNING, "store.blobs kept reason=\"{0}\"", e.text());
            return Optional.empty();
        }
    }
}
