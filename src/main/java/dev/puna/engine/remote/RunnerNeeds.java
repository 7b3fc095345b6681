// SPDX-License-Identifier: Apache-2.0
package dev.puna.engine.remote;

import static java.util.Objects.requireNonNull;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What a process needs for what it is started for; it has no more.
 *
 * @param name how messages call what it is for
 * @param readable files that it reads
 * @param written a file that it makes, if it does; it may use the folder of that
 * @param bytes of the system's memory that it is expected to take; 0 if that is not known
 */
public record RunnerNeeds(String name, List<Path> readable, Optional<Path> written, long bytes) {
    public RunnerNeeds {
        requireNonNull(name, "name is null");
        readable = List.copyOf(readable);
        requireNonNull(written, "written is null");
    }
}
