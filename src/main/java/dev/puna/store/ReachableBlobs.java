// SPDX-License-Identifier: Apache-2.0
package dev.puna.store;

import dev.puna.failure.Failure;
import dev.puna.failure.StoreFailure;
import dev.puna.model.Digest;
import dev.puna.store.file.StoreFiles;
import dev.puna.store.file.UploadClaims;
import dev.puna.store.json.ManifestReferences;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Finds every blob that something in the store needs, so that the others may be removed.
 *
 * <p>Whoever removes blobs has to know that nobody needs them. So anything in the store's folder or among the tags that is not
 * known wholly, be it a folder of a later version, a link to elsewhere, a name that is none or a field that is new, makes the
 * answer a {@link StoreFailure} that names it, and its caller removes nothing. Tags that another tag hides count too, and so
 * does what another program is writing now. Source: addendum 1.7 and 1.9.
 *
 * <p><b>Threads:</b> one, under the lock of {@link StoreGuard}.
 */
final class ReachableBlobs {
    private static final Set<String> KNOWN = Set.of(
            "blobs", ManifestLayout.OLD.folder(), ManifestLayout.V2.folder(), StoreGuard.LOCK_FILE, UploadClaims.FILE);
    /** Names of files that file systems and desktops leave in any folder. */
    private static final Set<String> LEFT_BY_SYSTEMS = Set.of("lost+found", ".DS_Store");
    /** Values of headers that Ollama remembers; they name blobs but need none. */
    private static final String METADATA = "metadata";

    private static final Pattern METADATA_FILE =
            Pattern.compile("sha256-[0-9a-f]{64}\\.json|\\.gguf-metadata-.*\\.tmp");
    /** How the name begins that Ollama gives to a tag while it writes it. */
    private static final String BEGUN = ".manifest-";

    private static final int LEVELS = 4;
    /** A manifest of the old layout may keep the list that it stands for, and a list keeps manifests. */
    private static final int DEEPEST = 2;

    private final Blobs blobs;
    private final Instant recently;
    private final Set<Digest> reached = new HashSet<>();
    private int tags;

    private ReachableBlobs(Blobs blobs, Instant recently) {
        this.blobs = blobs;
        this.recently = recently;
    }

    /**
     * The blobs that are needed.
     *
     * @param tags how many tags have said so
     */
    record Found(Set<Digest> digests, int tags) {
        Found {
            digests = Set.copyOf(digests);
        }
    }

    /**
     * Reads every tag; a {@link StoreFailure} says what of the store is not known here.
     *
     * @param recently what others have touched since then, they may be at work on
     */
    static Found in(Path root, Manifests manifests, Blobs blobs, Instant recently) {
        var search = new ReachableBlobs(blobs, recently);
        var folders = manifests.folders();
        search.requireKnown(root, folders);
        search.requireNobodyWrites();
        if (folders.isEmpty()) {
            throw unknown(root, "it has no folder of manifests");
        }
        for (var folder : folders) {
            search.walk(folder, folder.folder(), 1);
        }
        return new Found(search.reached, search.tags);
    }

    /** The blobs that one document needs, itself among them. */
    static Set<Digest> of(Path tag, byte[] document, Blobs blobs) {
        var search = new ReachableBlobs(blobs, Instant.MAX);
        search.document(tag, document, 0);
        return search.reached;
    }

    private void requireKnown(Path root, List<ManifestFolder> folders) {
        try {
            for (var entry : StoreFiles.entries(root.toRealPath())) {
                var name = fileName(entry);
                if (name.equals(METADATA)) {
                    requireMetadata(entry);
                } else if (!KNOWN.contains(name) && !LEFT_BY_SYSTEMS.contains(name)) {
                    throw unknown(entry, "nothing is known of it");
                }
            }
        } catch (IOException e) {
            throw StoreFiles.failure("read", root, e);
        }
        for (var layout : ManifestLayout.values()) {
            var folder = root.resolve(layout.folder());
            if (Files.exists(folder, LinkOption.NOFOLLOW_LINKS)
                    && folders.stream().noneMatch(one -> isSame(one, folder))) {
                throw unknown(folder, "it is no folder, or not the one that was there at the start");
            }
        }
    }

    private static boolean isSame(ManifestFolder folder, Path place) {
        try {
            return Files.isSameFile(folder.folder(), place);
        } catch (IOException _) {
            return false;
        }
    }

    private static void requireMetadata(Path folder) {
        if (!StoreFiles.isDirectory(folder)) {
            throw unknown(folder, "it is no folder");
        }
        for (var entry : StoreFiles.entries(folder)) {
            if (!METADATA_FILE.matcher(fileName(entry)).matches() || !StoreFiles.isRegular(entry)) {
                throw unknown(entry, "nothing is known of it");
            }
        }
    }

    private void requireNobodyWrites() {
        blobs.writtenByOthers(recently).ifPresent(file -> {
            throw unknown(file, "another program is at work on it");
        });
    }

    private void walk(ManifestFolder folder, Path directory, int level) {
        for (var entry : StoreFiles.entries(directory)) {
            if (level == LEVELS) {
                tag(folder, entry);
            } else if (StoreFiles.isDirectory(entry)) {
                walk(folder, entry, level + 1);
            } else if (level > 1 || !ManifestFolder.isUnfinished(entry)) {
                throw unknown(entry, "it is no folder");
            }
        }
    }

    private void tag(ManifestFolder folder, Path file) {
        var isLink = Files.isSymbolicLink(file);
        if (fileName(file).startsWith(BEGUN) && (isLink || StoreFiles.isRegular(file))) {
            if (!StoreFiles.isOlder(file, recently)) {
                throw unknown(file, "another program is at work on it");
            }
            return;
        }
        if (!StoreFiles.isRegular(file) && !(isLink && folder.layout() == ManifestLayout.V2)) {
            throw unknown(file, "it is no regular file");
        }
        if (folder.place(file).isEmpty()) {
            throw unknown(file, "it is not called as a model can be");
        }
        document(file, folder.read(file), 0);
        tags++;
    }

    private void document(Path file, byte[] content, int depth) {
        ManifestReferences references;
        try {
            references = ManifestReferences.of(content);
        } catch (Failure e) {
            throw unknown(file, e.text());
        }
        if (depth > DEEPEST) {
            throw unknown(file, "it is one of a chain of manifests");
        }
        reached.add(Digest.of(content));
        reached.addAll(references.blobs());
        var present = references.children().stream().filter(blobs::isOccupied).toList();
        for (var child : present) {
            document(blobs.path(child), blobs.readDocument(child), depth + 1);
        }
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
