// SPDX-License-Identifier: Apache-2.0
package dev.puna.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.puna.support.ServedProgram;
import dev.puna.support.TestModels;
import dev.puna.support.Waiting;
import java.io.IOException;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/**
 * Processes of models that are killed or stopped at random moments while four clients ask: {@code -Dfaults.seconds=} says for how long,
 * {@code -Dfaults.seed=} when.
 */
@EnabledOnOs(OS.LINUX)
@DisplayNameGeneration(ReplaceUnderscores.class)
class KilledModelsIT {
    private static final int SECONDS = Integer.getInteger("faults.seconds", 10);
    private static final long SEED = Long.getLong("faults.seed", 1);
    private static final int CLIENTS = 4;
    private static final Duration TO_REST = Duration.ofSeconds(150);

    /** A model whose process ends three times while it loads is refused for a minute, which a short run does not wait for. */
    private static final int MOST = SECONDS > 60 ? Integer.MAX_VALUE : 2;

    /** Threads and descriptors that pools may keep. */
    private static final int SLACK = 16;

    private static final List<String> MODELS = List.of("one", "two");

    @TempDir
    Path home;

    private final HttpClient client = HttpClient.newHttpClient();
    private final Random random = new Random(SEED);
    private final AtomicInteger kills = new AtomicInteger();
    private final AtomicInteger stops = new AtomicInteger();

    @Test
    @Timeout(value = 24, unit = TimeUnit.HOURS)
    void the_server_answers_afterwards_and_has_no_more_threads_or_descriptors_than_before() throws Exception {
        try (var served = ServedProgram.start(home)) {
            served.create("one", TestModels.smolLm2(), "PARAMETER num_ctx 512");
            served.create("two", TestModels.smolLm2(), "PARAMETER num_ctx 1024");
            load(served, 2, 2);
            awaitAnswers(served);
            var process = Path.of("/proc", Long.toString(served.server().pid()));
            var threads = entries(process.resolve("task"));
            var descriptors = entries(process.resolve("fd"));

            var count = load(served, CLIENTS, SECONDS);

            awaitAnswers(served);
            System.out.printf(
                    "killed models: seed %d, %d s, %d killed, %d stopped, %d answers, %d failures, threads %d before and %d after,"
                            + " descriptors %d and %d%n",
                    SEED,
                    SECONDS,
                    kills.get(),
                    stops.get(),
                    count.answered(),
                    count.failed(),
                    threads,
                    entries(process.resolve("task")),
                    descriptors,
                    entries(process.resolve("fd")));
            assertThat(kills.get()).isPositive();
            Waiting.until(TO_REST, () -> entries(process.resolve("task")) <= threads + SLACK);
            Waiting.until(TO_REST, () -> entries(process.resolve("fd")) <= descriptors + SLACK);
            assertThat(served.server().children()).hasSizeLessThanOrEqualTo(MODELS.size());
        }
    }

    /** Clients ask for some seconds while, with more than two of them, models are killed. */
    private LoadingClient.Count load(ServedProgram served, int clients, int seconds) throws Exception {
        var end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
        var sum = new LoadingClient.Count(0, 0);
        try (var threads = Executors.newCachedThreadPool()) {
            List<Future<LoadingClient.Count>> counts = IntStream.range(0, clients)
                    .mapToObj(number -> threads.submit(new LoadingClient(
                            client,
                            served.address(),
                            MODELS,
                            new Random(SEED + number),
                            () -> System.nanoTime() < end)))
                    .toList();
            while (clients == CLIENTS && System.nanoTime() < end) {
                Thread.sleep(50 + random.nextInt(1_500));
                harm(served);
            }
            for (var count : counts) {
                sum = sum.plus(count.get(seconds + 200, TimeUnit.SECONDS));
            }
        }
        return sum;
    }

    private void harm(ServedProgram served) throws IOException, InterruptedException {
        var children = served.server().children();
        if (children.isEmpty() || kills.get() + stops.get() == MOST) {
            return;
        }
        var child = children.get(random.nextInt(children.size()));
        if (random.nextInt(8) == 0) {
            stops.incrementAndGet();
            new ProcessBuilder("kill", "-STOP", Long.toString(child.pid()))
                    .start()
                    .waitFor();
        } else {
            kills.incrementAndGet();
            child.destroyForcibly();
        }
    }

    /** One that was killed three times while it loaded is refused for a minute. */
    private void awaitAnswers(ServedProgram served) {
        for (var model : MODELS) {
            Waiting.until(TO_REST, () -> LoadingClient.isWhole(LoadingClient.ask(client, served.address(), model, 3)));
        }
    }

    private static int entries(Path folder) {
        try (var entries = Files.list(folder)) {
            return (int) entries.count();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
