// SPDX-License-Identifier: Apache-2.0
package dev.puna.bench;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;

/** More clients than a server can serve at once: who waits how long, who is refused, and what all of them cost. */
final class UnderLoad {
    private static final int CROWD = 50;
    private static final int CLIENTS = 8;
    private static final int QUEUE = 16;
    private static final int TOKENS = 24;
    private static final int SLOW = 1_000;
    private static final int WATCHED_SECONDS = 60;
    private static final int SILENT = 10_000;
    private static final String CROWD_KEY = "crowd";

    private UnderLoad() {}

    static void all(Setting setting, Path model, ResultTable table) throws Exception {
        try (var puna = PunaUnderTest.startWith(setting, model, Map.of())) {
            turns(setting, puna, table);
        }
        try (var puna = PunaUnderTest.startWith(setting, model, Map.of("PUNA_MAX_QUEUE", "" + QUEUE))) {
            overflow(puna, table);
        }
        try (var puna = PunaUnderTest.startWith(setting, model, Map.of("PUNA_MAX_QUEUE", "" + 2 * SLOW))) {
            connections(puna, table);
        }
    }

    private static void turns(Setting setting, PunaUnderTest puna, ResultTable table) throws Exception {
        puna.generate(Prompts.story(), TOKENS);
        var alone = new Samples();
        for (var round = 0; round < setting.rounds(); round++) {
            alone.add(new KeyedClient(puna, "alone").firstMillis(TOKENS));
        }
        table.row("one client alone, ms to first token", alone.median());
        try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
            eightClients(setting, puna, executor, table);
            besideCrowd(setting, puna, executor, table);
        }
    }

    private static void eightClients(Setting setting, PunaUnderTest puna, ExecutorService executor, ResultTable table)
            throws Exception {
        var firsts = new Samples();
        var calls = new ArrayList<Callable<Void>>();
        for (var client = 0; client < CLIENTS; client++) {
            var one = new KeyedClient(puna, "client" + client);
            calls.add(() -> {
                for (var turn = 0; turn < 2 * setting.rounds(); turn++) {
                    var millis = one.firstMillis(TOKENS);
                    synchronized (firsts) {
                        firsts.add(millis);
                    }
                }
                return null;
            });
        }
        for (var result : executor.invokeAll(calls)) {
            result.get();
        }
        table.row("eight clients, ms to first token, median", firsts.median());
        table.row("eight clients, ms to first token, 99 %", firsts.quantile(0.99));
    }

    private static void besideCrowd(Setting setting, PunaUnderTest puna, ExecutorService executor, ResultTable table)
            throws Exception {
        var over = new AtomicBoolean();
        for (var i = 0; i < CROWD; i++) {
            var one = new KeyedClient(puna, CROWD_KEY);
            var _ = executor.submit(() -> {
                while (!over.get()) {
                    one.firstMillis(TOKENS);
                }
                return null;
            });
        }
        Thread.sleep(2_000);
        var single = new Samples();
        for (var round = 0; round < setting.rounds(); round++) {
            single.add(new KeyedClient(puna, "single").firstMillis(TOKENS));
        }
        over.set(true);
        table.row("one client beside fifty of another, ms", single.median());
    }

    /** The queue is full of requests that take long: how long one more waits for its 503. */
    private static void overflow(PunaUnderTest puna, ResultTable table) throws Exception {
        puna.generate(Prompts.story(), TOKENS);
        var refusals = new Samples();
        try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
            var filling = new ArrayList<SlowReader>();
            for (var i = 0; i < 2 * QUEUE + CLIENTS; i++) {
                var reader = new SlowReader(URI.create(puna.server().base), 2_000);
                filling.add(reader);
                var _ = executor.submit(reader::readAll);
            }
            Thread.sleep(3_000);
            var late = new KeyedClient(puna, "slow");
            var millis = late.refusedMillis();
            for (var i = 0; i < 100 && millis.isPresent(); i++) {
                refusals.add(millis.getAsDouble());
                millis = late.refusedMillis();
            }
            for (var reader : filling) {
                reader.close();
            }
        }
        table.row("refusals of 100 requests to a full queue", refusals.size());
        table.row("503 to one more than the queue takes, ms", refusals.median());
        table.row("the slowest of them, ms", refusals.quantile(1));
    }

    private static void connections(PunaUnderTest puna, ResultTable table) throws Exception {
        puna.generate(Prompts.story(), TOKENS);
        var server = URI.create(puna.server().base);
        table.row("memory with a model, MiB", puna.server().idleMegabytes());
        var silent = new ArrayList<SlowReader>();
        try {
            for (var i = 0; i < SILENT; i++) {
                silent.add(SlowReader.silent(server));
            }
            table.row(
                    "memory with 10,000 silent connections, MiB", puna.server().idleMegabytes());
            table.row(
                    "one more client among them, ms to first token", new KeyedClient(puna, "more").firstMillis(TOKENS));
        } finally {
            close(silent);
        }
        table.row("memory when they have left, MiB", puna.server().idleMegabytes());
        var slow = new ArrayList<SlowReader>();
        try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
            for (var i = 0; i < SLOW; i++) {
                var reader = new SlowReader(server, TOKENS);
                slow.add(reader);
                var _ = executor.submit(reader::readSlowly);
            }
            table.row("memory with 1,000 slow readers, MiB, most", most(puna.server()));
            var begun = slow.stream().filter(SlowReader::hasBegun).count();
            table.row("of them, whose answer has begun by then", (double) begun);
            table.row(
                    "one more client among them, ms to first token", new KeyedClient(puna, "more").firstMillis(TOKENS));
            close(slow);
        }
    }

    /** The most memory that is held within a while, in MiB. */
    private static double most(RunningServer server) throws IOException, InterruptedException {
        var most = 0.0;
        for (var second = 0; second < WATCHED_SECONDS; second++) {
            Thread.sleep(1_000);
            most = Math.max(most, server.residentMegabytes());
        }
        return most;
    }

    private static void close(Iterable<SlowReader> readers) throws IOException {
        for (var reader : readers) {
            reader.close();
        }
    }
}
