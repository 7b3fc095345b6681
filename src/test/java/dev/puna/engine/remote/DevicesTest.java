// SPDX-License-Identifier: Apache-2.0
package dev.puna.engine.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.puna.device.ComputeDevice;
import dev.puna.failure.NativeFailure;
import dev.puna.support.ScriptedEngineLoader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@DisplayNameGeneration(ReplaceUnderscores.class)
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class DevicesTest {
    private static final ComputeDevice CPU = device("CPU", ComputeDevice.Kind.CPU);
    private static final ComputeDevice GPU = device("CUDA0", ComputeDevice.Kind.DISCRETE);

    private final Runners locked = new Runners(CPU);
    private final Devices devices = new Devices(Path.of("/nowhere"), locked, RunnerEnvironment.real());

    @Test
    void a_gpu_that_is_found_by_a_process_that_is_locked_up_needs_no_other() {
        locked.found(GPU, CPU);
        locked.free = Optional.of(new Runners(GPU));

        assertThat(devices.now()).containsExactly(GPU, CPU);
        assertThat(devices.starter()).isSameAs(locked);
    }

    @Test
    void a_driver_that_does_not_bear_the_locks_is_used_without_them() {
        var free = new Runners(GPU, CPU);
        locked.free = Optional.of(free);

        assertThat(devices.now()).containsExactly(GPU, CPU);
        assertThat(devices.starter()).isSameAs(free);
        assertThat(devices.now()).containsExactly(GPU, CPU);
    }

    @Test
    void a_driver_that_fails_in_a_process_that_is_locked_up_is_used_without_the_locks() {
        locked.broken = true;
        locked.free = Optional.of(new Runners(GPU));

        assertThat(devices.now()).containsExactly(GPU);
    }

    @Test
    void locks_stay_on_where_there_is_no_gpu_without_them_either_and_nobody_looks_twice() {
        var free = new Runners(CPU);
        locked.free = Optional.of(free);

        assertThat(devices.now()).containsExactly(CPU);
        assertThat(devices.now()).containsExactly(CPU);

        assertThat(devices.starter()).isSameAs(locked);
        assertThat(free.looked).isEqualTo(1);
    }

    @Test
    void a_process_that_cannot_be_started_is_told_of() {
        locked.broken = true;

        assertThatThrownBy(devices::now)
                .isInstanceOf(NativeFailure.class)
                .hasMessage("cannot start a process for 'devices': there is no room");
    }

    private static ComputeDevice device(String name, ComputeDevice.Kind kind) {
        return new ComputeDevice(name, name, name, kind, "", 0, 0);
    }

    /** Processes that find certain devices. */
    private static final class Runners implements Runner.Starter {
        private final ScriptedEngineLoader models = new ScriptedEngineLoader();
        private final ThreadRunners threads = new ThreadRunners(models, (_, _, _, _) -> {});
        private Optional<Runner.Starter> free = Optional.empty();
        private boolean broken;
        private int looked;

        private Runners(ComputeDevice... devices) {
            found(devices);
        }

        private void found(ComputeDevice... devices) {
            models.runsOn(devices);
        }

        @Override
        public Runner start(RunnerNeeds needs) throws IOException {
            looked++;
            if (broken) {
                throw new IOException("there is no room");
            }
            return threads.start(needs);
        }

        @Override
        public Optional<Runner.Starter> unlocked() {
            return free;
        }
    }
}
