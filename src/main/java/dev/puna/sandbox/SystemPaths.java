// SPDX-License-Identifier: Apache-2.0
package dev.puna.sandbox;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * What the C library, a JVM, ggml and the drivers of CUDA, ROCm and Vulkan need of a Linux system. Not all of {@code /usr}: in
 * {@code /usr/share/ollama} lie the models of an Ollama that was installed by its script.
 */
final class SystemPaths {
    private static final List<String> READABLE = List.of(
            "/lib",
            "/lib64",
            "/usr/lib",
            "/usr/lib64",
            "/usr/local/lib",
            "/usr/local/lib64",
            "/usr/local/share/vulkan",
            "/usr/share/drirc.d",
            "/usr/share/glvnd",
            "/usr/share/libdrm",
            "/usr/share/nvidia",
            "/usr/share/vulkan",
            "/usr/share/zoneinfo",
            "/nix/store",
            "/gnu/store",
            "/run/opengl-driver",
            "/etc/ld.so.cache",
            "/etc/ld.so.preload",
            "/etc/localtime",
            "/etc/drirc",
            "/etc/glvnd",
            "/etc/vulkan",
            "/etc/nvidia",
            "/proc",
            "/sys/bus",
            "/sys/class",
            "/sys/dev",
            "/sys/devices",
            "/sys/fs/cgroup",
            "/sys/kernel/mm",
            "/sys/module",
            // Only the names in it.
            "/dev/dri");

    /** Toolkits that are installed beside each other, one folder a version. */
    private static final List<Pattern> READABLE_FOLDERS =
            List.of(new Pattern("/opt", "rocm*"), new Pattern("/opt", "amdgpu*"), new Pattern("/usr/local", "cuda*"));

    private static final List<String> PLAIN = List.of("/dev/null", "/dev/zero", "/dev/random", "/dev/urandom");

    private static final List<Pattern> DEVICES = List.of(
            new Pattern("/dev", "nvidia*"),
            // Jetson
            new Pattern("/dev", "nvmap"),
            new Pattern("/dev", "nvgpu"),
            new Pattern("/dev", "nvhost-*"),
            new Pattern("/dev/dri", "renderD*"),
            new Pattern("/dev", "kfd"),
            // Windows Subsystem for Linux
            new Pattern("/dev", "dxg"),
            new Pattern("/dev", "mali*"));

    private SystemPaths() {}

    static List<Path> readable() {
        return both(READABLE, READABLE_FOLDERS);
    }

    /** Devices that compute, as they are now, and the plain ones. */
    static List<Path> usable() {
        return both(PLAIN, DEVICES);
    }

    /** Devices that hold nothing and do nothing. */
    static List<Path> plain() {
        return both(PLAIN, List.of());
    }

    private static List<Path> both(List<String> names, List<Pattern> patterns) {
        return Stream.concat(names.stream().map(Path::of), patterns.stream().flatMap(Pattern::found))
                .toList();
    }

    private record Pattern(String folder, String glob) {
        Stream<Path> found() {
            var found = new ArrayList<Path>();
            try (var entries = Files.newDirectoryStream(Path.of(folder), glob)) {
                entries.forEach(found::add);
            } catch (IOException | DirectoryIteratorException _) {
                // A folder that cannot be read has nothing for a child either.
                return Stream.empty();
            }
            return found.stream();
        }
    }
}
