// SPDX-License-Identifier: Apache-2.0
package dev.puna.store;

import dev.puna.failure.Failure;
import dev.puna.failure.StoreFailure;
import dev.puna.model.Digest;
import dev.puna.model.ModelName;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Finds every blob that something in the store needs, so that the others may be removed.
 *
 * <p>Whoever removes blobs has to know that nobody needs them. So anything in the store's folder or among the manifests that
 * is not known wholly, be it a folder of a later version, a link, a name that is none or a field that is new, makes the
 * answer a {@link StoreFailure} that names it, and its caller removes nothing. Source: addendum 1.7 and 1.9.
 *
 * <p><b>Threads:</b> one, under the lock of {@link StoreGuard}.
 */
final class ReachableBlobs {
    private static final Set<String> KNOWN = Set.of("blobs", "manifests", StoreGuard.LOCK_FILE);
    /** What file systems and desktops leave in any folder. */
    private static final Set<String> LEFT_BY_SYSTEMS = Set.of("lost+found", ".DS_Store");

    private static final int LEVELS = 4;

    private final Path root;
    private final Path manifests;
    private final Blobs blobs;
    private final Set<Digest> reached = new HashSet<>();
    private int tags;

    private ReachableBlobs(Path root, Path manifests, Blobs blobs) {
        this.root = root;
        this.manifests = manifests;
        this.blobs = blobs;
    }

    /**
     * The blobs that are needed.
     *
     * @param tags how many manifests have said so
     */
    record Found(Set<Digest> digests, int tags) {}

    /** Reads every manifest; a {@link StoreFailure} says what of the store is not known here. */
    static Found in(Path root, Path manifests, Blobs blobs) {
        var search = new ReachableBlobs(root, manifests, blobs);
        search.requireKnownFolders();
        search.walk(manifests, new ArrayList<>());
        return new Found(Set.copyOf(search.reached), search.tags);
    }

    private void requireKnownFolders() {
        try {
            for (var entry : StoreFiles.entries(root.toRealPath())) {
                var name = fileName(entry);
                if (!KNOWN.contains(name) && !LEFT_BY_SYSTEMS.contains(name)) {
                    throw unknown(entry, "nothing is known of it");
                }
            }
        } catch (IOException e) {
            throw StoreFiles.failure("read", root, e);
        }
        if (!StoreFiles.isDirectory(manifests)) {
            throw unknown(manifests, "it is no folder");
        }
    }

    private void walk(Path directory, List<String> parents) {
        for (var entry : StoreFiles.entries(directory)) {
            var parts = new ArrayList<>(parents);
            parts.add(fileName(entry));
            if (parts.size() == LEVELS) {
                tag(entry, parts);
            } else if (StoreFiles.isDirectory(entry)) {
                walk(entry, parts);
            } else if (!(parents.isEmpty() && Manifests.isUnfinished(entry))) {
                throw unknown(entry, "it is no folder");
            }
        }
    }

    private void tag(Path file, List<String> parts) {
        if (!StoreFiles.isRegular(file)) {
            throw unknown(file, "it is no regular file");
        }
        try {
            var _ = new ModelName(parts.get(0), parts.get(1), parts.get(2), parts.get(3));
        } catch (Failure e) {
            throw unknown(file, "it is not called as a model can be");
        }
        document(file, true);
        tags++;
    }

    private void document(Path file, boolean mayBeList) {
        ManifestReferences references;
        try {
            references = ManifestReferences.of(StoreFiles.read(file, Manifests.LONGEST));
        } catch (Failure e) {
            throw unknown(file, e.text());
        }
        if (references.isList() && !mayBeList) {
            throw unknown(file, "it is a list within a list");
        }
        reached.addAll(references.blobs());
        var present = references.children().stream().filter(blobs::isOccupied).toList();
        present.forEach(child -> document(blobs.path(child), !references.isList()));
        if (references.isList() && present.isEmpty() && references.inlineChildren() == 0) {
            throw unknown(file, "none of the manifests it lists is here");
        }
    }

    private static StoreFailure unknown(Path file, String why) {
        return new StoreFailure("cannot tell what %s needs: %s".formatted(file, why));
    }

    private static String fileName(Path path) {
        return path.getFileName().toString();
    }
}
