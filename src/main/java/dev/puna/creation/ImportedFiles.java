// SPDX-License-Identifier: Apache-2.0
package dev.puna.creation;

import dev.puna.failure.Cancelled;
import dev.puna.model.Digest;
import dev.puna.store.ModelStore;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * Files of a model that is not the store's, made blobs, so that a model of the store can be made of them.
 *
 * <p><b>Owns</b> the blobs until it is closed, when those go that no model has come to need. <b>Threads:</b> one.
 */
final class ImportedFiles implements AutoCloseable {
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

    /** Makes a blob of a file as it is. */
    Digest blob(Path file) {
        try (var blob = store.beginUnnamed()) {
            var name = file.getFileName().toString();
            var size = file.toFile().length();
            FileIntake.copied(file, blob, done -> {
                if (cancelled.getAsBoolean()) {
                    throw new Cancelled("request canceled");
                }
                progress.accept(new CreationProgress.Copying(name, size, done));
            });
            var digest = blob.commit();
            made.add(digest);
            return digest;
        }
    }

    @Override
    public void close() {
        store.discard(made);
    }
}
