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

    /** A text of about 300 tokens, the same with one word changed, and its beginning for the third time. */
    static String begunAgain() {
        var place = words(1);
        var text = "The old house by the " + place
                + " had stood empty for many years. Nobody in the village knew who owned it, but"
                + " everybody had a story about it. Some said that a captain had built it for his daughter, who never came"
                + " back from the sea. Others said that a doctor had lived there with seven cats and a library of nine"
                + " thousand books. When the " + words(1)
                + " merchant bought it in the spring, he found neither cats nor"
                + " books. He found a piano without strings, forty jars of " + words(1) + " honey, and a map on which"
                + " somebody had marked three places with red ink. The first was the well behind the church. The second"
                + " was the bridge where the road turns north. The third was the house itself, and beside it stood in"
                + " small letters: begin here. So he took a lamp and a " + words(1)
                + " spade, and he began to dig under"
                + " the kitchen floor. On the second day his neighbours came to look, and on the third day they brought"
                + " spades of their own. By the end of the week they had dug a hole as deep as a man is tall, and at the"
                + " bottom of it there was a door made of " + words(1) + " wood.\n\n";
        return text + text.replace("merchant", "painter") + "The old house by the " + place + " had stood";
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
