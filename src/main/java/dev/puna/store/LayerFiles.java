// SPDX-License-Identifier: Apache-2.0
package dev.puna.store;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import dev.puna.failure.StoreFailure;
import dev.puna.model.Digest;
import dev.puna.store.file.FileStamp;
import dev.puna.store.file.StoreFiles;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Where the bytes of a model's layers are: among the blobs of the store, or in files of somebody else. Immutable; any thread. */
public sealed interface LayerFiles {

    /** The file of a layer, whether it is there or not; of one that is in no file, just a name. */
    Path path(Digest layer);

    /** The file of a layer that is to be loaded, or what to do about that it is not as it should be. */
    Path existing(Digest layer);

    /** The whole of a layer of at most {@code longest} bytes. */
    byte[] read(Digest layer, int longest);

    /** Which of the layers has that file. */
    Digest layerOf(Path file);

    /** Whether the files are the store's, which alone changes them. */
    boolean ofStore();

    /** What to do about a model that is damaged. */
    String remedy();

    /**
     * Blobs, each of which is named by its digest and never changes.
     *
     * @param folder of the blobs
     */
    record Stored(Path folder) implements LayerFiles {
        public Stored {
            requireNonNull(folder, "folder is null");
        }

        @Override
        public Path path(Digest layer) {
            return folder.resolve(layer.fileName());
        }

        @Override
        public Path existing(Digest layer) {
            var path = path(layer);
            if (!Files.isRegularFile(path)) {
                throw new StoreFailure("%s is missing; %s".formatted(path, remedy()));
            }
            return path;
        }

        @Override
        public byte[] read(Digest layer, int longest) {
            return StoreFiles.readBlob(path(layer), layer, longest);
        }

        @Override
        public Digest layerOf(Path file) {
            return Digest.parse(file.getFileName().toString());
        }

        @Override
        public boolean ofStore() {
            return true;
        }

        @Override
        public String remedy() {
            return "pull or create it again";
        }
    }

    /**
     * Files that others may change at any time, and small layers that are in no file.
     *
     * @param files by the digests that stand for them
     * @param texts the small layers by their digests
     */
    record InPlace(Map<Digest, FileStamp> files, Map<Digest, String> texts) implements LayerFiles {
        /** Copies the maps. */
        public InPlace {
            files = Map.copyOf(files);
            texts = Map.copyOf(texts);
        }

        @Override
        public Path path(Digest layer) {
            var known = files.get(layer);
            return known == null ? Path.of(layer.fileName()) : known.file();
        }

        @Override
        public Path existing(Digest layer) {
            var known = requireNonNull(files.get(layer), "no file of this model");
            if (!FileStamp.of(known.file()).equals(Optional.of(known))) {
                throw new StoreFailure("%s is gone or has changed; try again when it is whole".formatted(known.file()));
            }
            return known.file();
        }

        @Override
        public byte[] read(Digest layer, int longest) {
            return requireNonNull(texts.get(layer), "no text of this model").getBytes(UTF_8);
        }

        @Override
        public Digest layerOf(Path file) {
            return files.entrySet().stream()
                    .filter(entry -> entry.getValue().file().equals(file))
                    .map(Map.Entry::getKey)
                    .findFirst()
                    .orElseThrow();
        }

        @Override
        public boolean ofStore() {
            return false;
        }

        @Override
        public String remedy() {
            return files.values().stream()
                    .map(known -> known.file().toString())
                    .sorted()
                    .collect(Collectors.joining(" or ", "replace ", ""));
        }
    }
}
