// SPDX-License-Identifier: Apache-2.0
package dev.puna.faults;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;

/** The library {@code faulty_disk.c}, which was preloaded into this process. One thread. */
@SuppressWarnings("restricted") // a library of our own, made for this
final class FaultyDisk {
    private final MethodHandle arm;
    private final MethodHandle disarm;

    FaultyDisk(Path library) {
        var linker = Linker.nativeLinker();
        var symbols = SymbolLookup.libraryLookup(library, Arena.global());
        arm = linker.downcallHandle(
                symbols.findOrThrow("fault_arm"),
                FunctionDescriptor.ofVoid(
                        ValueLayout.ADDRESS,
                        ValueLayout.JAVA_INT,
                        ValueLayout.JAVA_INT,
                        ValueLayout.JAVA_INT,
                        ValueLayout.JAVA_INT,
                        ValueLayout.JAVA_INT));
        disarm =
                linker.downcallHandle(symbols.findOrThrow("fault_disarm"), FunctionDescriptor.of(ValueLayout.JAVA_INT));
    }

    /** How a disk fails from one call on. */
    enum Fault {
        /** One call has an I/O error. */
        ONE_ERROR(5, false, false, false),
        /** One call finds no room; those that need none are not counted. */
        ONE_FULL(28, false, true, false),
        /** No room from then on; deleting and renaming go on. */
        FULL(28, true, true, false),
        /** The same, and the write that does not fit is done by half. */
        FULL_WITHIN(28, true, true, true),
        /** The file system has become read-only, as Linux does after errors. */
        READ_ONLY(30, true, false, false),
        /** Nothing has any effect from then on, as after a kill: what is on the disk is what was there at that moment. */
        NOTHING_MORE(5, true, false, false),
        /** The same in the middle of a write. */
        NOTHING_MORE_WITHIN(5, true, false, true);

        private final int error;
        private final boolean lasts;
        private final boolean onlyGrowing;
        private final boolean half;

        Fault(int error, boolean lasts, boolean onlyGrowing, boolean half) {
            this.error = error;
            this.lasts = lasts;
            this.onlyGrowing = onlyGrowing;
            this.half = half;
        }
    }

    /**
     * Fails calls that change something in a folder.
     *
     * @param at the first that fails, from 1
     */
    void arm(Path folder, Fault fault, int at) {
        try (var arena = Arena.ofConfined()) {
            arm.invokeExact(
                    arena.allocateFrom(folder.toString()),
                    at,
                    fault.lasts ? Integer.MAX_VALUE : at,
                    fault.error,
                    fault.onlyGrowing ? 1 : 0,
                    fault.half ? 1 : 0);
        } catch (Throwable e) {
            throw new LinkageError(e.toString(), e);
        }
    }

    /** Fails nothing any more; how many calls have been counted. */
    int disarm() {
        try {
            return (int) disarm.invokeExact();
        } catch (Throwable e) {
            throw new LinkageError(e.toString(), e);
        }
    }
}
