// SPDX-License-Identifier: Apache-2.0
package dev.puna.memory;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jboss.logging.Logger;

/** The memory of this process as the system counts it. <b>Threads:</b> any. */
public final class ProcessMemory {
    private static final Logger LOG = Logger.getLogger(ProcessMemory.class);

    private ProcessMemory() {}

    /**
     * Gives back what is not needed to wait for the next request: garbage, freed memory that malloc keeps, and pages of the program and
     * its libraries that hold nothing but what is on disk. A start touches most of an executable once, and the kernel maps
     * sixteen pages for each that is touched. What is needed again is mapped again, at some microseconds a piece.
     *
     * <p>Takes some milliseconds; not for an event loop, nor while a model is in use.
     */
    public static void giveBack() {
        System.gc();
        try (var mappings = Files.lines(Path.of("/proc/self/smaps"))) {
            CLibrary.trim();
            CleanMapping.in(mappings).forEach(CLibrary::drop);
        } catch (IOException e) {
            LOG.debugf("memory.kept reason=\"%s\"", e);
        }
    }
}
