// SPDX-License-Identifier: Apache-2.0
package dev.puna.engine;

import java.util.function.IntPredicate;

/** How many of a conversation's oldest turns have to go for the rest to fit: fewer turns never make more tokens. */
final class OldestTurns {
    private OldestTurns() {}

    /**
     * The fewest, from 1 on, with which the rest fits; all that may go if it fits with none.
     *
     * @param droppable how many may go
     * @param farTooLong whether most of them have to: then the search comes from the end, so that what it tries is not many times
     *     longer than what it finds
     * @param fits whether the rest fits without so many; asked a number of times that grows with the logarithm
     */
    static int fewest(int droppable, boolean farTooLong, IntPredicate fits) {
        var low = Math.min(1, droppable);
        var high = droppable;
        for (var kept = 1L; farTooLong && kept < droppable; kept *= 2) {
            var dropped = (int) (droppable - kept);
            if (!fits.test(dropped)) {
                low = dropped + 1;
                break;
            }
            high = dropped;
        }
        while (low < high) {
            var middle = (low + high) >>> 1;
            if (fits.test(middle)) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        return low;
    }
}
