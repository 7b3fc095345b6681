// SPDX-License-Identifier: Apache-2.0
package dev.puna.engine.remote;

import dev.puna.device.ComputeDevice;
import dev.puna.sandbox.SandboxRules;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Supplier;

/**
 * What models can be computed on, as a process that looks finds it. Where there are libraries for the CPU only, nobody has to look.
 * Any thread.
 */
final class Devices {
    private static final List<ComputeDevice> CPU_ONLY =
            List.of(new ComputeDevice("CPU", "CPU", "CPU", ComputeDevice.Kind.CPU, "", 0, 0));

    private final Path nativeLibraries;
    private final Supplier<List<ComputeDevice>> probe;

    /**
     * @param nativeLibraries the folder of the libraries that compute
     * @param probe starts a process that looks, which takes as long as the drivers do
     */
    Devices(Path nativeLibraries, Supplier<List<ComputeDevice>> probe) {
        this.nativeLibraries = nativeLibraries;
        this.probe = probe;
    }

    List<ComputeDevice> now() {
        return areForCpuOnly(nativeLibraries) ? CPU_ONLY : probe.get();
    }

    /** Whether a process with these rules computes, or looks whether it can compute, on more than the CPU. */
    static boolean gpusAreUsed(SandboxRules rules, Path nativeLibraries) {
        return rules.hasGpus() && !areForCpuOnly(nativeLibraries);
    }

    /** A folder that cannot be read is left to the process, which says what is wrong with it. */
    private static boolean areForCpuOnly(Path nativeLibraries) {
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
