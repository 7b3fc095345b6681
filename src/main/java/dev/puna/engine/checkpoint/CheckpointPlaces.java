// SPDX-License-Identifier: Apache-2.0
package dev.puna.engine.checkpoint;

import dev.puna.engine.token.TokenList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collection;
import java.util.TreeSet;

/**
 * Where in a prompt checkpoints are of use: where messages end, which most templates mark with a token that also ends answers, and where
 * the prompt has parted from others. Immutable.
 */
public final class CheckpointPlaces {

    /** A prompt of no more tokens is read again in no time, and in one step if it has a seed. */
    static final int SHORTEST = 128;

    /** To read fewer tokens than this again is not worth a checkpoint. */
    static final int APART = 32;

    /** Of the ends of messages so many are taken, the last ones: a conversation comes turn by turn. */
    private static final int MESSAGES = 4;

    /** A prompt's end that is no end of a message may be written otherwise in the next prompt, by so many tokens. */
    private static final int LONGEST_CHANGE = 4;

    /** What a template puts behind the last message has no more tokens. */
    private static final int LONGEST_OPENING = 16;

    /** Within a long message there is a place after so many tokens. */
    private static final int LONGEST = 4096;

    private final BitSet ends = new BitSet();

    /**
     * @param ends tokens that end messages
     */
    public CheckpointPlaces(Collection<Integer> ends) {
        ends.forEach(this.ends::set);
    }

    /**
     * Chooses, in ascending order.
     *
     * @param held how many tokens of the prompt the cache holds already
     * @param last the last place before which there is a checkpoint of the same tokens; 0 for none
     * @param known other places that are worth one
     */
    public int[] in(TokenList prompt, int held, int last, int... known) {
        // The last token is always decoded again.
        var most = prompt.size() - 1;
        if (most < SHORTEST) {
            return new int[0];
        }
        var places = new TreeSet<Integer>();
        var end = addMessages(places, prompt, held, most);
        if (end < most - LONGEST_OPENING) {
            places.add(most + 1 - LONGEST_CHANGE);
        }
        Arrays.stream(known).forEach(places::add);
        for (var place = held + LONGEST; place < most; place += LONGEST) {
            places.add(prompt.startOfImageAt(place));
        }
        var chosen = new int[places.size()];
        var count = 0;
        var before = last;
        for (var place : places) {
            if (place >= Math.max(held, before + APART) && place <= most) {
                chosen[count++] = place;
                before = place;
            }
        }
        return Arrays.copyOf(chosen, count);
    }

    /** Adds the ends of the last messages; returns the very last one's, 0 if there is none. */
    private int addMessages(Collection<Integer> places, TokenList prompt, int held, int most) {
        var last = 0;
        for (var place = most; place >= Math.max(held, 1) && places.size() < MESSAGES; place--) {
            var token = prompt.get(place - 1);
            if (token >= 0 && ends.get(token)) {
                places.add(place);
                last = Math.max(last, place);
            }
        }
        return last;
    }
}
