// SPDX-License-Identifier: Apache-2.0
package dev.puna.llama.binding;

import dev.puna.llama.binding.generated.Media;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * libmtmd and what we add to it, opened and of the right version.
 *
 * <p>Opened for the first model that sees or hears, so that others pay nothing for it; stays for the life of the process.
 * Thread-safe. Having one is the proof that {@code Media} may be called.
 */
public final class MediaLibrary {
    private static @Nullable MediaLibrary loaded;

    private MediaLibrary() {}

    /** Opens the libraries of the folder from which the others came. */
    public static synchronized MediaLibrary load(Path folder) {
        var present = loaded;
        if (present == null) {
            DynamicLinker.open(LibraryFiles.mediaInLoadOrder(folder));
            var abi = Media.puna_media_abi();
            if (abi != Media.PUNA_MEDIA_ABI()) {
                throw LibraryFiles.failure(
                        folder, "its libpuna-media speaks version " + abi + ", this program " + Media.PUNA_MEDIA_ABI());
            }
            present = new MediaLibrary();
            loaded = present;
        }
        return present;
    }

    /** Reads a projector into memory, for a model that outlives it. */
    public ProjectorHandle loadProjector(ModelHandle model, Path file, int threads, boolean gpu) {
        return ProjectorHandle.open(model, file, threads, gpu);
    }
}
