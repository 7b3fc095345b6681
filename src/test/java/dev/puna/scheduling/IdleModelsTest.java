// SPDX-License-Identifier: Apache-2.0
package dev.puna.scheduling;

import static dev.puna.scheduling.SchedulingRig.await;
import static dev.puna.scheduling.SchedulingRig.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.puna.model.KeepAlive;
import dev.puna.model.ModelName;
import dev.puna.model.RunnerOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How long models stay that nobody uses. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class IdleModelsTest {
    private static final Duration FIVE_MINUTES = Duration.ofMinutes(5);

    @TempDir
    Path blobs;

    @Test
    void an_idle_model_goes_when_its_time_has_passed() {
        var rig = new SchedulingRig(blobs);
        rig.lease("a").close();

        rig.clock.pass(FIVE_MINUTES.minusNanos(1));
        assertThat(rig.running()).containsExactly("a");
        rig.clock.pass(Duration.ofNanos(1));

        eventually(() -> rig.running().isEmpty());
        eventually(() -> rig.loader.engine().closings() == 1);
    }

    @Test
    void a_model_in_use_does_not_go_and_its_time_starts_when_it_is_idle() {
        var rig = new SchedulingRig(blobs);
        var lease = rig.lease("a");
        eventually(() -> !rig.clock.armed());
        rig.clock.pass(Duration.ofHours(1));

        lease.close();

        assertThat(rig.models.running().getFirst().expiresAt()).isEqualTo(FakeClock.START.plus(Duration.ofMinutes(65)));
        assertThat(rig.running()).containsExactly("a");
    }

    @Test
    void a_keep_alive_of_zero_unloads_after_use() {
        var rig = new SchedulingRig(blobs);
        var lease = await(rig.ask("a", Duration.ZERO));
        assertThat(rig.running()).containsExactly("a");

        lease.close();

        eventually(() -> rig.running().isEmpty());
    }

    @Test
    void a_negative_keep_alive_keeps_a_model_for_ever_and_sets_no_alarm() {
        var rig = new SchedulingRig(blobs);
        await(rig.ask("a", Duration.ofSeconds(-1))).close();

        rig.clock.pass(Duration.ofDays(10_000));

        assertThat(rig.models.running().getFirst().expiresAt()).isEqualTo(Instant.MAX);
        assertThat(rig.clock.armed()).isFalse();
    }

    @Test
    void a_request_without_keep_alive_leaves_it_as_it_is() {
        var rig = new SchedulingRig(blobs);
        await(rig.ask("a", Duration.ofHours(2))).close();

        rig.lease("a").close();

        assertThat(rig.models.running().getFirst().expiresAt()).isEqualTo(FakeClock.START.plus(Duration.ofHours(2)));
    }

    @Test
    void the_setting_decides_when_nobody_says() {
        var rig = new SchedulingRig(blobs, "OLLAMA_KEEP_ALIVE", "90");

        rig.lease("a").close();

        assertThat(rig.models.running().getFirst().expiresAt()).isEqualTo(FakeClock.START.plusSeconds(90));
    }

    @Test
    void an_expired_model_goes_as_soon_as_nobody_uses_it() {
        var rig = new SchedulingRig(blobs);
        var lease = rig.lease("a");

        rig.models.expire(ModelName.parse("A:latest"));
        assertThat(rig.running()).containsExactly("a");
        lease.close();

        eventually(() -> rig.running().isEmpty());
    }

    @Test
    void expiring_what_is_not_loaded_does_nothing() {
        new SchedulingRig(blobs).models.expire(ModelName.parse("nobody"));
    }

    @Test
    void an_idle_server_sets_no_alarm() {
        var rig = new SchedulingRig(blobs);
        rig.lease("a").close();

        rig.clock.pass(FIVE_MINUTES);

        eventually(() -> rig.running().isEmpty());
        eventually(() -> !rig.clock.armed());
    }

    @Test
    void running_models_are_sorted_by_when_they_expire() {
        var rig = new SchedulingRig(blobs);
        await(rig.ask("a", Duration.ofMinutes(1))).close();
        await(rig.ask("b", Duration.ofSeconds(-1))).close();
        await(rig.ask("c", Duration.ofMinutes(2))).close();

        assertThat(rig.running()).containsExactly("b", "c", "a");
    }

    @Test
    void keep_alive_of_the_newest_request_counts() {
        var rig = new SchedulingRig(blobs);
        var forever = await(rig.ask(rig.model("a"), RunnerOptions.DEFAULT, Optional.of(KeepAlive.FOREVER)));
        await(rig.ask("a", Duration.ofMinutes(1))).close();

        forever.close();

        assertThat(rig.models.running().getFirst().expiresAt()).isEqualTo(FakeClock.START.plusSeconds(60));
    }
}
