// SPDX-License-Identifier: Apache-2.0
package dev.puna.sandbox;

import java.util.Optional;

/**
 * What this system has of what locks a child up.
 *
 * @param landlock version of Landlock's ABI, at least 1, or a negative {@code errno}
 * @param filter 0 if system calls can be filtered, or a negative {@code errno}
 */
record KernelSupport(int landlock, int filter) {
    private static final int ENOSYS = -38;
    private static final int EOPNOTSUPP = -95;

    /** Why it cannot be in force here, as a clause; empty if it can. */
    Optional<String> obstacle(Restriction restriction) {
        if (restriction == Restriction.SYSTEM_CALLS) {
            return filter < 0 ? Optional.of("this system does not let system calls be filtered") : Optional.empty();
        }
        if (restriction.landlock() == 0) {
            return Optional.empty();
        }
        if (landlock == ENOSYS) {
            return Optional.of("this kernel has no Landlock, which Linux has from 5.13 on");
        }
        if (landlock == EOPNOTSUPP) {
            return Optional.of("Landlock is switched off; add \"landlock\" to lsm= in the kernel's command line");
        }
        if (landlock < 0) {
            return Optional.of("this system forbids Landlock, perhaps by a container's list of system calls");
        }
        if (landlock < restriction.landlock()) {
            return Optional.of(
                    "this kernel's Landlock is version %d, and version %d is needed, which Linux has from %s on"
                            .formatted(landlock, restriction.landlock(), linux(restriction.landlock())));
        }
        return Optional.empty();
    }

    /** Source: landlock(7). */
    private static String linux(int landlock) {
        return switch (landlock) {
            case 3 -> "6.2";
            case 4 -> "6.7";
            case 5 -> "6.10";
            case 6 -> "6.12";
            default -> "5.13";
        };
    }
}
