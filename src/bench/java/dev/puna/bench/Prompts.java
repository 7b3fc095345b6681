// SPDX-License-Identifier: Apache-2.0
package dev.puna.bench;

import java.util.Random;

/** Texts of a known length that no cache has seen, and that models do not end early. */
final class Prompts {

    private static final String[] WORDS =
            "river stone cloud yellow quickly garden winter letter morning table seven paper window forest silver"
                    .split(" ");

    private static final Random RANDOM = new Random(11);

    private Prompts() {}

    static String story() {
        return "Once upon a time, in a land of " + words(4) + ", there was";
    }

    /** About so many tokens for the vocabularies used here: one a word. */
    static String words(int count) {
        var text = new StringBuilder();
        for (var i = 0; i < count; i++) {
            text.append(i == 0 ? "" : " ").append(WORDS[RANDOM.nextInt(WORDS.length)]);
        }
        return text.toString();
    }
}
