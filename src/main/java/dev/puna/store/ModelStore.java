// SPDX-License-Identifier: Apache-2.0
package dev.puna.store;

import dev.puna.failure.Failure;
import dev.puna.failure.InvalidRequest;
import dev.puna.failure.StoreFailure;
import dev.puna.model.Digest;
import dev.puna.model.Layer;
import dev.puna.model.Manifest;
import dev.puna.model.ModelConfig;
import dev.puna.model.ModelName;
import dev.puna.store.file.StoreFiles;
import dev.puna.store.json.ManifestJson;
import java.lang.System.Logger.Level;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashSet;
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

    private final Path root;
    private final Blobs blobs;
    private final Manifests manifests;
    private final InstalledModels installed;
    private final ModelSources sources;
    private final StoreGuard guard;
    private final Upkeep upkeep;
    private final UnneededBlobs unneeded;
    private final boolean keepsUnused;

    private ModelStore(Path root, boolean keepsUnused, ReadOnlyModels others) {
        this.root = root;
        this.keepsUnused = keepsUnused;
        guard = StoreGuard.of(root);
        blobs = new Blobs(StoreFiles.folder(root, "blobs"), guard);
        manifests = new Manifests(root, blobs);
        installed = new InstalledModels(manifests, blobs);
        upkeep = new Upkeep(root, guard, manifests, blobs);
        unneeded = new UnneededBlobs(root, guard, manifests, blobs);
        sources = new ModelSources(installed, others);
    }

    /** Opens a folder, which is created if it is missing. One that can only be read is good for reading. */
    public static ModelStore open(Path root) {
        return open(root, false);
    }

    /** Opens a folder; {@code keepsUnused} asks that no blob be removed but by {@link #delete}. */
    public static ModelStore open(Path root, boolean keepsUnused) {
        return open(root, keepsUnused, ReadOnlyModels.NONE);
    }

    /** Opens a folder whose models are listed and found with those of others, which give way to them. */
    public static ModelStore open(Path root, ReadOnlyModels others) {
        return open(root, false, others);
    }

    private static ModelStore open(Path root, boolean keepsUnused, ReadOnlyModels others) {
        StoreFiles.createDirectories(root);
        Stream.of("", "blobs", ManifestLayout.OLD.folder(), ManifestLayout.V2.folder())
                .map(root::resolve)
                .forEach(StoreFiles::requireReadable);
        var store = new ModelStore(root, keepsUnused, others);
        store.blobs.renameOld();
        return store;
    }

    /** Whether models can be made and deleted; those that are there can be read in any case. */
    public boolean isWritable() {
        return Files.isWritable(root);
    }

    /** Every readable model, newest first. A damaged one is left out and logged; it does not hide the others. */
    public List<InstalledModel> list() {
        return sources.all();
    }

    /** The model of that name in whatever case, or nothing. A damaged one is a {@link StoreFailure} naming the file. */
    public Optional<InstalledModel> find(ModelName name) {
        return find(name, "");
    }

    /**
     * The model of that name, for one runner. A name can also be a digest, or the beginning of one that says which.
     *
     * @param runner one of {@link dev.puna.model.Runners}, or the empty text for the best there is; one that the model has
     *     nothing for is {@link dev.puna.failure.NotFound}
     */
    public Optional<InstalledModel> find(ModelName name, String runner) {
        return sources.find(name, runner);
    }

    /** All that the model of that name is made of, or nothing; what it names need not be there. */
    public Optional<ModelContent> content(ModelName name) {
        return manifests.find(name).map(tag -> ModelContent.of(tag.name(), installed.stored(tag), blobs));
    }

    /** What looks after the store. */
    public Upkeep upkeep() {
        return upkeep;
    }

    /** A small blob that is a document, and is what its name says. */
    public byte[] document(Digest digest) {
        return blobs.readDocument(digest);
    }

    /** Opens a blob for reading; it can be read to its end even if it is deleted meanwhile. */
    public FileChannel open(Digest digest) {
        return blobs.open(digest);
    }

    /** The model of that name as a registry gets it, all runners of it. One of which not all is here is a {@link StoreFailure}. */
    public Optional<OutgoingModel> outgoing(ModelName name) {
        var found = installed.stored(name).map(stored -> {
            var model = OutgoingModel.of(stored, blobs);
            model.blobs().forEach(blobs::requireWhole);
            return model;
        });
        if (found.isEmpty()) {
            sources.requireNoOther(name, "make a model of it with create, FROM that name, and push that");
        }
        return found;
    }

    /** The file in which servers of the old layout have the tag of that name. */
    public Path tagFile(ModelName name) {
        var canonical = ManifestLayout.canonical(name);
        return root.resolve(ManifestLayout.OLD.folder())
                .resolve(Path.of(canonical.host(), canonical.namespace(), canonical.model(), canonical.tag()));
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
    public PendingBlob beginUpload(Digest digest) {
        return blobs.upload(digest);
    }

    /** Starts a blob that comes in parts, or goes on with what is there of it; close the result in any case. */
    public PartialBlob partial(Digest digest, long length) {
        return blobs.partial(digest, length, PartialBlob.PART_LENGTH);
    }

    /** Whether some of a blob that comes in parts is there. */
    public boolean hasPartial(Digest digest) {
        return blobs.hasPartial(digest);
    }

    /** The configuration of a manifest, which is there. */
    public ModelConfig config(Manifest manifest) {
        return installed.config(manifest);
    }

    /** Bytes that can still be written. */
    public long freeSpace() {
        return blobs.freeSpace();
    }

    /** Refuses to begin what needs more bytes than can be written. */
    public void requireSpace(String what, long bytes) {
        var free = freeSpace();
        if (bytes > free) {
            throw new StoreFailure(
                    "no space left for %s: it needs %d bytes more and %d are free; free some, or set PUNA_MODELS to another disk"
                            .formatted(what, bytes, free));
        }
    }

    /** Starts a blob that something else writes, and whose digest nobody knows yet; close the result in any case. */
    public PendingBlob beginUnnamed() {
        return blobs.unnamed();
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
        // The old layout is written as the servers of its time do, to the byte.
        var written = manifests.isV2() ? manifest : manifest.with("", "");
        write(name, ManifestJson.bytes(written), manifest.blobs().toList());
    }

    /** Writes a manifest, or a list of them, none of which is preferred: {@link #install(ModelName, byte[], String)}. */
    public Set<Digest> install(ModelName name, byte[] document) {
        return install(name, document, "");
    }

    /**
     * Writes a manifest, or a list of them, as it came from a registry, byte for byte. All blobs of the manifest must be there, or of
     * those manifests of the list that are.
     *
     * @param runner for which of a list's manifests it was pulled; may be empty
     * @return the blobs that the manifest which it replaces has named and this one does not, for {@link #discard}
     */
    public Set<Digest> install(ModelName name, byte[] document, String runner) {
        return guard.exclusively(() -> {
            var stored = StoredManifests.read(root, document, blobs, _ -> Optional.empty());
            var before = unneeded.neededByKnown(name);
            write(name, document, stored.blobs());
            if (manifests.isV2()) {
                writeAnchor(name, stored, runner);
            }
            var unused = new HashSet<>(before);
            unused.removeAll(unneeded.neededBy(name));
            return keepsUnused ? Set.of() : Set.copyOf(unused);
        });
    }

    /** Only for older servers: without it, the model is there all the same. */
    private void writeAnchor(ModelName name, StoredManifests stored, String runner) {
        try {
            manifests.writeAnchor(name, LegacyAnchor.of(stored, runner, blobs));
        } catch (Failure e) {
            LOG.log(Level.WARNING, "store.anchor skipped reason=\"{0}\"", e.text());
        }
    }

    private void write(ModelName name, byte[] document, List<Layer> needed) {
        guard.exclusively(() -> {
            needed.forEach(blobs::require);
            manifests.write(name, document);
            guard.referenced(needed.stream().map(Layer::digest).toList());
            guard.referenced(List.of(Digest.of(document)));
        });
    }

    /**
     * Writes a manifest and removes the blobs that only the one it replaces has named.
     *
     * @param contents those of its blobs that are made here; what another process has deleted meanwhile is written again
     */
    void replace(ModelName name, Manifest manifest, List<byte[]> contents) {
        guard.exclusively(() -> {
            var before = unneeded.neededByKnown(name);
            contents.forEach(blobs::restore);
            write(name, manifest);
            if (!keepsUnused) {
                unneeded.delete(before);
            }
        });
    }

    /** Removes those of the blobs that no model needs. Never fails: a prune removes what stays. */
    public void discard(Collection<Digest> made) {
        guard.referenced(made);
        try {
            unneeded.delete(made);
        } catch (StoreFailure e) {
            LOG.log(Level.WARNING, "store.discard skipped reason=\"{0}\"", e.text());
        }
    }

    /** Bytes of a blob that is there. */
    public long sizeOf(Digest digest) {
        return blobs.size(digest);
    }

    /**
     * Gives a model a second name. Of a list, what is not here is left out. None of it here is an {@link InvalidRequest}.
     *
     * @return what was copied and what was left out; nothing when there is no such model
     */
    public Optional<Copied> copy(ModelName source, ModelName destination) {
        var copied = guard.exclusively(() -> installed.stored(source).map(stored -> {
            var left = stored.entries().stream()
                    .filter(entry -> entry.manifest().isEmpty())
                    .toList();
            var document = left.isEmpty() ? Optional.of(stored.document()) : stored.without(left);
            write(
                    destination,
                    document.orElseThrow(() -> new InvalidRequest("no compatible manifest found: pull one of "
                            + String.join(", ", labels(left)) + " before copying")),
                    stored.isList() ? List.of() : stored.blobs());
            return new Copied(labels(stored.local()), labels(left));
        }));
        if (copied.isEmpty()) {
            sources.requireNoOther(source, "make a model of it with create, FROM that name");
        }
        return copied;
    }

    private static List<String> labels(List<StoredManifests.Entry> entries) {
        return entries.stream().map(StoredManifests.Entry::label).toList();
    }

    /**
     * Deletes a model and those of its blobs that no other model needs; false when there is no such model. Blobs stay
     * where anything in the folder is not known wholly, since it may need them. A name that is a digest is taken out of every
     * list that holds it, and every tag of it is deleted.
     */
    public boolean delete(ModelName name) {
        return guard.exclusively(() -> {
            var digest = installed.digest(name);
            if (digest.isPresent()) {
                return delete(digest.get());
            }
            var found = manifests.find(name);
            found.ifPresent(tag -> {
                var needed = unneeded.neededBy(tag.name());
                manifests.exactly(tag.name()).forEach(manifests::delete);
                unneeded.delete(needed);
            });
            if (found.isEmpty()) {
                sources.requireNoOther(name, "remove the file itself");
            }
            return found.isPresent();
        });
    }

    private boolean delete(Digest digest) {
        var needed = new HashSet<Digest>();
        for (var tag : manifests.all()) {
            installed.readable(tag).ifPresent(stored -> {
                var child = stored.entries().stream()
                        .filter(entry -> stored.isList() && entry.digest().equals(digest))
                        .toList();
                var isTag = Digest.of(stored.document()).equals(digest);
                if (!isTag && child.isEmpty()) {
                    return;
                }
                needed.addAll(unneeded.neededBy(tag.name()));
                var othersAreHere = stored.local().stream().anyMatch(entry -> !child.contains(entry));
                var rest = isTag || !othersAreHere ? Optional.<byte[]>empty() : stored.without(child);
                rest.ifPresentOrElse(
                        document -> write(tag.name(), document, List.of()),
                        () -> manifests.exactly(tag.name()).forEach(manifests::delete));
            });
        }
        unneeded.delete(needed);
        return !needed.isEmpty();
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
            return upkeep.remove(PruneAges.USUAL).size();
        } catch (StoreFailure e) {
            LOG.log(Level.WARNING, "store.prune skipped reason=\"{0}\"", e.text());
            return 0;
        }
    }
}
