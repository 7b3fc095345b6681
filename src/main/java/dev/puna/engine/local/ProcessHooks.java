// SPDX-License-Identifier: Apache-2.0
package dev.puna.engine.local;

import static java.util.Objects.requireNonNull;

import dev.puna.engine.ComputeTurns;
import dev.puna.engine.StepClock;
import dev.puna.engine.prefix.PrefixKeeping;

/**
 * What engines share with the process they are in.
 *
 * @param cpu the turns of models that compute on the CPU
 * @param steps told of every step
 * @param afterStep run on the thread of a decode loop when a step has told its events, for whoever passes them on together;
 *     must return at once
 * @param prefixes what models keep on disk of prompts
 */
public record ProcessHooks(ComputeTurns cpu, StepClock steps, Runnable afterStep, PrefixKeeping prefixes) {
    /** For a process whose models take turns among themselves, and whose events are read where they are made. */
    public static final ProcessHooks ALONE =
            new ProcessHooks(new ComputeLock(), new StepClock(), () -> {}, PrefixKeeping.NONE);

    public ProcessHooks {
        requireNonNull(cpu, "cpu is null");
        requireNonNull(steps, "steps is null");
        requireNonNull(afterStep, "afterStep is null");
        requireNonNull(prefixes, "prefixes is null");
    }

    /** The same, but what models keep on disk of prompts. */
    public ProcessHooks keeping(PrefixKeeping kept) {
        return new ProcessHooks(cpu, steps, afterStep, kept);
    }

    /** The turns that a model takes: its own if it computes mostly on a GPU, and so waits for nobody. */
    ComputeTurns turns(boolean computesOnCpu) {
        return computesOnCpu ? cpu : new ComputeLock();
    }
}
