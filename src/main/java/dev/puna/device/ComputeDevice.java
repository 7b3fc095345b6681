// SPDX-License-Identifier: Apache-2.0
package dev.puna.device;

import static java.util.Objects.requireNonNull;

/**
 * Something that models can run on.
 *
 * @param name the backend's short name ("CPU", "CUDA0")
 * @param backend the kind of library that computes on it ("CPU", "CUDA")
 * @param description the maker's name
 * @param kind what memory it has
 * @param id the same for one piece of hardware that several backends have found; empty if it is not known
 * @param freeBytes memory free now; the CPU says all of it, so ask the system instead
 * @param totalBytes memory in all
 */
public record ComputeDevice(
        String name, String backend, String description, Kind kind, String id, long freeBytes, long totalBytes) {
    /** What a device computes in. */
    public enum Kind {
        CPU,
        /** A GPU with memory of its own. */
        DISCRETE,
        /** A GPU that shares the system's memory. */
        INTEGRATED,
        /** Helps the CPU, in its memory. */
        ACCELERATOR
    }

    public ComputeDevice {
        requireNonNull(name, "name is null");
        requireNonNull(backend, "backend is null");
        requireNonNull(description, "description is null");
        requireNonNull(kind, "kind is null");
        requireNonNull(id, "id is null");
    }

    /** Whether layers can be put there. */
    public boolean gpu() {
        return kind == Kind.DISCRETE || kind == Kind.INTEGRATED;
    }
}
