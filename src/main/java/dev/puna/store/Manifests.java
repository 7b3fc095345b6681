// SPDX-License-Identifier: Apache-2.0
package dev.puna.store;

import dev.puna.failure.Failure;
import dev.puna.model.Manifest;
import dev.puna.model.ModelName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The folder of manifests: {@code host/namespace/model/tag}, where names that differ in case are one. */
final class Manifests {
    static final int LONGEST = 4 << 20;
    private static final String UNFINISHED = ".unfinished-";
    private static final Pattern UNFINISHED_NAME = Pattern.compile("\\.unfinished-[0-9a-f]{16}");

    private final Path folder;

    /** Where a manifest lies and what it is called there. */
    record Place(ModelName name, Path file) {}

    Manifests(Path folder) {
        this.folder = folder;
    }

    Path folder() {
        return folder;
    }

    /** Every file in the place of a manifest, readable or not. */
    List<Place> all() {
        var places = new ArrayList<Place>();
        for (var host : StoreFiles.entries(folder)) {
            for (var namespace : StoreFiles.entries(host)) {
                for (var model : StoreFiles.entries(namespace)) {
                    for (var tag : StoreFiles.entries(model)) {
                        place(host, namespace, model, tag).ifPresent(places::add);
                    }
                }
            }
        }
        return places;
    }

    /** The place of a manifest that is there; where several differ in case only, the one that is spelt alike. */
    Optional<Place> find(ModelName name) {
        return children(folder, name.host())
                .flatMap(host -> children(host, name.namespace()).flatMap(namespace -> children(namespace, name.model())
                        .flatMap(model -> children(model, name.tag())
                                .flatMap(tag -> place(host, namespace, model, tag).stream()))))
                .findFirst();
    }

    /** The place for a manifest: where one of that name is, or where it would be. */
    Place placeFor(ModelName name) {
        return find(name).orElseGet(() -> newPlace(name));
    }

    private Place newPlace(ModelName name) {
        var parts = new ArrayList<String>();
        var place = folder;
        for (var part : List.of(name.host(), name.namespace(), name.model(), name.tag())) {
            var parent = place;
            place = children(parent, part).findFirst().orElseGet(() -> parent.resolve(part));
            parts.add(fileName(place));
        }
        return new Place(new ModelName(parts.get(0), parts.get(1), parts.get(2), parts.get(3)), place);
    }

    byte[] read(Place place) {
        return StoreFiles.read(place.file(), LONGEST);
    }

    Manifest parse(Place place, byte[] content) {
        return StoreJson.manifest(place.file(), content);
    }

    Instant modifiedAt(Place place) {
        try {
            return Files.getLastModifiedTime(place.file(), LinkOption.NOFOLLOW_LINKS)
                    .toInstant();
        } catch (IOException e) {
            throw StoreFiles.failure("read", place.file(), e);
        }
    }

    void write(Place place, byte[] content) {
        StoreFiles.createDirectories(folder);
        for (var directory : folders(place.name())) {
            if (!StoreFiles.isDirectory(directory)) {
                StoreFiles.createDirectory(directory);
            }
        }
        // Not in the folder of the tags, where it could be taken for one.
        StoreFiles.writeAtomically(folder.resolve(UNFINISHED + StoreFiles.uniqueSuffix()), place.file(), content);
    }

    void delete(Place place) {
        try {
            Files.deleteIfExists(place.file());
        } catch (IOException e) {
            throw StoreFiles.failure("delete", place.file(), e);
        }
        folders(place.name()).reversed().forEach(Manifests::removeIfEmpty);
    }

    /** Whether this is a manifest that this program has begun to write, which is no manifest yet. */
    static boolean isUnfinished(Path file) {
        return UNFINISHED_NAME.matcher(fileName(file)).matches() && StoreFiles.isRegular(file);
    }

    /** Removes unfinished files and folders without a manifest, when they are older than {@code before}. */
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

    /** The folders of host, namespace and model, outermost first. */
    private List<Path> folders(ModelName name) {
        var host = folder.resolve(name.host());
        var namespace = host.resolve(name.namespace());
        return List.of(host, namespace, namespace.resolve(name.model()));
    }

    private static void removeIfEmpty(Path directory) {
        if (StoreFiles.isDirectory(directory) && StoreFiles.entries(directory).isEmpty()) {
            StoreFiles.deleteQuietly(directory);
        }
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

    private static Optional<Place> place(Path host, Path namespace, Path model, Path tag) {
        if (!StoreFiles.isRegular(tag) || !StoreFiles.isDirectory(model)) {
            return Optional.empty();
        }
        try {
            var name = new ModelName(fileName(host), fileName(namespace), fileName(model), fileName(tag));
            return Optional.of(new Place(name, tag));
        } catch (Failure _) {
            return Optional.empty();
        }
    }

    private static String fileName(Path path) {
        return path.getFileName().toString();
    }
}
