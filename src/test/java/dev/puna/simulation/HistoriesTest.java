// SPDX-License-Identifier: Apache-2.0
package dev.puna.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.puna.scheduling.SimulatedModels;
import dev.puna.store.InstalledModel;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A thousand histories, or as many as {@code -Dsimulation.histories=} says, from the seed {@code -Dsimulation.seed=} on. One that
 * breaks a promise is told with its seed.
 */
@DisplayNameGeneration(ReplaceUnderscores.class)
class HistoriesTest {
    private static final int HISTORIES = Integer.getInteger("simulation.histories", 1_000);
    private static final long SEED = Long.getLong("simulation.seed", 1);
    private static final int MOST_BROKEN = 50;
    private static final int LINES = Integer.getInteger("simulation.lines", 150);

    /** Kept, since the log manager forgets loggers that nobody has, with their levels. */
    private static final Logger LOG = Logger.getLogger("dev.puna.scheduling.ModelScheduler");

    @TempDir
    static Path blobs;

    private static List<InstalledModel> models;

    @BeforeAll
    static void makeModels() {
        models = SimulatedModels.of(blobs, "a", "b", "c");
        LOG.setLevel(Level.OFF);
    }

    @AfterAll
    static void logAgain() {
        LOG.setLevel(null);
    }

    @Test
    @Timeout(value = 24, unit = TimeUnit.HOURS)
    void whatever_processes_and_callers_do_no_promise_is_broken() {
        var turns = 0L;
        var broken = new ArrayList<String>();
        var first = "";
        for (var seed = SEED; seed < SEED + HISTORIES; seed++) {
            var history = Lived.of(seed, models);
            turns += history.turns();
            if (!history.violations().isEmpty()) {
                broken.add(seed + ": " + history.violations());
                first = first.isEmpty() ? report(seed, history) : first;
            }
            if (broken.size() == MOST_BROKEN) {
                break;
            }
        }
        assertThat(broken).as(first).isEmpty();
        System.out.println("histories: %d from seed %d, %d turns of threads, %.1f s of the processor"
                .formatted(
                        HISTORIES,
                        SEED,
                        turns,
                        ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() / 1e9));
        assertThat(turns).as("how often threads went on").isGreaterThan(100L * HISTORIES);
    }

    @Test
    @Timeout(60)
    void the_same_seed_is_the_same_history() {
        for (var seed = SEED; seed < SEED + 40; seed++) {
            var first = Lived.of(seed, models);
            var second = Lived.of(seed, models);
            for (var i = 0; i < Math.min(first.notes().size(), second.notes().size()); i++) {
                assertThat(second.notes().get(i))
                        .as("line %d of seed %d", i, seed)
                        .isEqualTo(first.notes().get(i));
            }
            assertThat(second.turns()).isEqualTo(first.turns());
        }
    }

    private static String report(long seed, Lived history) {
        var notes = history.notes();
        var shown = notes.subList(Math.max(0, notes.size() - LINES), notes.size());
        return "-Dsimulation.seed=%d -Dsimulation.histories=1: %s%n%s"
                .formatted(seed, history.violations(), String.join(System.lineSeparator(), shown));
    }
}
