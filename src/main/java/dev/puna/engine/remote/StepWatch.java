// SPDX-License-Identifier: Apache-2.0
package dev.puna.engine.remote;

import dev.puna.engine.StepClock;

/**
 * Whether the step that a process has under way still goes on, at each beat in which the process has told of it. One thread at a time.
 */
final class StepWatch {
    /** Beats without work, a second each, after which a step that works on the processor is taken for hung. */
    static final int MOST_IDLE = 10;

    /**
     * Work within these that is some: hundredths of a second of processor time, or pages that were read from a disk. A process that
     * only answers that it is there stays below it.
     */
    static final int LEAST_WORK = 10;

    private final Runner runner;
    private long step;
    private int beats;
    private int idle;
    private long counted;

    /**
     * @param runner the process
     */
    StepWatch(Runner runner) {
        this.runner = runner;
    }

    /**
     * A beat has passed.
     *
     * @param now the step under way
     * @return why it is taken for hung; empty if it is not
     */
    String beat(StepClock.Step now) {
        if (now.number() == 0 || now.number() != step) {
            step = now.number();
            beats = 0;
            idle = 0;
            counted = now.number() == 0 ? 0 : runner.work();
            return "";
        }
        beats++;
        if (now.longestSeconds() > 0) {
            return beats < now.longestSeconds() ? "" : "it has computed at one step for " + beats + " s";
        }
        var done = runner.work();
        if (done < 0 || done - counted >= LEAST_WORK) {
            counted = done;
            idle = 0;
            return "";
        }
        idle++;
        if (idle < MOST_IDLE) {
            return "";
        }
        if (runner.isBusy()) {
            idle = 0;
            return "";
        }
        return "it has used no processor time for " + idle + " s, although it has a step to compute";
    }
}
