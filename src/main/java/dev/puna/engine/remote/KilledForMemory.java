// SPDX-License-Identifier: Apache-2.0
package dev.puna.engine.remote;

import dev.puna.process.ExitStatus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;

/**
 * Whether the kernel ended a process since the machine or a control group had no memory left, as far as it tells: it counts how often
 * it has done that ({@code oom_kill} in {@code /proc/vmstat}, since Linux 4.13), not to whom.
 */
final class KilledForMemory {
    /** What a process whose control group tells of it would have written last. */
    static final String IN_GROUP = "out of memory: the kernel ended it, as its control group tells";

    private static final Path COUNTERS = Path.of("/proc/vmstat");
    private static final Pattern COUNT = Pattern.compile("(?m)^oom_kill (\\d+)$");
    private static final int SIGKILL = 9;

    private KilledForMemory() {}

    /** How often it has done so since the machine started; 0 if it does not tell. */
    static long count() {
        return count(COUNTERS);
    }

    static long count(Path counters) {
        try {
            var found = COUNT.matcher(Files.readString(counters));
            return found.find() ? Long.parseLong(found.group(1)) : 0;
        } catch (IOException _) {
            return 0;
        }
    }

    /**
     * How a process ended, in words.
     *
     * @param before the count when it began
     * @param now the count after its end
     */
    static String reason(ExitStatus status, long before, long now) {
        return status.signal() == SIGKILL && now > before
                ? "SIGKILL (it ran out of memory: the system, or its control group, had none left)"
                : status.reason();
    }
}
