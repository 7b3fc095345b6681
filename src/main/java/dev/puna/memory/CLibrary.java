// SPDX-License-Identifier: Apache-2.0
package dev.puna.memory;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.Optional;

/** Two functions about memory of Linux's C library ({@code madvise(2)}, {@code malloc_trim(3)}). Any thread. */
final class CLibrary {
    private static final int MADV_DONTNEED = 4;

    private static final FunctionDescriptor MADVISE_SHAPE =
            FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT);
    private static final FunctionDescriptor TRIM_SHAPE = FunctionDescriptor.of(JAVA_INT, JAVA_LONG);

    private static final Optional<MethodHandle> MADVISE = function("madvise", MADVISE_SHAPE);

    /** The GNU C library's own. */
    private static final Optional<MethodHandle> TRIM = function("malloc_trim", TRIM_SHAPE);

    private CLibrary() {}

    /** Takes the pages of a mapping out of this process; the kernel keeps them as long as it likes. */
    static void drop(CleanMapping mapping) {
        try {
            if (MADVISE.isPresent()) {
                int ignored = (int) MADVISE.get()
                        .invokeExact(MemorySegment.ofAddress(mapping.address()), mapping.length(), MADV_DONTNEED);
            }
        } catch (Throwable e) {
            throw new AssertionError("madvise", e);
        }
    }

    /** Gives back what has been freed in all of malloc's arenas. */
    static void trim() {
        try {
            if (TRIM.isPresent()) {
                int ignored = (int) TRIM.get().invokeExact(0L);
            }
        } catch (Throwable e) {
            throw new AssertionError("malloc_trim", e);
        }
    }

    @SuppressWarnings("restricted")
    private static Optional<MethodHandle> function(String name, FunctionDescriptor shape) {
        var linker = Linker.nativeLinker();
        return linker.defaultLookup().find(name).map(address -> linker.downcallHandle(address, shape));
    }
}
