// SPDX-License-Identifier: Apache-2.0
package dev.puna.process;

import dev.puna.failure.NativeFailure;
import dev.puna.library.LibraryCheck;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.SymbolLookup;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.NoSuchElementException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * {@code libpuna-process}, open for the life of this process. It needs nothing but the C library: llama.cpp is not loaded with it.
 * <b>Threads:</b> any.
 */
public final class ProcessLibrary {
    private static final int ABI = 1;
    private static final String ADVICE =
            "run native-libs/prepare, or set PUNA_NATIVE_LIBS to a folder that it has made for this version of Puna";

    private static volatile @Nullable ProcessLibrary loaded;

    private final SymbolLookup symbols;
    private final CFunctions functions;

    private ProcessLibrary(SymbolLookup symbols) {
        this.symbols = symbols;
        this.functions = new CFunctions(symbols);
    }

    /**
     * Opens the library that lies in a folder of native libraries. Later calls change nothing, whatever the folder.
     *
     * @throws NativeFailure if it is missing, broken or of another version
     */
    public static synchronized ProcessLibrary load(Path folder) {
        var present = loaded;
        if (present == null) {
            present = open(folder.toAbsolutePath());
            loaded = present;
        }
        return present;
    }

    /**
     * Looks whether a folder of native libraries is still there, as it must be for a child that is to load them.
     *
     * @throws NativeFailure if it is not, or may not be read
     */
    public static void requireFolder(Path folder) {
        if (Files.notExists(folder)) {
            throw failure(folder, "there is no such folder");
        }
        if (!Files.isDirectory(folder)) {
            throw failure(folder, "it is a file and no folder");
        }
        if (!Files.isReadable(folder)) {
            throw failure(folder, "it may not be read by this user");
        }
    }

    /** The functions of the library, for a package that prepares a {@link ChildLock}. */
    public SymbolLookup symbols() {
        return symbols;
    }

    /** The one that was loaded, if any. */
    public static Optional<ProcessLibrary> present() {
        return Optional.ofNullable(loaded);
    }

    static CFunctions functions() {
        var present = loaded;
        if (present == null) {
            throw new IllegalStateException("libpuna-process is not loaded yet");
        }
        return present.functions;
    }

    /** Opens the library of that folder, whatever is loaded. */
    @SuppressWarnings("restricted")
    static ProcessLibrary open(Path folder) {
        var file = folder.resolve(System.mapLibraryName("puna-process"));
        if (!Files.exists(file)) {
            throw failure(folder, file.getFileName() + " is missing");
        }
        check(folder, file);
        try {
            var library = new ProcessLibrary(SymbolLookup.libraryLookup(file, Arena.global()));
            var abi = library.functions.abi();
            if (abi != ABI) {
                throw failure(folder, "its libpuna-process speaks version " + abi + ", this program " + ABI);
            }
            return library;
        } catch (IllegalArgumentException | NoSuchElementException e) {
            throw new NativeFailure(
                    failure(folder, "libpuna-process cannot be opened").text(), e);
        }
    }

    private static void check(Path folder, Path file) {
        try {
            var fault = LibraryCheck.of(folder).fault(file);
            if (fault.isPresent()) {
                throw failure(folder, file.getFileName() + " " + fault.get());
            }
        } catch (IOException e) {
            throw new NativeFailure(
                    failure(folder, file.getFileName() + " cannot be read (" + e.getMessage() + ")")
                            .text(),
                    e);
        }
    }

    private static NativeFailure failure(Path folder, String reason) {
        return NativeFailure.of("load the native libraries of", folder.toString(), reason, ADVICE);
    }
}
