// SPDX-License-Identifier: Apache-2.0
package dev.puna.engine.remote;

import dev.puna.device.ComputeDevice;
import dev.puna.engine.wire.FromRunner;
import dev.puna.engine.wire.ToRunner;
import dev.puna.failure.Failure;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jboss.logging.Logger;

/**
 * What models can be computed on, as a process that looks finds it, and how processes are to be started that compute there. Where
 * there are libraries for the CPU only, nobody has to look. Any thread.
 */
final class Devices {
    private static final Logger LOG = Logger.getLogger(Devices.class);

    private static final List<ComputeDevice> CPU_ONLY =
            List.of(new ComputeDevice("CPU", "CPU", "CPU", ComputeDevice.Kind.CPU, "", 0, 0));

    /** How long drivers may take to tell what there is. */
    private static final Duration LONGEST_LOOK = Duration.ofMinutes(2);

    private final Path nativeLibraries;
    private final RunnerEnvironment environment;
    private final AtomicBoolean triedUnlocked = new AtomicBoolean();
    private volatile Runner.Starter starter;

    /**
     * @param nativeLibraries the folder of the libraries that compute
     * @param starter starts processes that are locked up
     */
    Devices(Path nativeLibraries, Runner.Starter starter, RunnerEnvironment environment) {
        this.nativeLibraries = nativeLibraries;
        this.environment = environment;
        this.starter = starter;
    }

    /** Starts processes that can compute on what was found. */
    Runner.Starter starter() {
        return starter;
    }

    /** Looks, which takes as long as the drivers do. */
    List<ComputeDevice> now() {
        return GpuLibraries.areMissing(nativeLibraries) ? CPU_ONLY : look();
    }

    private List<ComputeDevice> look() {
        var current = starter;
        List<ComputeDevice> found;
        try {
            found = found(current);
        } catch (Failure failed) {
            return unlocked(current).orElseThrow(() -> failed);
        }
        return hasGpu(found) ? found : unlocked(current).orElse(found);
    }

    /** Once in the life of the server: the GPUs of a driver that the locks keep from working, if it is that. */
    private Optional<List<ComputeDevice>> unlocked(Runner.Starter locked) {
        var free = locked.unlocked();
        if (free.isEmpty() || !triedUnlocked.compareAndSet(false, true)) {
            return Optional.empty();
        }
        try {
            var found = found(free.get());
            if (hasGpu(found)) {
                LOG.warn("inference.unlocked effect=\"the processes of models are not locked up\" "
                        + "reason=\"the drivers of the GPUs find none if they are\"");
                starter = free.get();
                return Optional.of(found);
            }
        } catch (Failure failed) {
            LOG.debugf("no GPU is found without the locks either: %s", failed.getMessage());
        }
        return Optional.empty();
    }

    private List<ComputeDevice> found(Runner.Starter processes) {
        var needs = new RunnerNeeds("devices", List.of(), Optional.empty(), 0);
        try (var channel = RemoteEngineLoader.start(processes, environment, needs)) {
            var found = channel.within(LONGEST_LOOK, "found what there is to compute on");
            try {
                return PendingAnswer.ask(channel, FromRunner.Devices.class, ToRunner.Devices::new)
                        .await()
                        .devices();
            } finally {
                found.run();
            }
        }
    }

    private static boolean hasGpu(List<ComputeDevice> devices) {
        return devices.stream().anyMatch(device -> device.kind() != ComputeDevice.Kind.CPU);
    }
}
