// SPDX-License-Identifier: Apache-2.0
package dev.puna.llama.binding;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import dev.puna.failure.NativeFailure;
import dev.puna.llama.binding.generated.Native;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/**
 * Opens shared libraries for the life of the process.
 *
 * <p>{@code System.load} would tie them to one class loader, and a second one (a test under Quarkus, a restart in dev
 * mode) could not load them again. {@code SymbolLookup.libraryLookup} keeps the linker's reason to itself.
 */
final class DynamicLinker {
    /** RTLD_NOW: a symbol that is missing is told at once, and not by an abort at its first call. */
    private static final int NOW = 2;

    /** Variables by which the linker is made to take libraries from elsewhere (ld.so(8)). */
    private static final List<String> STEERING = List.of("LD_PRELOAD", "LD_LIBRARY_PATH");

    private static final FunctionDescriptor OPENS = FunctionDescriptor.of(ADDRESS, ADDRESS, JAVA_INT);
    private static final FunctionDescriptor CLOSES = FunctionDescriptor.of(JAVA_INT, ADDRESS);
    private static final FunctionDescriptor TELLS = FunctionDescriptor.of(Native.C_POINTER);

    private static final MethodHandle OPEN = function("dlopen", OPENS);
    private static final MethodHandle CLOSE = function("dlclose", CLOSES);
    private static final MethodHandle ERROR = function("dlerror", TELLS);

    private DynamicLinker() {}

    /** Opens all of them in order, or none. */
    static void open(List<Path> files) {
        Deque<MemorySegment> opened = new ArrayDeque<>();
        for (var file : files) {
            var library = open(file);
            if (library.address() == 0) {
                var reason = reason();
                opened.forEach(DynamicLinker::close);
                throw NativeFailure.of("load native library", file.toString(), reason, advice());
            }
            opened.push(library);
        }
    }

    /** What the linker is told from outside comes first: another libstdc++ or libllama may be why. */
    private static String advice() {
        return STEERING.stream()
                .filter(variable -> !System.getenv().getOrDefault(variable, "").isBlank())
                .map(variable -> variable + " is set: try without it, or " + LibraryFiles.ADVICE)
                .findFirst()
                .orElse(LibraryFiles.ADVICE);
    }

    private static MemorySegment open(Path file) {
        try (var arena = Arena.ofConfined()) {
            return (MemorySegment) OPEN.invokeExact(arena.allocateFrom(file.toString()), NOW);
        } catch (Throwable e) {
            throw new AssertionError("dlopen", e);
        }
    }

    private static void close(MemorySegment library) {
        try {
            int ignored = (int) CLOSE.invokeExact(library);
        } catch (Throwable e) {
            throw new AssertionError("dlclose", e);
        }
    }

    private static String reason() {
        try {
            var text = (MemorySegment) ERROR.invokeExact();
            return text.address() == 0 ? "the linker gave no reason" : text.getString(0);
        } catch (Throwable e) {
            throw new AssertionError("dlerror", e);
        }
    }

    @SuppressWarnings("restricted")
    private static MethodHandle function(String name, FunctionDescriptor descriptor) {
        var linker = Linker.nativeLinker();
        return linker.downcallHandle(linker.defaultLookup().findOrThrow(name), descriptor);
    }
}
