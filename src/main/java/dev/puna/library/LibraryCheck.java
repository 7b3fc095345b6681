// SPDX-License-Identifier: Apache-2.0
package dev.puna.library;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/** Whether the libraries of one folder are whole, as far as can be told without opening them. One thread at a time. */
public final class LibraryCheck {
    private static final Optional<String> DAMAGED = Optional.of("is damaged: it has changed since it was prepared");

    private final Checksums sums;

    private LibraryCheck(Checksums sums) {
        this.sums = sums;
    }

    /** Knows what was noted of the libraries when the folder was made, if anything was. */
    public static LibraryCheck of(Path folder) throws IOException {
        return new LibraryCheck(Checksums.of(folder));
    }

    /** What is wrong with a library of the folder, as the end of a sentence; reads all of it unless it is large. */
    public Optional<String> fault(Path library) throws IOException {
        var fault = ElfFile.fault(library);
        return fault.isEmpty() && sums.areNotOf(library) ? DAMAGED : fault;
    }
}
