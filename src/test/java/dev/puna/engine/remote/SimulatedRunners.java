// SPDX-License-Identifier: Apache-2.0
package dev.puna.engine.remote;

import dev.puna.engine.EngineLoader;
import dev.puna.simulation.Timeline;
import java.nio.file.Path;
import java.util.function.BooleanSupplier;

/** Engines in processes of their own, on the threads and in the time of a simulation. */
public final class SimulatedRunners {
    private SimulatedRunners() {}

    /**
     * A loader.
     *
     * @param exhausted whether there is no thread to be had this time
     */
    public static EngineLoader loader(Runner.Starter starter, Timeline timeline, BooleanSupplier exhausted) {
        return new RemoteEngineLoader(starter, Path.of("/nowhere"), environment(timeline, exhausted));
    }

    static RunnerEnvironment environment(Timeline timeline, BooleanSupplier exhausted) {
        return new RunnerEnvironment(
                (name, work) -> {
                    if (exhausted.getAsBoolean()) {
                        throw new OutOfMemoryError("unable to create native thread");
                    }
                    return timeline.unstarted(name, work);
                },
                work -> timeline.start("answer", work),
                work -> timeline.start("end-of-answer", work),
                (pause, work) -> timeline.every(pause, "beat", work),
                timeline::nanos);
    }
}
