// SPDX-License-Identifier: Apache-2.0
package dev.puna.scheduling;

import static dev.puna.scheduling.SchedulingRig.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.puna.failure.NativeFailure;
import dev.puna.model.KeepAlive;
import dev.puna.model.ModelName;
import dev.puna.model.RunnerOptions;
import dev.puna.store.InstalledModel;
import io.smallrye.mutiny.helpers.test.UniAssertSubscriber;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class SchedulingStressTest {
    private static final int CALLERS = 8;
    private static final int TURNS = 100;

    @TempDir
    Path blobs;

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    @Timeout(60)
    void whatever_callers_do_no_lease_is_lost_and_no_engine_closed_twice(long seed) throws Exception {
        var rig = new SchedulingRig(blobs, "OLLAMA_MAX_LOADED_MODELS", "2", "PUNA_SHUTDOWN_GRACE", "10s");
        var models = List.of(rig.model("a"), rig.model("b"), rig.model("c"));
        try (var callers = Executors.newFixedThreadPool(CALLERS)) {
            var work = IntStream.range(0, CALLERS)
                    .mapToObj(caller -> new Random(seed * 1000 + caller))
                    .map(random -> callers.submit(() -> act(rig, models, random)))
                    .toList();
            for (var part : work) {
                part.get(50, TimeUnit.SECONDS);
            }
        }

        eventually(() ->
                rig.models.occupancy().active() == 0 && rig.models.occupancy().waiting() == 0);
        rig.models.close();
        eventually(() -> rig.loader.loading() == 0);
        assertThat(rig.models.occupancy()).isEqualTo(new Occupancy(0, 0, 0));
        eventually(() -> rig.loader.engines().stream().allMatch(engine -> engine.closings() == 1));
        assertThat(rig.loader.engines()).isNotEmpty();
    }

    private static void act(SchedulingRig rig, List<InstalledModel> models, Random random) {
        for (var turn = 0; turn < TURNS; turn++) {
            var options = random.nextInt(4) == 0 ? SchedulingRig.context(512) : RunnerOptions.DEFAULT;
            var keepAlive = random.nextBoolean()
                    ? Optional.<KeepAlive>empty()
                    : Optional.of(KeepAlive.of(Duration.ofMillis(random.nextInt(3))));
            var waiter = SchedulingRig.waiter(rig.ask(models.get(random.nextInt(3)), options, keepAlive));
            switch (random.nextInt(8)) {
                case 0 -> rig.models.expire(ModelName.parse("a"));
                case 1 -> rig.clock.pass(Duration.ofMillis(1));
                case 2 -> rig.loader.failsToLoad(new NativeFailure("now and then"));
                case 3 -> rig.models.running();
                default -> rig.loader.loadsAgain();
            }
            leaveOrUse(waiter, random);
        }
    }

    private static void leaveOrUse(UniAssertSubscriber<Lease> waiter, Random random) {
        if (random.nextInt(3) == 0) {
            waiter.cancel();
            return;
        }
        try {
            waiter.awaitItem(Duration.ofSeconds(20)).getItem().close();
        } catch (AssertionError failed) {
            // a load that was told to fail
            assertThat(waiter.getFailure()).isInstanceOf(NativeFailure.class);
        }
    }
}
