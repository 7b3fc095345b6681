// SPDX-License-Identifier: Apache-2.0
package dev.puna.scheduling;

import static dev.puna.scheduling.SchedulingRig.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.puna.device.ComputeDevice;
import dev.puna.engine.EngineMemory;
import dev.puna.failure.Failure;
import dev.puna.failure.InsufficientMemory;
import dev.puna.failure.NativeFailure;
import dev.puna.support.Script;
import dev.puna.support.ScriptedEngine;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A GPU whose memory runs out while a model is computed: it comes back with less. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class ExhaustedGpuTest {
    private static final long MIB = 1L << 20;
    private final InsufficientMemory lack = new InsufficientMemory("CUDA error: out of memory");

    @TempDir
    Path blobs;

    private SchedulingRig rig;

    @BeforeEach
    void begin() {
        rig = new SchedulingRig(blobs);
        onGpu();
    }

    @Test
    void each_crash_of_that_kind_leaves_less_of_the_model_on_the_gpu_as_after_loads_that_fail() {
        var tried = new ArrayList<String>();
        for (var i = 0; i < 5; i++) {
            rig.lease("a").close();
            tried.add(shape());
            crash(lack);
        }

        assertThat(tried).first().isEqualTo("8 sequences, 5 layers");
        assertThat(tried).element(1).isEqualTo("1 sequences, 5 layers");
        assertThat(tried).element(2).isEqualTo("1 sequences, 2 layers");
        assertThat(tried).element(3).isEqualTo("1 sequences, 0 layers");
        // What ends on the processor has nothing to do with the GPU: the last that is known of that is still so.
        assertThat(tried).element(4).isEqualTo("1 sequences, 0 layers");
    }

    @Test
    void an_answer_that_fails_for_it_is_enough() {
        rig.loader.answers(Script.failing(lack));
        var lease = rig.lease("a");
        assertThatThrownBy(() -> answer(lease)).isInstanceOf(InsufficientMemory.class);
        lease.close();
        eventually(() -> rig.loader.engines().getFirst().closings() == 1);

        rig.lease("a").close();

        assertThat(shape()).isEqualTo("1 sequences, 5 layers");
    }

    @Test
    void another_crash_is_none_of_that_kind() {
        rig.lease("a").close();
        crash(new NativeFailure("GGML_ASSERT"));

        rig.lease("a").close();

        assertThat(shape()).isEqualTo("8 sequences, 5 layers");
    }

    @Test
    void without_a_gpu_the_model_comes_back_as_it_was() {
        rig.loader.runsOn(new ComputeDevice("CPU", "CPU", "some", ComputeDevice.Kind.CPU, "", 0, 0));
        rig.lease("a").close();
        crash(lack);

        rig.lease("a").close();

        assertThat(shape()).isEqualTo("8 sequences, 0 layers");
    }

    @Test
    void it_is_forgotten_after_an_hour_and_never_known_of_other_models_or_options() {
        rig.lease("a").close();
        crash(lack);
        rig.lease("b").close();
        assertThat(shape()).isEqualTo("8 sequences, 5 layers");
        SchedulingRig.await(rig.ask("a", SchedulingRig.context(64))).close();
        assertThat(shape()).isEqualTo("8 sequences, 5 layers");

        rig.clock.pass(Duration.ofMinutes(61));
        rig.lease("a").close();

        assertThat(shape()).isEqualTo("8 sequences, 5 layers");
    }

    private void crash(Failure reason) {
        var engine = rig.loader.engine();
        engine.dies(reason);
        eventually(() -> engine.closings() == 1 && rig.running().isEmpty());
    }

    private static List<?> answer(Lease lease) {
        return lease.engine()
                .generate(InstrumentedEngineTest.HELLO)
                .collect()
                .asList()
                .await()
                .atMost(SchedulingRig.BOUND);
    }

    private void onGpu() {
        rig.loader.runsOn(
                new ComputeDevice("CUDA0", "CUDA", "some", ComputeDevice.Kind.DISCRETE, "", 1024 * MIB, 1024 * MIB));
        rig.loader.needs(new EngineMemory(0, 60 * MIB, 0, 60 * MIB));
    }

    private String shape() {
        ScriptedEngine engine = rig.loader.engine();
        return engine.spec().sequences() + " sequences, "
                + engine.spec().placement().layers() + " layers";
    }
}
