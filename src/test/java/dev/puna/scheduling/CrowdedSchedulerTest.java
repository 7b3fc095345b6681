// SPDX-License-Identifier: Apache-2.0
package dev.puna.scheduling;

import static org.assertj.core.api.Assertions.assertThat;

import dev.puna.model.ModelName;
import dev.puna.model.RunnerOptions;
import dev.puna.support.Waiting;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Many threads that tell the scheduler something at once. */
@DisplayNameGeneration(ReplaceUnderscores.class)
@Timeout(60)
class CrowdedSchedulerTest {
    @TempDir
    Path blobs;

    @Test
    void nobody_stands_in_a_row_for_the_scheduler_and_what_was_left_there_is_done() throws Exception {
        var rig = new SchedulingRig(blobs);
        rig.lease("a").close();
        var first = Thread.ofPlatform().unstarted(() -> rig.models.expire(ModelName.parse("none")));
        var second = Thread.ofPlatform().unstarted(() -> rig.models.expire(ModelName.parse("a")));

        // Whoever steps the scheduler asks for the time.
        synchronized (rig.clock) {
            first.start();
            Waiting.until(SchedulingRig.BOUND, () -> first.getState() == Thread.State.BLOCKED);
            second.start();
            assertThat(second.join(SchedulingRig.BOUND)).isTrue();
        }

        assertThat(first.join(SchedulingRig.BOUND)).isTrue();
        Waiting.until(SchedulingRig.BOUND, () -> rig.running().isEmpty());
        rig.models.close();
    }

    @Test
    void thousands_wait_for_a_load_and_then_for_their_turns_and_each_has_one() {
        var rig = new SchedulingRig(blobs, "PUNA_MAX_QUEUE", "10000", "PUNA_NUM_PARALLEL", "8");
        var model = rig.model("a");
        var waiting = IntStream.range(0, 4_000)
                .mapToObj(_ -> SchedulingRig.waiter(rig.ask(model, RunnerOptions.DEFAULT, Optional.empty())))
                .toList();
        for (var waiter : waiting) {
            waiter.awaitItem(SchedulingRig.BOUND).getItem().close();
        }
        rig.models.close();
    }
}
