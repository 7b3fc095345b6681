// SPDX-License-Identifier: Apache-2.0
package dev.puna.bench;

import dev.puna.support.TestModels;
import dev.puna.support.TinyGguf;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/**
 * Hours of use at a moderate load: models that take turns in memory, cancelled answers, vectors, mistakes, slow readers, models made
 * and deleted. Each minute the clients pause, and it is read what the server and the processes of models hold. Over the second half
 * that must be flat. {@code bench.minutes} says for how long, {@code bench.seed} (1) who does what when.
 */
final class Soak {
    /** Fewer than there are models: all but the one that is kept take turns. */
    private static final String IN_MEMORY = "3";

    private static final int KINDS = 7;

    /** Growth over the second half that is none: of memory this part, but not less than so many MiB. */
    private static final double PART = 0.05;

    private static final double LEAST = 3;
    private static final int FEW_THREADS = 4;
    private static final int FEW_DESCRIPTORS = 6;

    private final RunningServer server;
    private final long end;
    private final Map<String, Integer> outcomes = new TreeMap<>();
    private final List<Vitals> servers = new ArrayList<>();
    private final List<Vitals> oldest = new ArrayList<>();
    private final List<Long> oldestPids = new ArrayList<>();

    /** Clients hold it to read while they act, the look at what is held to write. */
    private final ReadWriteLock acting = new ReentrantReadWriteLock(true);

    private Soak(RunningServer server, long minutes) {
        this.server = server;
        end = System.nanoTime() + TimeUnit.MINUTES.toNanos(minutes);
    }

    static void run(Setting setting, ResultTable table) throws Exception {
        var minutes = Long.getLong("bench.minutes", 0);
        if (minutes == 0) {
            System.out.println("No soak: bench.minutes does not say for how long.");
            return;
        }
        try (var puna = PunaUnderTest.startOn(
                setting, Files.createTempDirectory("soak"), Map.of("PUNA_MAX_LOADED_MODELS", IN_MEMORY))) {
            puna.create("kept", TestModels.smolLm2());
            puna.create("other", TestModels.gemma());
            puna.create("vectors", TestModels.miniLm());
            puna.create("tiny", TinyGguf.llama(1).writeTo(Files.createTempFile("tiny", ".gguf")));
            new Soak(puna.server(), minutes).soak(table);
        }
    }

    private void soak(ResultTable table) throws Exception {
        System.out.println("minute  server: resident anonymous threads files  children: number anonymous"
                + "  oldest: pid anonymous threads files");
        var seed = Long.getLong("bench.seed", 1);
        try (var executor =
                Executors.newThreadPerTaskExecutor(Thread.ofPlatform().factory())) {
            for (var kind = 0; kind < KINDS; kind++) {
                var one = kind;
                var client = new SoakClient(server.base, seed * KINDS + kind);
                var _ = executor.submit(() -> act(client, one));
            }
            for (var minute = 1; System.nanoTime() < end; minute++) {
                Thread.sleep(TimeUnit.MINUTES.toMillis(1));
                look(minute);
            }
        }
        System.out.println(outcomes);
        judge(table);
    }

    private void act(SoakClient client, int kind) {
        try {
            while (System.nanoTime() < end) {
                Thread.sleep(client.pause());
                count(one(client, kind));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private String one(SoakClient client, int kind) throws InterruptedException {
        acting.readLock().lock();
        try {
            return client.act(kind);
        } catch (IOException broken) {
            System.out.println("BROKEN: " + broken);
            return "broken";
        } finally {
            acting.readLock().unlock();
        }
    }

    private synchronized void count(String outcome) {
        outcomes.merge(outcome, 1, Integer::sum);
    }

    /** Waits until nobody acts, and a moment more, and notes what is held. */
    private void look(int minute) throws IOException, InterruptedException {
        acting.writeLock().lock();
        try {
            Thread.sleep(3_000);
            var own = Vitals.of(server.handle());
            servers.add(own);
            var sum = 0.0;
            var first = Vitals.NONE;
            var firstPid = 0L;
            var since = Instant.MAX;
            var runners = server.runners();
            for (var runner : runners) {
                var held = Vitals.of(runner);
                sum += held.anonymous();
                var born = runner.info().startInstant().orElse(Instant.MAX);
                if (born.isBefore(since)) {
                    since = born;
                    firstPid = runner.pid();
                    first = held;
                }
            }
            oldest.add(first);
            oldestPids.add(firstPid);
            System.out.printf(
                    Locale.ROOT,
                    "%6d %17.1f %9.1f %7d %5d %17d %9.1f %12d %9.1f %7d %5d%n",
                    minute,
                    own.resident(),
                    own.anonymous(),
                    own.threads(),
                    own.descriptors(),
                    runners.size(),
                    sum,
                    firstPid,
                    first.anonymous(),
                    first.threads(),
                    first.descriptors());
        } finally {
            acting.writeLock().unlock();
        }
    }

    private void judge(ResultTable table) {
        table.row("soak: looks", servers.size());
        table.row(
                "soak: requests",
                outcomes.values().stream().mapToInt(Integer::intValue).sum());
        table.row("soak: broken", outcomes.getOrDefault("broken", 0));
        judge("server", servers.subList(servers.size() / 2, servers.size()), table);
        var last = oldestPids.getLast();
        var since = oldestPids.indexOf(last);
        if (since <= oldest.size() / 2) {
            judge("oldest child", oldest.subList(oldest.size() / 2, oldest.size()), table);
        } else {
            System.out.println("the oldest child has not lived for the second half");
        }
    }

    private static void judge(String who, List<Vitals> half, ResultTable table) {
        var memory = Vitals.growth(half, Vitals::anonymous);
        var mean = half.stream().mapToDouble(Vitals::anonymous).average().orElse(0);
        var threads = Vitals.growth(half, Vitals::threads);
        var descriptors = Vitals.growth(half, Vitals::descriptors);
        table.row("soak: " + who + ", anonymous, MiB, mean", mean);
        table.row("soak: " + who + ", anonymous, MiB more", memory);
        table.row("soak: " + who + ", threads more", threads);
        table.row("soak: " + who + ", descriptors more", descriptors);
        var flat = memory <= Math.max(LEAST, PART * mean) && threads <= FEW_THREADS && descriptors <= FEW_DESCRIPTORS;
        System.out.println(who + (flat ? ": flat over the second half" : ": NOT FLAT over the second half"));
    }
}
