// SPDX-License-Identifier: Apache-2.0
package dev.puna.scheduling;

import static dev.puna.scheduling.SchedulingRig.eventually;
import static dev.puna.scheduling.SchedulingRig.waiter;
import static org.assertj.core.api.Assertions.assertThat;

import dev.puna.engine.GenerationEvent;
import dev.puna.failure.ShuttingDown;
import dev.puna.support.Script;
import io.smallrye.mutiny.helpers.test.AssertSubscriber;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayNameGeneration(ReplaceUnderscores.class)
class ShutdownTest {
    private static final String REFUSAL = "server is shutting down";

    @TempDir
    Path blobs;

    @Test
    void idle_models_are_unloaded_before_it_returns() {
        var rig = new SchedulingRig(blobs);
        rig.lease("a").close();

        rig.models.close();

        assertThat(rig.loader.engine().closings()).isEqualTo(1);
        assertThat(rig.models.occupancy()).isEqualTo(new Occupancy(0, 0, 0));
    }

    @Test
    void new_requests_and_those_that_wait_are_refused() {
        var rig = new SchedulingRig(blobs);
        rig.loader.loadsOnlyWhenLet();
        var loading = waiter(rig.ask("a"));
        var queued = waiter(rig.ask("b"));
        eventually(() -> rig.loader.loading() == 1);

        rig.models.close();

        loading.awaitFailure(SchedulingRig.BOUND).assertFailedWith(ShuttingDown.class, REFUSAL);
        queued.awaitFailure(SchedulingRig.BOUND).assertFailedWith(ShuttingDown.class, REFUSAL);
        waiter(rig.ask("a")).assertFailedWith(ShuttingDown.class, REFUSAL);
        eventually(() -> rig.loader.cancelledLoads() == 1);
    }

    @Test
    void a_running_answer_gets_its_grace() throws Exception {
        var rig = new SchedulingRig(blobs, "PUNA_SHUTDOWN_GRACE", "10s");
        var lease = rig.lease("a");
        var closing = CompletableFuture.runAsync(rig.models::close);
        eventually(rig.models::stopping);

        assertThat(rig.loader.engine().closings()).isZero();
        lease.close();

        closing.get(SchedulingRig.BOUND.toSeconds(), TimeUnit.SECONDS);
        assertThat(rig.loader.engine().closings()).isEqualTo(1);
    }

    @Test
    void an_answer_that_outlasts_its_grace_ends_with_the_reason() {
        var rig = new SchedulingRig(blobs, "PUNA_SHUTDOWN_GRACE", "50ms");
        rig.loader.answers(Script.endlessly("a").every(Duration.ofSeconds(30)));
        var lease = rig.lease("a");
        var answer = lease.engine()
                .generate(InstrumentedEngineTest.HELLO)
                .onTermination()
                .invoke(lease::close)
                .subscribe()
                .withSubscriber(AssertSubscriber.<GenerationEvent>create(10));

        rig.models.close();

        answer.awaitFailure(SchedulingRig.BOUND).assertFailedWith(ShuttingDown.class, REFUSAL);
        assertThat(rig.loader.engine().closings()).isEqualTo(1);
    }

    @Test
    void what_a_cancelled_load_still_brings_is_closed() {
        var rig = new SchedulingRig(blobs);
        rig.loader.loadsOnlyWhenLet().ignoresCancellation();
        waiter(rig.ask("a"));
        eventually(() -> rig.loader.loading() == 1);

        rig.models.close();
        rig.loader.letLoad();

        eventually(() -> rig.loader.engines().size() == 1);
        eventually(() -> rig.loader.engine().closings() == 1);
    }
}
