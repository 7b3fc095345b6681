// SPDX-License-Identifier: Apache-2.0
package dev.puna.llama;

import com.fasterxml.jackson.databind.JsonNode;
import dev.puna.device.ComputeDevice;
import dev.puna.failure.NativeFailure;
import dev.puna.llama.binding.NativeLibrary;
import dev.puna.llama.guard.ShimJson;
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
    private final List<BackendPlugin> plugins;

    private LlamaBackend(NativeLibrary library, Path folder) {
        this.library = library;
        this.folder = folder;
        this.plugins = StreamSupport.stream(
                        ShimJson.parse(library.backendsJson()).spliterator(), false)
                .map(BackendPlugin::from)
                .toList();
    }

    /**
     * Opens the libraries of a folder; with the same folder again, gives the same backend.
     *
     * @param choice the backend to compute with, which counts for the first that loads
     * @throws NativeFailure if one of them is missing, broken or of another version, none computes on this machine, there is no
     *     backend of that name, or those of another folder are open
     */
    public static synchronized LlamaBackend load(Path folder, BackendChoice choice) {
        var wanted = real(folder);
        var present = loaded;
        if (present == null) {
            present = new LlamaBackend(NativeLibrary.load(wanted, choice.plugin(), choice.smallBatches()), wanted);
            loaded = present;
        } else if (!present.folder.equals(wanted)) {
            throw NativeFailure.of(
                    "load the native libraries of",
                    wanted.toString(),
                    "this process runs on those of " + present.folder,
                    "start another process for them");
        }
        choice.require(present.plugins, wanted);
        return present;
    }

    /** The one that was loaded. */
    static synchronized LlamaBackend present() {
        if (loaded == null) {
            throw new IllegalStateException("the native libraries are not loaded yet");
        }
        return loaded;
    }

    /** What the library that was loaded calls itself. */
    public static String loadedVersion() {
        return present().version();
    }

    public String version() {
        return library.version();
    }

    public Path folder() {
        return folder;
    }

    /** The devices with their memory as it is now. */
    public List<ComputeDevice> devices() {
        return StreamSupport.stream(ShimJson.parse(library.devicesJson()).spliterator(), false)
                .map(LlamaBackend::device)
                .toList();
    }

    /** The libraries that compute, and those that would have but for a reason of theirs. */
    public List<BackendPlugin> plugins() {
        return plugins;
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

    private static ComputeDevice device(JsonNode json) {
        return new ComputeDevice(
                json.path("name").asText(),
                json.path("backend").asText(),
                json.path("description").asText(),
                switch (json.path("type").asText()) {
                    case "gpu" -> ComputeDevice.Kind.DISCRETE;
                    case "igpu" -> ComputeDevice.Kind.INTEGRATED;
                    case "cpu" -> ComputeDevice.Kind.CPU;
                    default -> ComputeDevice.Kind.ACCELERATOR;
                },
                json.path("id").asText(),
                json.path("memory_free").asLong(),
                json.path("memory_total").asLong());
    }
}
