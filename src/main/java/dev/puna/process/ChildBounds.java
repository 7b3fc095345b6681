// SPDX-License-Identifier: Apache-2.0
package dev.puna.process;

import java.util.Map;

/**
 * What a child may not do.
 *
 * @param limits the most that it may have of something, in that resource's unit; what the system allows this process is never exceeded
 * @param lock what it is locked up by; only borrowed
 */
public record ChildBounds(Map<Resource, Long> limits, ChildLock lock) {
    /** None but those that every child has: no core dumps. */
    public static final ChildBounds NONE = new ChildBounds(Map.of(), ChildLock.NONE);

    public ChildBounds {
        limits = Map.copyOf(limits);
    }

    /** What {@code setrlimit(2)} bounds; the numbers are those of Linux on x86-64 and arm64. */
    public enum Resource {
        /** Bytes of any file that it writes. */
        FILE_SIZE(1),
        /** Bytes of private writable memory. */
        DATA(2),
        /** Processes and threads of this user, of all processes together. */
        PROCESSES(6),
        /** One above the highest descriptor. */
        DESCRIPTORS(7),
        /** Bytes that are kept in memory ({@code mlock(2)}). */
        LOCKED_MEMORY(8),
        /** Bytes of address space. */
        ADDRESS_SPACE(9);

        private final int number;

        Resource(int number) {
            this.number = number;
        }

        int number() {
            return number;
        }
    }
}
