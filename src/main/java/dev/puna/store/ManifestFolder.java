// SPDX-License-Identifier: Apache-2.0
package dev.puna.store;

import static java.util.Objects.requireNonNull;

import dev.puna.failure.Failure;
import dev.puna.failure.StoreFailure;
import dev.puna.model.Digest;
import dev.puna.model.ModelName;
import dev.puna.store.file.StoreFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * One folder of tags, {@code host/namespace/model/tag}, in one of the two layouts.
 *
 * <p>Folders that are links are not followed. A tag of the newer layout is a link to a document among the blobs, or a copy of
 * it; a link to anything else is never read. Source: contract 3.3, addendum 1.3.
 */
final class ManifestFolder {
    static final int LONGEST = 4 << 20;
    private static final String UNFINISHED = ".unfinished-";
    private static final Pattern UNFINISHED_NAME = Pattern.compile("\\.unfinished-[0-9a-f]{16}");

    private final Path folder;
    private final ManifestLayout layout;
    private final Blobs blobs;

    /** Where a tag lies and what it is called. */
    record Place(ModelName name, Path file) {}

    ManifestFolder(Path folder, ManifestLayout layout, Blobs blobs) {
        this.folder = folder;
        this.layout = layout;
        this.blobs = blobs;
    }

    Path folder() {
        return folder;
    }

    ManifestLayout layout() {
        return layout;
    }

    /** Whether the folder is there. */
    boolean exists() {
        return StoreFiles.isDirectory(folder);
    }

    /** Everything in the place of a tag that is one, readable or not; links that lead nowhere are none. */
    List<Place> all() {
        var places = new ArrayList<Place>();
        // Of two spellings of the public host, the one that is written comes first and hides the other.
        var hosts = new ArrayList<>(StoreFiles.entries(folder));
        hosts.sort(Comparator.comparing(host -> !fileName(host).equals(layout.folderOf(ModelName.DEFAULT_HOST))));
        for (var host : hosts) {
            for (var namespace : StoreFiles.entries(host)) {
                for (var model : StoreFiles.entries(namespace)) {
                    for (var tag : StoreFiles.entries(model)) {
                        place(tag).filter(place -> isTag(place.file())).ifPresent(places::add);
                    }
                }
            }
        }
        return places;
    }

    /** The tag of that name in whatever case; where several differ in case only, the one that is spelt alike. */
    Stream<Place> find(ModelName name) {
        return hosts(name)
                .flatMap(host -> children(host, name.namespace()))
                .flatMap(namespace -> children(namespace, name.model()))
                .flatMap(model -> children(model, name.tag()))
                .filter(this::isTag)
                .flatMap(tag -> place(tag).stream());
    }

    /** What is in the place of exactly that name, a link that leads nowhere too. */
    List<Place> exactly(ModelName name) {
        return hosts(name)
                .map(host -> host.resolve(name.namespace()))
                .filter(StoreFiles::isDirectory)
                .map(namespace -> namespace.resolve(name.model()))
                .filter(StoreFiles::isDirectory)
                .map(model -> model.resolve(name.tag()))
                .filter(tag -> Files.isSymbolicLink(tag) ? layout == ManifestLayout.V2 : StoreFiles.isRegular(tag))
                .flatMap(tag -> place(tag).stream())
                .toList();
    }

    /** The place for a new tag, in folders that are there under that name in whatever case. */
    Place newPlace(ModelName name) {
        var place = hosts(name)
                .findFirst()
                .orElseGet(() -> folder.resolve(layout.folderOf(ManifestLayout.canonical(name.host()))));
        for (var part : List.of(name.namespace(), name.model(), name.tag())) {
            var parent = place;
            place = children(parent, part).findFirst().orElseGet(() -> parent.resolve(part));
        }
        return place(place).orElseThrow(() -> new StoreFailure("no place for the model " + name));
    }

    /** The document that a tag names. */
    byte[] read(Path tag) {
        return layout == ManifestLayout.V2 && Files.isSymbolicLink(tag)
                ? readLinked(tag)
                : StoreFiles.read(tag, LONGEST);
    }

    private byte[] readLinked(Path tag) {
        try {
            var target = tag.toRealPath();
            var digest = blobs.digestOf(target)
                    .orElseThrow(() -> new StoreFailure(
                            "manifest symlink target \"%s\" is not a sha256 blob: %s".formatted(target, tag)));
            var blob = blobs.path(digest);
            if (!Files.exists(blob) || !Files.isSameFile(target, blob)) {
                throw new StoreFailure(
                        "manifest symlink target \"%s\" does not match blob \"%s\": %s".formatted(target, blob, tag));
            }
            return blobs.readDocument(digest);
        } catch (IOException e) {
            throw StoreFiles.failure("read", tag, e);
        }
    }

    /** When the tag itself was written, not the document. */
    Instant modifiedAt(Path tag) {
        try {
            return Files.getLastModifiedTime(tag, LinkOption.NOFOLLOW_LINKS).toInstant();
        } catch (IOException e) {
            throw StoreFiles.failure("read", tag, e);
        }
    }

