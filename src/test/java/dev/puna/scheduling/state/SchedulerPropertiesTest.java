// SPDX-License-Identifier: Apache-2.0
package dev.puna.scheduling.state;

import static org.assertj.core.api.Assertions.assertThat;

import dev.puna.scheduling.state.SlotState.Measurement;
import dev.puna.scheduling.state.SlotState.Reason;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What holds whatever happens, by {@link SimulatedWorld} and {@link TurnChecks}: every request ends once, turns are fair, nobody
 * waits for a model that has room, every lease is closed, no engine is closed
 * under a lease, nothing idle outlives its keep-alive, no load is begun for which there is no room, and in the end nothing is
 * left; whether loads work, fail, hang or take more memory than they say.
 */
@DisplayNameGeneration(ReplaceUnderscores.class)
class SchedulerPropertiesTest {
    private static final int EVENTS = 120_000;
    private static final int LONGEST_HISTORY = 2_000;

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    @Timeout(120)
    void whatever_happens_no_promise_is_broken(long seed) {
        var random = new Random(seed);
        var reached = new HashSet<Object>();
        for (var events = 0L; events < EVENTS; ) {
            var history = new RandomHistory(random, new SimulatedWorld(reached));
            try {
                run(history, random);
            } catch (AssertionError | RuntimeException broken) {
                throw new AssertionError(
                        "seed %d, after %d events of earlier histories: %s"
                                .formatted(seed, events, broken.getMessage()),
                        broken);
            }
            events += history.world.events;
        }
        assertThat(reached)
                .as("what these histories have reached")
                .containsAll(kinds(Effect.class))
                .containsAll(kinds(SlotState.class))
                .contains((Object[]) Reason.values())
                .contains((Object[]) Measurement.values())
                .contains((Object[]) SimulatedWorld.Contention.values());
    }

    /** All records of a sealed family. */
    private static Set<Object> kinds(Class<?> type) {
        return type.isSealed()
                ? Stream.of(type.getPermittedSubclasses())
                        .flatMap(part -> kinds(part).stream())
                        .collect(Collectors.toSet())
                : Set.of(type);
    }

    private static void run(RandomHistory history, Random random) {
        var length = 1 + random.nextInt(LONGEST_HISTORY);
        for (var i = 0; i < length; i++) {
            history.go();
        }
        if (random.nextBoolean()) {
            history.comeToRest();
            history.emptyMemory();
        }
        history.stop();
    }
}
