// SPDX-License-Identifier: Apache-2.0
package dev.puna.engine.remote;

import dev.puna.sandbox.SandboxRules;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Whether a folder of native libraries has some that compute on GPUs. Any thread; commands use it, so it logs nothing. */
final class GpuLibraries {
    private GpuLibraries() {}

    /** Whether a process with these rules computes, or looks whether it can compute, on more than the CPU. */
    static boolean areUsed(SandboxRules rules, Path nativeLibraries) {
        return rules.hasGpus() && !areMissing(nativeLibraries);
    }

    /**
     * Whether the libraries of a folder compute on the CPU and on nothing else. A folder that cannot be read is left to the process,
     * which says what is wrong with it.
     */
    static boolean areMissing(Path nativeLibraries) {
        try (var files = Files.list(nativeLibraries)) {
            var names = files.map(file -> file.getFileName().toString())
                    .filter(name -> name.startsWith("libggml-"))
                    .toList();
            return !names.isEmpty()
                    && names.stream()
                            .allMatch(name -> name.startsWith("libggml-base") || name.startsWith("libggml-cpu"));
        } catch (IOException _) {
            return false;
        }
    }
}
