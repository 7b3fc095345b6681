// SPDX-License-Identifier: Apache-2.0
package dev.puna.scheduling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.puna.failure.NativeFailure;
import dev.puna.model.ModelName;
import java.nio.file.Path;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A system that gives this process no more threads for a while. */
@DisplayNameGeneration(ReplaceUnderscores.class)
@Timeout(60)
class NoThreadsTest {
    @TempDir
    Path blobs;

    @Test
    void a_load_fails_with_advice_and_the_next_works() {
        var rig = new SchedulingRig(blobs);
        rig.noThreads.set(true);

        assertThatThrownBy(() -> rig.lease("a"))
                .isInstanceOf(NativeFailure.class)
                .hasMessageContaining("allow this process more threads");

        rig.noThreads.set(false);
        rig.lease("a").close();
        rig.models.close();
    }

    @Test
    void a_model_is_unloaded_all_the_same_and_others_are_loaded_after_it() {
        var rig = new SchedulingRig(blobs, "OLLAMA_MAX_LOADED_MODELS", "1");
        rig.lease("a").close();
        rig.noThreads.set(true);

        rig.models.expire(ModelName.parse("a"));

        assertThat(rig.loader.engine().closings()).isEqualTo(1);
        assertThat(rig.running()).isEmpty();
        rig.noThreads.set(false);
        rig.lease("b").close();
        rig.models.close();
    }
}
