// SPDX-License-Identifier: Apache-2.0
package dev.puna.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.puna.support.ServedProgram;
import dev.puna.support.TinyGguf;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Malformed requests to all routes of the packaged program: none ends it, hangs, is answered with what is no answer of HTTP, or with a
 * fault that is not Ollama's. {@code -Dmalformed.requests=10000} sends so many to each route, {@code -Dmalformed.seed=7} others; what
 * fails is told with what sends it alone. Of one without an answer the bytes are kept, what the server's threads did then, and what came when
 * it was sent once more.
 */
@DisplayNameGeneration(ReplaceUnderscores.class)
class MalformedRequestsIT {
    /** The JVM form is slow at first. */
    private static final int REQUESTS = Integer.getInteger(
            "malformed.requests", Files.exists(Path.of(System.getProperty("native.image.path", "none"))) ? 100 : 30);

    private static final long SEED = Long.getLong("malformed.seed", 1);
    private static final String ONLY = System.getProperty("malformed.only", "");
    private static final Path LOG = Path.of("target", "malformed-requests.log");
    private static final Path FINDINGS = Path.of("target", "malformed-requests.txt");
    private static final int CLIENTS = 4;

    /** Whose bytes and threads are kept. */
    private static final int MOST_KEPT = 50;

    private static final int MOST_TOLD = 20;
    private static final long MOST_MEMORY = 1L << 30;

    @TempDir
    Path home;

    private final ConcurrentLinkedQueue<String> findings = new ConcurrentLinkedQueue<>();
    private final Map<Integer, Integer> statuses = new TreeMap<>();
    private final AtomicInteger silent = new AtomicInteger();

    @Test
    @Timeout(value = 24, unit = TimeUnit.HOURS)
    void the_server_answers_every_request_or_ends_its_connection() throws Exception {
        try (var served = ServedProgram.start(
                home, Map.of("PUNA_REGISTRY_ALLOW", "registry.invalid", "PUNA_MAX_LOADED_MODELS", "1"))) {
            served.create(MalformedRequests.PRESENT, TinyGguf.llama(1).writeTo(home.resolve("tiny.gguf")));
            served.create("honest", TinyGguf.llama(2).writeTo(home.resolve("honest.gguf")));

            var started = System.nanoTime();
            var trial = new RequestTrial(served.address(), () -> showThreads(served));
            var sent = sendAll(MalformedRequests.read(), served.address(), trial);

            System.out.printf(
                    "malformed requests: seed %d, %d sent in %d s, statuses %s, slowest %d ms, without answer %d, server %d MiB, findings %d%n",
                    SEED,
                    sent,
                    (System.nanoTime() - started) / 1_000_000_000,
                    statuses,
                    trial.slowestMillis(),
                    silent.get(),
                    served.residentBytes() >> 20,
                    findings.size());
            Files.writeString(LOG, served.errors());
            Files.write(FINDINGS, findings);
            assertThat(served.isAlive()).as(served.errors()).isTrue();
            assertThat(served.puna().run("run", "honest", "hello").exitCode()).isZero();
            assertThat(silent.get() == 0 && served.errors().contains("\tat "))
                    .as("a stack trace in %s", LOG)
                    .isFalse();
            assertThat(served.residentBytes()).isLessThan(MOST_MEMORY);
        }
        assertThat(findings.stream().limit(MOST_TOLD))
                .as("%d findings, all in %s", findings.size(), FINDINGS)
                .isEmpty();
        assertThat(statuses).containsKeys(200, 400, 404, 405);
    }

    /** Has the server write what its threads do to standard error, or output on the JVM, as both forms do at SIGQUIT. */
    private void showThreads(ServedProgram served) {
        try {
            if (silent.get() < MOST_KEPT) {
                served.server().signal("QUIT");
            }
        } catch (IOException e) {
            findings.add("the threads are not known: " + e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private long sendAll(MalformedRequests requests, String address, RequestTrial trial) throws Exception {
        var routes = requests.routes();
        var next = new AtomicLong();
        var total = (long) REQUESTS * routes.size();
        try (var threads = Executors.newFixedThreadPool(CLIENTS)) {
            var clients = new ArrayList<Future<?>>();
            for (var i = 0; i < CLIENTS; i++) {
                clients.add(threads.submit(() -> {
                    for (var number = next.getAndIncrement(); number < total; number = next.getAndIncrement()) {
                        var route = (int) (number % routes.size());
                        if (ONLY.isEmpty() || routes.get(route).equals(ONLY)) {
                            send(
                                    trial,
                                    requests.of(route, SEED + number / routes.size(), address),
                                    SEED + number / routes.size());
                        }
                    }
                    return null;
                }));
            }
            for (var client : clients) {
                client.get();
            }
        }
        return total;
    }

    private void send(RequestTrial trial, MalformedRequest request, long seed) throws IOException {
        try {
            var came = trial.judge(request);
            synchronized (statuses) {
                came.forEach(status -> statuses.merge(status, 1, Integer::sum));
            }
        } catch (RequestTrial.NoAnswer hung) {
            var number = silent.incrementAndGet();
            var kept = Path.of("target", "malformed-request-" + number + ".bin");
            if (number <= MOST_KEPT) {
                Files.write(kept, request.bytes());
            }
            findings.add(
                    "-Dmalformed.requests=1 -Dmalformed.seed=%d -Dmalformed.only=\"%s\": %s; bytes in %s; once more: %s; %s"
                            .formatted(seed, request.route(), hung.getMessage(), kept, again(trial, request), request));
        } catch (AssertionError | RuntimeException wrong) {
            findings.add("-Dmalformed.requests=1 -Dmalformed.seed=%d -Dmalformed.only=\"%s\": %s; %s"
                    .formatted(seed, request.route(), wrong.getMessage(), request));
        }
    }

    /** What comes when it is sent once more. */
    private static String again(RequestTrial trial, MalformedRequest request) throws IOException {
        var begun = System.nanoTime();
        try {
            return trial.judge(request) + " after " + (System.nanoTime() - begun) / 1_000_000 + " ms";
        } catch (AssertionError | RuntimeException wrong) {
            return String.valueOf(wrong.getMessage());
        }
    }
}
