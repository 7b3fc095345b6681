// SPDX-License-Identifier: Apache-2.0
package dev.puna.inference.parallel;

import java.util.function.LongConsumer;

/** What the answers of one request hold of the heap, told once, when all prompts have been made. Any thread. */
final class HeldMemory {
    private final int together;
    private final LongConsumer memory;
    private int missing;
    private long largest;

    /**
     * @param answers how many there will be
     * @param together how many there are at most at a time
     */
    HeldMemory(int answers, int together, LongConsumer memory) {
        this.missing = answers;
        this.together = Math.min(answers, together);
        this.memory = memory;
    }

    /** Another prompt has been made, whose answer holds so many bytes. */
    synchronized void add(long bytes) {
        largest = Math.max(largest, bytes);
        missing--;
        if (missing == 0) {
            memory.accept(together * largest);
        }
    }
}
