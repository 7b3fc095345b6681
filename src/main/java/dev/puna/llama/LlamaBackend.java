// SPDX-License-Identifier: Apache-2.0
package dev.puna.llama;

import dev.puna.failure.NativeFailure;
import dev.puna.llama.binding.NativeLibrary;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/**
 * llama.cpp in this process: its libraries are open and its compute backends are known.
 *
 * <p>There is one for the life of the process. <b>Threads:</b> any.
 */
public final class LlamaBackend {
    private static @Nullable LlamaBackend loaded;

    private final NativeLibrary library;
    private final Path folder;

    private LlamaBackend(NativeLibrary library, Path folder) {
        this.library = library;
        this.folder = folder;
    }

    /**
     * Opens the libraries of a folder; with the same folder again, gives the same backend.
     *
     * @throws NativeFailure if one of them is missing, broken or of another version, none computes on this machine, or
     *     those of another folder are open
     */
    public static synchronized LlamaBackend load(Path folder) {
        var wanted = real(folder);
        var present = loaded;
        if (present == null) {
            present = new LlamaBackend(NativeLibrary.load(wanted), wanted);
            loaded = present;
        } else if (!present.folder.equals(wanted)) {
            throw NativeFailure.of(
                    "load the native libraries of",
                    wanted.toString(),
                    "this process runs on those of " + present.folder,
                    "start another process for them");
        }
        return present;
    }

    /** The one that was loaded. */
    static synchronized LlamaBackend present() {
        if (loaded == null) {
            throw new IllegalStateException("the native libraries are not loaded yet");
        }
        return loaded;
    }

    public String version() {
        return library.version();
    }

    public Path folder() {
        return folder;
    }

    /** The devices with their memory as it is now. */
    public List<Device> devices() {
        return StreamSupport.stream(Json.parse(library.devicesJson()).spliterator(), false)
                .map(Device::from)
                .toList();
    }

    NativeLibrary library() {
        return library;
    }

    /** One that does not exist stays as it is, for the library to name in its failure. */
    private static Path real(Path folder) {
        try {
            return folder.toRealPath();
        } catch (IOException e) {
            return folder.toAbsolutePath();
        }
    }
}