    /** Writes a tag of the old layout: the document itself. */
    void write(Path tag, byte[] document) {
        createFolders(tag);
        // Not in the folder of the tags, where it could be taken for one.
        StoreFiles.writeAtomically(unfinished(), tag, document);
    }

    /** Writes a tag of the newer layout: a link to the document, which is a blob, or else a copy. */
    void link(Path tag, byte[] document) {
        createFolders(tag);
        var unfinished = unfinished();
        try {
            var blob = blobs.path(Digest.of(document)).toRealPath();
            Files.createSymbolicLink(unfinished, parent(tag).toRealPath().relativize(blob));
            StoreFiles.replace(unfinished, tag);
        } catch (IOException | UnsupportedOperationException _) {
            StoreFiles.deleteQuietly(unfinished);
            StoreFiles.writeAtomically(unfinished(), tag, document);
        }
    }

    void delete(Place place) {
        try {
            Files.deleteIfExists(place.file());
        } catch (IOException e) {
            throw StoreFiles.failure("delete", place.file(), e);
        }
        folders(place.file()).reversed().forEach(ManifestFolder::removeIfEmpty);
    }

    /** Whether this is a tag that this program has begun to write, which is none yet. */
    static boolean isUnfinished(Path file) {
        return UNFINISHED_NAME.matcher(fileName(file)).matches()
                && (StoreFiles.isRegular(file) || Files.isSymbolicLink(file));
    }

    /** Removes unfinished files and folders without a tag, when they are older than {@code before}. */
    void prune(Instant before) {
        for (var host : StoreFiles.entries(folder)) {
            if (isUnfinished(host) && StoreFiles.isOlder(host, before)) {
                StoreFiles.deleteQuietly(host);
            }
            removeIfOldAndEmpty(host, before);
        }
    }

    /** Looks at the age before it looks inside, since what is removed inside makes a folder young again. */
    private static void removeIfOldAndEmpty(Path directory, Instant before) {
        var isOld = StoreFiles.isOlder(directory, before);
        StoreFiles.entries(directory).forEach(entry -> removeIfOldAndEmpty(entry, before));
        if (isOld) {
            removeIfEmpty(directory);
        }
    }

    private static void removeIfEmpty(Path directory) {
        if (StoreFiles.isDirectory(directory) && StoreFiles.entries(directory).isEmpty()) {
            StoreFiles.deleteQuietly(directory);
        }
    }

    private Path unfinished() {
        return folder.resolve(UNFINISHED + StoreFiles.uniqueSuffix());
    }

    private void createFolders(Path tag) {
        StoreFiles.createDirectories(folder);
        for (var directory : folders(tag)) {
            if (!StoreFiles.isDirectory(directory)) {
                StoreFiles.createDirectory(directory);
            }
        }
    }

    /** The folders of host, namespace and model, outermost first. */
    private static List<Path> folders(Path tag) {
        var model = parent(tag);
        var namespace = parent(model);
        return List.of(parent(namespace), namespace, model);
    }

    private boolean isTag(Path file) {
        return StoreFiles.isDirectory(parent(file))
                && (Files.isSymbolicLink(file)
                        ? layout == ManifestLayout.V2 && Files.isRegularFile(file)
                        : StoreFiles.isRegular(file));
    }

    /** The folders of that host: the one that is spelt alike first. */
    private Stream<Path> hosts(ModelName name) {
        var canonical = ManifestLayout.canonical(name.host());
        return StoreFiles.entries(folder).stream()
                .filter(entry -> layout.hostOf(fileName(entry)).equalsIgnoreCase(canonical))
                .sorted(Comparator.comparing((Path entry) -> !fileName(entry).equals(name.host()))
                        .thenComparing(entry -> !fileName(entry).equals(layout.folderOf(canonical))));
    }

    /** The entries of that name, the one in the same case first. */
    private static Stream<Path> children(Path directory, String name) {
        if (!StoreFiles.isDirectory(directory)) {
            return Stream.empty();
        }
        var exact = Stream.of(directory.resolve(name)).filter(path -> Files.exists(path, LinkOption.NOFOLLOW_LINKS));
        var others = Stream.of(directory)
                .flatMap(folder -> StoreFiles.entries(folder).stream())
                .filter(entry -> fileName(entry).equalsIgnoreCase(name)
                        && !fileName(entry).equals(name));
        return Stream.concat(exact, others);
    }

    /** The tag by its place, if its folders and itself can be called so. */
    Optional<Place> place(Path tag) {
        var model = parent(tag);
        var namespace = parent(model);
        try {
            var name = new ModelName(
                    layout.hostOf(fileName(parent(namespace))), fileName(namespace), fileName(model), fileName(tag));
            return Optional.of(new Place(name, tag));
        } catch (Failure _) {
            return Optional.empty();
        }
    }

    private static Path parent(Path path) {
        return requireNonNull(path.getParent(), "a tag lies in a folder");
    }

    private static String fileName(Path path) {
        return path.getFileName().toString();
    }
}
