// SPDX-License-Identifier: Apache-2.0
package dev.puna.scheduling.state;

import static java.util.Objects.requireNonNull;

import dev.puna.scheduling.plan.LoadPlan;
import java.util.List;
import java.util.Optional;

/** The state of a slot. {@code src/docs/architecture.md} draws the states and the transitions between them. */
public sealed interface SlotState {

    /** The plan by which the model is or will be loaded; empty while there is none, and when it is being unloaded. */
    default Optional<LoadPlan> plan() {
        return Optional.empty();
    }

    /** Leases that are open. */
    default int leases() {
        return 0;
    }

    /** On its way into memory; one slot at a time. */
    sealed interface Pending extends SlotState permits Awaited, InLoader {
        /** Requests that wait for this load, in the order they came. */
        default List<QueuedRequest> requests() {
            return List.of();
        }
    }

    /** On its way into memory for somebody. */
    sealed interface Awaited extends Pending permits MakingRoom, Loading {
        @Override
        List<QueuedRequest> requests();

        /** The same with other requests. */
        SlotState with(List<QueuedRequest> newRequests);
    }

    /** The native load runs, whether somebody waits for it or not. */
    sealed interface InLoader extends Pending permits Loading, Cancelling {
        /** How it is being loaded. */
        LoadPlan planned();

        /** The progress of the load. */
        StallWatch watch();

        /** The same state with newer progress. */
        SlotState with(StallWatch newWatch);

        @Override
        default Optional<LoadPlan> plan() {
            return Optional.of(planned());
        }
    }

    /** In memory and working. */
    sealed interface InMemory extends SlotState permits Idle, InUse, Draining {
        /** The engine. */
        LoadedEngine loaded();

        @Override
        default Optional<LoadPlan> plan() {
            return Optional.of(loaded().plan());
        }
    }

    /** What is known of the memory there is. */
    enum Measurement {
        /** The free memory is being measured. */
        RUNNING,
        /** The free memory is being measured, and has grown since the measurement began. */
        OUTDATED,
        /** There was not enough memory; it is measured again when something changes. */
        TOO_LITTLE
    }

    /** Waits until there is room. */
    record MakingRoom(List<QueuedRequest> requests, Optional<FailedLoad> failed, Measurement measurement)
            implements Awaited {
        /** Refuses null and copies the list. */
        public MakingRoom {
            requests = List.copyOf(requests);
            requireNonNull(failed, "failed is null");
            requireNonNull(measurement, "measurement is null");
        }

        @Override
        public MakingRoom with(List<QueuedRequest> newRequests) {
            return new MakingRoom(newRequests, failed, measurement);
        }

        MakingRoom with(Measurement newMeasurement) {
            return new MakingRoom(requests, failed, newMeasurement);
        }
    }

    /** Is being loaded for those who wait. */
    record Loading(List<QueuedRequest> requests, LoadPlan planned, StallWatch watch) implements Awaited, InLoader {
        /** Refuses null and copies the list. */
        public Loading {
            requests = List.copyOf(requests);
            requireNonNull(planned, "planned is null");
            requireNonNull(watch, "watch is null");
        }

        @Override
        public Loading with(List<QueuedRequest> newRequests) {
            return new Loading(newRequests, planned, watch);
        }

        @Override
        public Loading with(StallWatch newWatch) {
            return new Loading(requests, planned, newWatch);
        }
    }

    /** Is still being loaded, but nobody waits for it any more: it was asked to stop. */
    record Cancelling(LoadPlan planned, StallWatch watch) implements InLoader {
        /** Refuses null. */
        public Cancelling {
            requireNonNull(planned, "planned is null");
            requireNonNull(watch, "watch is null");
        }

        @Override
        public Cancelling with(StallWatch newWatch) {
            return new Cancelling(planned, newWatch);
        }
    }

    /** Nobody uses it: it goes at that moment, {@link SchedulerState#NEVER} for not at all. */
    record Idle(LoadedEngine loaded, long expiresAt) implements InMemory {
        /** Refuses null. */
        public Idle {
            requireNonNull(loaded, "loaded is null");
        }
    }

    /** Has open leases and gives more. */
    record InUse(LoadedEngine loaded, int leases) implements InMemory {
        /** Refuses null. */
        public InUse {
            requireNonNull(loaded, "loaded is null");
        }
    }

    /** Why a model gives no more leases. */
    enum Reason {
        /** A load needs its memory; it gives leases again if that load ends without it. */
        EVICTED,
        /** Its engine is broken. */
        RETIRED,
        /** The server stops. */
        STOPPING
    }

    /** Has open leases, gives no more, and is unloaded when the last one is closed. */
    record Draining(LoadedEngine loaded, int leases, Reason reason) implements InMemory {
        /** Refuses null. */
        public Draining {
            requireNonNull(loaded, "loaded is null");
            requireNonNull(reason, "reason is null");
        }
    }

    /** Its engine is being closed; with open leases only where the server did not wait for them any longer. */
    record Unloading(int leases) implements SlotState {}

    /** Its engine is closed, but not the leases that outlasted it. */
    record Unloaded(int leases) implements SlotState {}
}
