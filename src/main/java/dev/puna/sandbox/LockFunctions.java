// SPDX-License-Identifier: Apache-2.0
package dev.puna.sandbox;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.puna.failure.NativeFailure;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;
import java.util.List;

/** The functions of {@code native-libs/process/lock.h} that this process calls for a child. <b>Threads:</b> any; none waits. */
final class LockFunctions {
    private static final int ERROR_LENGTH = 256;

    /** Lists of paths in {@code struct puna_lock_rules}. */
    private static final int LISTS = 4;

    private static final FunctionDescriptor PREPARE_SHAPE =
            FunctionDescriptor.of(ADDRESS, ADDRESS, JAVA_INT, ADDRESS, JAVA_LONG);
    private static final FunctionDescriptor FREE_SHAPE = FunctionDescriptor.ofVoid(ADDRESS);
    private static final FunctionDescriptor ASK_SHAPE = FunctionDescriptor.of(JAVA_INT);

    private final MethodHandle prepare;
    private final MethodHandle free;
    private final MethodHandle landlock;
    private final MethodHandle filter;

    LockFunctions(SymbolLookup library) {
        prepare = function(library, "puna_lock_prepare", PREPARE_SHAPE);
        free = function(library, "puna_lock_free", FREE_SHAPE);
        landlock = function(library, "puna_lock_landlock", ASK_SHAPE);
        filter = function(library, "puna_lock_filter", ASK_SHAPE);
    }

    KernelSupport support() {
        try {
            return new KernelSupport((int) landlock.invokeExact(), (int) filter.invokeExact());
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    /** A lock that {@link #free} frees. */
    MemorySegment prepare(SandboxRules rules, int wanted) {
        try (var arena = Arena.ofConfined()) {
            var lists = arena.allocate(ADDRESS, LISTS);
            lists.setAtIndex(ADDRESS, 0, list(arena, List.of(rules.program())));
            lists.setAtIndex(ADDRESS, 1, list(arena, rules.readable()));
            lists.setAtIndex(ADDRESS, 2, list(arena, rules.usable()));
            lists.setAtIndex(ADDRESS, 3, list(arena, rules.writable()));
            var error = arena.allocate(ERROR_LENGTH);
            var lock = (MemorySegment) prepare.invokeExact(lists, wanted, error, (long) ERROR_LENGTH);
            if (lock.address() == 0) {
                throw NativeFailure.of("lock up", rules.program().toString(), error.getString(0), "");
            }
            return lock;
        } catch (NativeFailure e) {
            throw e;
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    void free(MemorySegment lock) {
        try {
            free.invokeExact(lock);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    private static MemorySegment list(Arena arena, List<Path> paths) {
        var list = arena.allocate(ADDRESS, paths.size() + 1L);
        for (var i = 0; i < paths.size(); i++) {
            list.setAtIndex(
                    ADDRESS, i, arena.allocateFrom(paths.get(i).toAbsolutePath().toString()));
        }
        return list;
    }

    @SuppressWarnings("restricted")
    private static MethodHandle function(SymbolLookup library, String name, FunctionDescriptor shape) {
        return Linker.nativeLinker().downcallHandle(library.findOrThrow(name), shape);
    }

    private static AssertionError unexpected(Throwable e) {
        return new AssertionError("libpuna-process", e);
    }
}
