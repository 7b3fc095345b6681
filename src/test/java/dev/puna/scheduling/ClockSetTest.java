// SPDX-License-Identifier: Apache-2.0
package dev.puna.scheduling;

import static dev.puna.scheduling.SchedulingRig.eventually;
import static dev.puna.scheduling.SchedulingRig.waiter;
import static org.assertj.core.api.Assertions.assertThat;

import dev.puna.failure.NativeFailure;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The machine's clock is set, as at the start of a board without one of its own that survives: nothing may depend on it. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class ClockSetTest {
    private static final Duration FIVE_MINUTES = Duration.ofMinutes(5);

    @TempDir
    Path blobs;

    @ParameterizedTest
    @ValueSource(strings = {"P-366D", "PT-1S", "P366D"})
    void an_idle_model_stays_as_long_as_it_should_and_shows_when_by_the_new_time(Duration step) {
        var rig = new SchedulingRig(blobs);
        rig.lease("a").close();

        rig.clock.setClockAhead(step);

        assertThat(rig.models.running().getFirst().expiresAt())
                .isEqualTo(FakeClock.START.plus(step).plus(FIVE_MINUTES));
        rig.clock.pass(FIVE_MINUTES.minusNanos(1));
        assertThat(rig.running()).containsExactly("a");
        rig.clock.pass(Duration.ofNanos(1));
        eventually(() -> rig.running().isEmpty());
    }

    @ParameterizedTest
    @ValueSource(strings = {"P-366D", "P366D"})
    void a_load_is_given_its_time(Duration step) {
        var rig = new SchedulingRig(blobs, "OLLAMA_LOAD_TIMEOUT", "1m");
        rig.loader.loadsOnlyWhenLet();
        var stuck = waiter(rig.ask("a"));
        eventually(() -> rig.loader.loading() == 1);

        rig.clock.setClockAhead(step);
        rig.clock.pass(Duration.ofSeconds(50));
        assertThat(rig.running()).containsExactly("a");
        rig.clock.pass(Duration.ofSeconds(20));

        stuck.awaitFailure(SchedulingRig.BOUND).assertFailedWith(NativeFailure.class);
        eventually(() -> rig.loader.cancelledLoads() == 1);
    }
}
