// SPDX-License-Identifier: Apache-2.0
package dev.puna.scheduling.state;

import dev.puna.failure.Failure;
import dev.puna.scheduling.plan.LoadPlan;

/** What a load has to do before it may begin. */
sealed interface Admission {

    /** Nothing: there is room. */
    record Fits(LoadPlan plan) implements Admission {}

    /** Wait until this slot is out of memory; it is to go as soon as nobody uses it. */
    record Evict(ModelSlot victim) implements Admission {}

    /** Wait for what is on its way out. */
    record Wait() implements Admission {}

    /** Give up: even alone it would not fit, or the request asks for what there is not. */
    record Impossible(Failure failure) implements Admission {}
}
