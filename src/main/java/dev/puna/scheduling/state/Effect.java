// SPDX-License-Identifier: Apache-2.0
package dev.puna.scheduling.state;

import dev.puna.engine.EngineSpec;
import dev.puna.failure.Failure;
import dev.puna.store.InstalledModel;

/**
 * What is to be done after a step, in its order, by one who may block and call others. Of each slot that is begun one effect
 * is the last: {@link Unload}, {@link Discard} or {@link Forget}.
 */
public sealed interface Effect permits Effect.OfSlot, Effect.OfRequest, Effect.TrimMemory, Notice {

    /** An effect on the model of a slot. */
    sealed interface OfSlot extends Effect {
        /** The number of the slot. */
        long slot();
    }

    /** Read what the model's files say, if that is not known, and measure the memory there is; ends with an event. */
    record Measure(long slot, InstalledModel model) implements OfSlot {}

    /** Load the model; ends with an event. */
    record Load(long slot, EngineSpec spec) implements OfSlot {}

    /** Ask the load to stop; it still ends with an event. */
    record CancelLoad(long slot) implements OfSlot {}

    /** Ask for the progress of the load; ends with an event. */
    record AskProgress(long slot) implements OfSlot {}

    /** Close the engine; ends with an event. */
    record Unload(long slot) implements OfSlot {}

    /** Close an engine that came when its load had been given up. */
    record Discard(long slot) implements OfSlot {}

    /** Let go of whatever there is of a slot that never had an engine. May come twice. */
    record Forget(long slot) implements OfSlot {}

    /** The end of a request. */
    sealed interface OfRequest extends Effect {
        /** The number of the request. */
        long request();
    }

    /** Hand over a lease of the slot's engine; it is open already. */
    record Grant(long request, long slot) implements OfRequest {}

    /** Fail the request. */
    record Refuse(long request, Failure failure) implements OfRequest {}

    /** Nothing is in memory any more: give back to the system what loading has left. */
    record TrimMemory() implements Effect {}
}
