// SPDX-License-Identifier: Apache-2.0
package dev.puna.scheduling;

import dev.puna.failure.InsufficientMemory;

/** What a load has to do before it may begin. */
sealed interface RoomDecision {

    /** Nothing: there is room. */
    record Fits(LoadPlan plan) implements RoomDecision {}

    /** Wait until this model is out of memory; it is to go as soon as nobody uses it. */
    record Evict(Resident victim) implements RoomDecision {}

    /** Wait for what is on its way out. */
    record Wait() implements RoomDecision {}

    /** Give up: even alone it would not fit. */
    record Impossible(InsufficientMemory failure) implements RoomDecision {}
}
