// SPDX-License-Identifier: Apache-2.0
package dev.puna.store;

import dev.puna.model.ModelName;
import dev.puna.store.file.StoreFiles;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The tags of a store in both layouts, where one of the newer layout hides an older one of the same name. Names that differ
 * in case are one, and so are the two spellings of the public host. What is written is written in the newer layout where
 * there is one, and else in the old one, which every server reads. Source: addendum 1.4 to 1.6.
 */
final class Manifests {
    private final ManifestFolder old;
    private final ManifestFolder v2;
    private final Blobs blobs;

    /** A tag and the folder it is in. */
    record Tag(ManifestFolder in, ManifestFolder.Place place) {
        ModelName name() {
            return place.name();
        }

        Path file() {
            return place.file();
        }

        byte[] read() {
            return in.read(file());
        }

        Instant modifiedAt() {
            return in.modifiedAt(file());
        }
    }

    Manifests(Path root, Blobs blobs) {
        this.blobs = blobs;
        old = new ManifestFolder(StoreFiles.folder(root, ManifestLayout.OLD.folder()), ManifestLayout.OLD, blobs);
        v2 = new ManifestFolder(StoreFiles.folder(root, ManifestLayout.V2.folder()), ManifestLayout.V2, blobs);
    }

    /** The folders that are there, the one that counts first. */
    List<ManifestFolder> folders() {
        return Stream.of(v2, old).filter(ManifestFolder::exists).toList();
    }

    /** Whether tags are written in the newer layout. */
    boolean isV2() {
        return v2.exists();
    }

    /** Every tag that is not hidden by another, readable or not. */
    List<Tag> all() {
        var names = new HashSet<ModelName>();
        var tags = new ArrayList<Tag>();
        for (var folder : List.of(v2, old)) {
            for (var place : folder.all()) {
                if (names.add(place.name())) {
                    tags.add(new Tag(folder, place));
                }
            }
        }
        return tags;
    }

    /** The tag of that name: first as it is spelt, then in whatever case. */
    Optional<Tag> find(ModelName name) {
        var found = Stream.of(v2, old)
                .flatMap(folder -> folder.find(name).map(place -> new Tag(folder, place)))
                .toList();
        var wanted = ManifestLayout.canonical(name);
        return found.stream()
                .filter(tag -> tag.name().equals(wanted))
                .findFirst()
                .or(() -> found.stream().findFirst());
    }

    /** Everything that is called exactly so, in both layouts and both spellings of the host. */
    List<Tag> exactly(ModelName name) {
        return Stream.of(v2, old)
                .flatMap(folder -> folder.exactly(name).stream().map(place -> new Tag(folder, place)))
                .toList();
    }

    /** Makes a document the one of that name, in place of any there is. */
    void write(ModelName name, byte[] document) {
        var known = find(name).map(Tag::name).orElse(name);
        if (isV2()) {
            var before = exactly(known);
            blobs.restore(document);
            v2.link(place(v2, known).file(), document);
            before.stream().filter(tag -> tag.in() == old).forEach(this::delete);
        } else {
            old.write(place(old, known).file(), document);
        }
    }

    /** Writes beside a tag of the newer layout what stands for it in the old one, where it does not count. */
    void writeAnchor(ModelName name, byte[] document) {
        var known = find(name).map(Tag::name).orElse(name);
        old.write(place(old, known).file(), document);
    }

    void delete(Tag tag) {
        tag.in().delete(tag.place());
    }

    void prune(Instant before) {
        v2.prune(before);
        old.prune(before);
    }

    private static ManifestFolder.Place place(ManifestFolder folder, ModelName name) {
        return folder.find(name).findFirst().orElseGet(() -> folder.newPlace(name));
    }
}
