// SPDX-License-Identifier: Apache-2.0
package dev.puna.scheduling;

import dev.puna.engine.EngineLoader;
import dev.puna.settings.Settings;
import dev.puna.simulation.Timeline;
import java.time.Instant;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/** A scheduler on the threads and in the time of a simulation. */
public final class SimulatedScheduler {
    private SimulatedScheduler() {}

    /**
     * A scheduler.
     *
     * @param exhausted whether there is no thread to be had this time
     */
    public static ModelScheduler of(
            EngineLoader loader,
            Settings settings,
            Timeline timeline,
            LongSupplier freeMemory,
            BooleanSupplier exhausted) {
        return new ModelScheduler(
                loader,
                settings,
                new SchedulingRig.RecordedEvents(),
                new SchedulerEnvironment(
                        new Clock(timeline), freeMemory, work -> timeline.start("delivery", work), (name, work) -> {
                            if (exhausted.getAsBoolean()) {
                                throw new OutOfMemoryError("unable to create native thread");
                            }
                            timeline.start(name, work);
                        }));
    }

    private static final class Clock implements SchedulerClock {
        private final Timeline timeline;
        private Runnable cancel = () -> {};

        Clock(Timeline timeline) {
            this.timeline = timeline;
        }

        @Override
        public long nanos() {
            return timeline.nanos();
        }

        @Override
        public Instant now() {
            return FakeClock.START.plusNanos(timeline.nanos());
        }

        @Override
        public void wakeAt(long nanos, Runnable action) {
            sleep();
            cancel = timeline.at(nanos, "alarm", action);
        }

        @Override
        public void sleep() {
            cancel.run();
            cancel = () -> {};
        }

        @Override
        public void close() {
            sleep();
        }
    }
}
