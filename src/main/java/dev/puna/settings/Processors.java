// SPDX-License-Identifier: Apache-2.0
package dev.puna.settings;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Optional;
import java.util.function.IntSupplier;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * How many threads may compute. ggml's threads spin while they wait for each other, so one more than there are free cores
 * costs more than ten too few: two hardware threads of one core count once, a share of the machine counts as that share,
 * and cores that are slower than others count if they bring more than they hold up.
 *
 * <p>Read from {@code /sys/devices/system/cpu} (Linux: {@code Documentation/ABI/testing/sysfs-devices-system-cpu}), {@code
 * /proc/self/status}, and from {@code cpu.max} of cgroup v2 or {@code cpu.cfs_quota_us} of v1. What is missing limits nothing.
 */
final class Processors {
    private static final String ALLOWED_LIST = "Cpus_allowed_list:";
    private static final Pattern RANGE = Pattern.compile("(\\d{1,5})(?:-(\\d{1,5}))?");
    private static final Pattern CAPACITY = Pattern.compile("[1-9]\\d{0,4}");
    private static final int FULL_CAPACITY = 1024;
    private static final int MOST_PROCESSORS = 100_000;

    private Processors() {}

    /**
     * Threads that can compute without waiting for each other: what this process may use, less what others are using now.
     * Takes a few milliseconds.
     */
    static int spare() {
        var root = Path.of("/");
        var allowed = Runtime.getRuntime().availableProcessors();
        return spare(root, allowed, () -> BusyThreads.elsewhere(root));
    }

    /**
     * @param root of the file system to read
     * @param allowed hardware threads that this process may be scheduled on
     * @param busy threads of other programs that run now
     */
    static int spare(Path root, int allowed, IntSupplier busy) {
        var usable = usable(root, allowed);
        return usable == 1 ? 1 : Math.clamp((long) allowed - busy.getAsInt(), 1, usable);
    }

    /** The cores that this process may use, however busy they are; at least 1. */
    static int usable(Path root, int allowed) {
        var cores = physicalCores(root);
        var quota = quota(root);
        return Math.max(1, Math.min(allowed, Math.min(cores.orElse(allowed), quota.orElse(allowed))));
    }

    /** Distinct sets of sibling threads are distinct cores; only those count on which this process may run. */
    private static Optional<Integer> physicalCores(Path root) {
        var mine = KernelFiles.read(root.resolve("proc/self/status")).stream()
                .flatMap(String::lines)
                .filter(line -> line.startsWith(ALLOWED_LIST))
                .findFirst()
                .map(line -> listed(line.substring(ALLOWED_LIST.length())));
        var cpus = root.resolve("sys/devices/system/cpu");
        var capacities = new HashMap<String, Integer>();
        IntStream.range(0, MOST_PROCESSORS)
                .mapToObj(cpu -> cpus.resolve("cpu" + cpu))
                .takeWhile(Files::isDirectory)
                .filter(cpu -> mine.isEmpty() || mine.get().get(number(cpu)))
                .forEach(cpu -> siblings(cpu).ifPresent(core -> capacities.put(core, capacity(cpu))));
        return capacities.isEmpty() ? Optional.empty() : Optional.of(worthwhile(capacities.values()));
    }

    private static Optional<String> siblings(Path cpu) {
        return Stream.of("core_cpus_list", "thread_siblings_list")
                .flatMap(name -> KernelFiles.read(cpu.resolve("topology", name)).stream())
                .findFirst();
    }

    /** What the core does in a given time, of the fastest one's 1024; those of one kind do the same and tell nothing. */
    private static int capacity(Path cpu) {
        return KernelFiles.read(cpu.resolve("cpu_capacity"))
                .filter(text -> CAPACITY.matcher(text).matches())
                .map(Integer::parseInt)
                .orElse(FULL_CAPACITY);
    }

    /**
     * Each thread gets an equal share of the work and all wait for the slowest, so what is done in a given time is the number of
     * threads times the capacity of the slowest core among them: slow cores beside fast ones mostly make it less.
     */
    private static int worthwhile(Collection<Integer> capacities) {
        var fastestFirst = capacities.stream().sorted(Comparator.reverseOrder()).toList();
        var best = 1;
        for (var count = 2; count <= fastestFirst.size(); count++) {
            if (count * fastestFirst.get(count - 1) > best * fastestFirst.get(best - 1)) {
                best = count;
            }
        }
        return best;
    }

    private static int number(Path cpu) {
        return Integer.parseInt(cpu.getFileName().toString().substring("cpu".length()));
    }

    /** Reads a kernel list such as "0-3,8". */
    private static BitSet listed(String list) {
        var set = new BitSet();
        var ranges = RANGE.matcher(list);
        while (ranges.find()) {
            var from = Integer.parseInt(ranges.group(1));
            var to = ranges.group(2) == null ? from : Integer.parseInt(ranges.group(2));
            if (from <= to) {
                set.set(from, to + 1);
            }
        }
        return set;
    }

    /** Whole processors in the tightest quota on the way from this process's group to the root. */
    private static Optional<Integer> quota(Path root) {
        return KernelFiles.controlGroups(root, "cpu")
                .flatMap(Processors::quotaOf)
                .min(Integer::compare);
    }

    private static Stream<Integer> quotaOf(Path group) {
        var quota = KernelFiles.read(group.resolve("cpu.max")).orElse("");
        return quota.isEmpty()
                ? wholeProcessors(
                        KernelFiles.read(group.resolve("cpu.cfs_quota_us")).orElse(""),
                        KernelFiles.read(group.resolve("cpu.cfs_period_us")).orElse(""))
                : wholeProcessors(quota.split("\\s+"));
    }

    /** Quota and period in the same unit; "max" and negative quotas limit nothing. */
    private static Stream<Integer> wholeProcessors(String... quotaAndPeriod) {
        try {
            var quota = Long.parseLong(quotaAndPeriod[0]);
            var period = Long.parseLong(quotaAndPeriod[1]);
            return quota <= 0 || period <= 0
                    ? Stream.empty()
                    : Stream.of((int) Math.max(1, Math.min(quota / period, Integer.MAX_VALUE)));
        } catch (NumberFormatException | ArrayIndexOutOfBoundsException _) {
            return Stream.empty();
        }
    }
}
