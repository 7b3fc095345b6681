// SPDX-License-Identifier: Apache-2.0
package dev.puna.creation;

import dev.puna.failure.Cancelled;
import dev.puna.failure.InvalidRequest;
import dev.puna.failure.StoreFailure;
import dev.puna.model.Digest;
import dev.puna.store.InstalledModel;
import dev.puna.store.ModelStore;
import dev.puna.store.PendingBlob;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * Files of a model that is not the store's, made blobs, so that a model of the store can be made of them.
 *
 * <p>The kernel copies them ({@code copy_file_range}), which on btrfs and XFS shares their bytes within one file system: nothing is
 * moved, and nothing is taken twice. What was copied is hashed then, as everything is that comes into the store. <b>Owns</b> the blobs
 * until it is closed, when those go that no model has come to need. <b>Threads:</b> one.
 */
final class ImportedFiles implements AutoCloseable {
    private static final long CHUNK = 64L << 20;
    /** File systems on which copies share bytes. */
    private static final Set<String> SHARING = Set.of("btrfs", "xfs");

    private final ModelStore store;
    private final Consumer<CreationProgress> progress;
    private final BooleanSupplier cancelled;
    private final List<Digest> made = new ArrayList<>();

    /**
     * @param cancelled whether nobody wants the model any more
     */
    ImportedFiles(ModelStore store, Consumer<CreationProgress> progress, BooleanSupplier cancelled) {
        this.store = store;
        this.progress = progress;
        this.cancelled = cancelled;
    }

    /** The weights and projectors of the model as the files of a request, digests by names. */
    Map<String, String> of(InstalledModel model) {
        var files = new ArrayList<>(model.modelFiles());
        files.addAll(model.projectors());
        var digests = new LinkedHashMap<String, String>();
        for (var file : files) {
            // By its number, too: a file of a cache can have the name of another.
            digests.put(
                    "%05d-%s.gguf".formatted(digests.size(), file.getFileName()),
                    add(file).text());
        }
        // What has changed while it was copied is no part of one model.
        var _ = model.modelFiles();
        return digests;
    }

    private Digest add(Path file) {
        try (var blob = store.beginUnnamed()) {
            copy(file, blob);
            var digest = blob.commit();
            made.add(digest);
            return digest;
        }
    }

    private void copy(Path file, PendingBlob blob) {
        try (var from = FileChannel.open(file, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS);
                var to = FileChannel.open(blob.path(), StandardOpenOption.WRITE)) {
            var size = from.size();
            if (size > store.freeSpace() && !sharesBytes(file, blob.path())) {
                throw new StoreFailure("%s has %d bytes, and %d are free for the store: free some and try again"
                        .formatted(file, size, store.freeSpace()));
            }
            for (var at = 0L; at < size; ) {
                if (cancelled.getAsBoolean()) {
                    throw new Cancelled("request canceled");
                }
                var copied = from.transferTo(at, Math.min(CHUNK, size - at), to);
                if (copied <= 0) {
                    throw new InvalidRequest(
                            file + " has become shorter while it was copied; try again when it is whole");
                }
                at += copied;
                progress.accept(new CreationProgress.Copying(file.getFileName().toString(), size, at));
            }
        } catch (IOException e) {
            throw blob.explained(new StoreFailure("cannot copy " + file + ": " + e.getMessage(), e));
        }
    }

    private static boolean sharesBytes(Path one, Path other) throws IOException {
        var store = Files.getFileStore(one);
        return store.equals(Files.getFileStore(other)) && SHARING.contains(store.type());
    }

    @Override
    public void close() {
        store.discard(made);
    }
}
