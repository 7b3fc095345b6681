// SPDX-License-Identifier: Apache-2.0
package dev.puna.conversion.tokenizer;

import static java.util.Objects.requireNonNull;

import dev.puna.conversion.source.Config;

/**
 * A token that is cut out of texts before anything else happens to them.
 *
 * @param content its text
 * @param id as the file has it; -1 where it is not said
 * @param singleWord whether it counts only where no word goes on before or after it
 * @param leftStrip whether it takes white space before it with it
 * @param rightStrip whether it takes white space behind it with it
 * @param normalized whether it is looked for in the normalised text, not in the raw one
 * @param special whether it is no text of a user
 */
record AddedToken(
        String content,
        int id,
        boolean singleWord,
        boolean leftStrip,
        boolean rightStrip,
        boolean normalized,
        boolean special) {
    /** Refuses null. */
    AddedToken {
        requireNonNull(content, "content is null");
    }

    /** A special token of which only the text is known. */
    static AddedToken special(String content) {
        return new AddedToken(content, -1, false, false, false, false, true);
    }

    /** A token as {@code tokenizer.json} and {@code tokenizer_config.json} write it. */
    static AddedToken of(Config token, int id) {
        var special = token.bool("special", false);
        return new AddedToken(
                token.text("content").orElseThrow(() -> token.wrong("a text", "content")),
                id,
                token.bool("single_word", false),
                token.bool("lstrip", false),
                token.bool("rstrip", false),
                token.bool("normalized", !special),
                special);
    }

    AddedToken asSpecial() {
        return new AddedToken(content, id, singleWord, leftStrip, rightStrip, normalized, true);
    }
}
