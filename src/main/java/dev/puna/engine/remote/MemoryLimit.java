// SPDX-License-Identifier: Apache-2.0
package dev.puna.engine.remote;

import static java.util.Objects.requireNonNull;

import dev.puna.sandbox.SandboxRules;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;

/**
 * How much private memory the process of a model may have. A bound for what would never end, far from what a model should need, so
 * that no honest one meets it: what meets it fails, and the machine does not swap.
 *
 * @param asked bytes for every process, 0 for any number; empty to choose them
 * @param machine bytes of memory that there are, 0 if that is not known
 */
public record MemoryLimit(OptionalLong asked, long machine) {
    private static final long GIB = 1L << 30;

    /** Beside what is expected: estimates are wrong, requests have images, and a JVM has its heap and code. */
    private static final long HEADROOM = 4 * GIB;

    /** The same on a small machine. */
    private static final long LEAST_HEADROOM = GIB;

    /** None. */
    public static final MemoryLimit NONE = new MemoryLimit(OptionalLong.of(0), 0);

    public MemoryLimit {
        requireNonNull(asked, "asked is null");
    }

    /**
     * Bytes that a process may have; empty for any number.
     *
     * @param expected bytes that it should need; 0 if that is not known
     * @param gpus whether it uses drivers of GPUs, which map memory as they like
     */
    OptionalLong bytes(long expected, boolean gpus) {
        if (asked.isPresent()) {
            return asked.getAsLong() > 0 ? asked : OptionalLong.empty();
        }
        var most = machine / 4 * 3;
        if (gpus || (machine == 0 && expected == 0)) {
            return OptionalLong.empty();
        }
        if (expected == 0) {
            return OptionalLong.of(most);
        }
        var enough = 2 * expected + HEADROOM;
        return OptionalLong.of(machine == 0 ? enough : Math.min(enough, Math.max(most, expected + LEAST_HEADROOM)));
    }

    /**
     * What it means for a process that computes a model with these libraries on this machine, as a clause.
     *
     * @param groups whether each has a control group of its own
     */
    public String sentence(Path nativeLibraries, boolean groups) {
        var rules = SandboxRules.forModel(nativeLibraries, nativeLibraries, List.of());
        return sentence(GpuLibraries.areUsed(rules, nativeLibraries), groups);
    }

    /**
     * The same.
     *
     * @param gpus whether it uses drivers of GPUs
     */
    String sentence(boolean gpus, boolean groups) {
        var by = groups ? "; a control group of its own sees to it" : "; RLIMIT_DATA sees to it";
        if (asked.isPresent()) {
            return asked.getAsLong() > 0
                    ? "it has at most %s of memory beside its weights, as PUNA_RUNNER_MEMORY says%s"
                            .formatted(text(asked.getAsLong()), by)
                    : "its memory has no limit, as PUNA_RUNNER_MEMORY says";
        }
        if (gpus && !groups) {
            return "its memory has no limit, since drivers of GPUs map memory as they like; PUNA_RUNNER_MEMORY sets one"
                    + ", and so does a control group of its own, where the server's is delegated";
        }
        return "it has at most twice the memory that its model is expected to need and %s%s, beside its weights%s"
                .formatted(
                        text(HEADROOM),
                        machine == 0 ? "" : " (no more than %s where that will do)".formatted(text(machine / 4 * 3)),
                        by);
    }

    /** Bytes as people read them. */
    static String text(long bytes) {
        return String.format(Locale.ROOT, "%.1f GiB", (double) bytes / GIB);
    }
}
