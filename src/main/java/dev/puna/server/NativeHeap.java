// SPDX-License-Identifier: Apache-2.0
package dev.puna.server;

import dev.puna.settings.KernelFiles;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.graalvm.nativeimage.RuntimeOptions;

/**
 * Bounds the heap of the native executable, which is built with the one of a small machine: that is enough for commands, and no
 * flag can follow the machine. The JVM form gets its bounds from the launcher.
 */
final class NativeHeap {
    private static final Path COMMAND_LINE = Path.of("/proc/self/cmdline");

    private NativeHeap() {}

    /** Lets the heap grow to so many bytes, unless the command line says how far; before anything large is made. */
    static void bound(long bytes) {
        if ("runtime".equals(System.getProperty("org.graalvm.nativeimage.imagecode")) && !saidOnCommandLine()) {
            Image.bound(bytes);
        }
    }

    private static boolean saidOnCommandLine() {
        return KernelFiles.read(COMMAND_LINE).stream()
                .flatMap(line -> Stream.of(line.split("\0")))
                .anyMatch(word -> word.startsWith("-Xmx") || word.startsWith("-XX:MaxHeapSize="));
    }

    /** By itself, since the JVM form has no such class. */
    private static final class Image {
        static void bound(long bytes) {
            RuntimeOptions.set("MaxHeapSize", Long.valueOf(bytes));
        }
    }
}
