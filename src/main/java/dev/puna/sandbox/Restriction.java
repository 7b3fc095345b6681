// SPDX-License-Identifier: Apache-2.0
package dev.puna.sandbox;

import java.util.Arrays;
import java.util.Collection;
import java.util.Set;
import java.util.stream.Collectors;

/** One of the things that lock a child up. The bits are those of {@code native-libs/process/lock.h}. */
public enum Restriction {
    NO_NEW_PRIVILEGES(0, 0, "no program gives it more rights than it has"),
    NO_CAPABILITIES(1, 0, "it has no right of root"),
    FILES(2, 1, "it reads the model, the libraries and what they need of the system, and no other file"),
    TRUNCATION(3, 3, "it cannot empty files by opening them"),
    TCP(4, 4, "it cannot listen or connect over TCP"),
    DEVICE_COMMANDS(5, 5, "it uses the devices that models are computed on, and no other"),
    OTHER_PROCESSES(6, 6, "it cannot signal other processes or reach their abstract sockets"),
    SYSTEM_CALLS(7, 0, "it cannot make sockets or processes, change files, or call what it has no use for");

    private final int bit;
    private final int landlock;
    private final String sentence;

    Restriction(int shift, int landlock, String sentence) {
        this.bit = 1 << shift;
        this.landlock = landlock;
        this.sentence = sentence;
    }

    /** What it means for the child, as a clause. */
    public String sentence() {
        return sentence;
    }

    /** The first version of Landlock's ABI that has it, or 0 if it is none of Landlock's. */
    int landlock() {
        return landlock;
    }

    static int bits(Collection<Restriction> restrictions) {
        return restrictions.stream().mapToInt(restriction -> restriction.bit).reduce(0, (some, more) -> some | more);
    }

    static Set<Restriction> of(int bits) {
        return Arrays.stream(values())
                .filter(restriction -> (bits & restriction.bit) != 0)
                .collect(Collectors.toUnmodifiableSet());
    }
}
