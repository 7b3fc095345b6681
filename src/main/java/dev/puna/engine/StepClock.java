// SPDX-License-Identifier: Apache-2.0
package dev.puna.engine;

/**
 * Which step of a model is under way in this process, for whoever watches that each comes to an end. Written by the one thread that
 * computes, read by any.
 */
public final class StepClock {
    private long begun;
    private volatile Step now = Step.NONE;

    /**
     * A native call that computes.
     *
     * @param number counts steps from 1; 0 if none is under way
     * @param longestSeconds that it may take by what such steps have taken before; 0 if only the processor time it uses tells whether it
     *     goes on
     */
    public record Step(long number, int longestSeconds) {
        /** None is under way. */
        public static final Step NONE = new Step(0, 0);

        public Step {
            if (number < 0 || longestSeconds < 0) {
                throw new IllegalArgumentException("step %d of %d s".formatted(number, longestSeconds));
            }
        }
    }

    /** The one under way. */
    public Step now() {
        return now;
    }

    /** One begins, which may take so long. */
    public synchronized void begin(int longestSeconds) {
        begun++;
        now = new Step(begun, longestSeconds);
    }

    /** It has ended, well or not. */
    public void end() {
        now = Step.NONE;
    }
}
