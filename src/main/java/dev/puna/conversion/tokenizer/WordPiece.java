// SPDX-License-Identifier: Apache-2.0
package dev.puna.conversion.tokenizer;

import java.util.function.IntConsumer;

/** The model of BERT: the longest piece first, those inside a word with a mark before them. */
final class WordPiece implements Subwords {
    private static final long LONGEST_WORD = 100;

    private final Pieces pieces;
    private final String mark;
    private final int unknown;
    private final long longest;

    WordPiece(TokenizerJson file) {
        pieces = file.pieces();
        mark = file.model().text("continuing_subword_prefix").orElse("##");
        longest = file.model().whole("max_input_chars_per_word", LONGEST_WORD);
        unknown = pieces.id(file.model().text("unk_token").orElse("[UNK]"));
    }

    @Override
    public void tokens(String word, IntConsumer ids) {
        var found = new int[word.length()];
        var count = 0;
        if (word.codePointCount(0, word.length()) > longest) {
            ids.accept(unknown);
            return;
        }
        for (var start = 0; start < word.length(); ) {
            var end = word.length();
            var id = -1;
            while (end > start && id < 0) {
                var piece = word.substring(start, end);
                id = pieces.id(start == 0 ? piece : mark + piece);
                if (id < 0) {
                    end = word.offsetByCodePoints(end, -1);
                }
            }
            if (id < 0) {
                ids.accept(unknown);
                return;
            }
            found[count++] = id;
            start = end;
        }
        for (var at = 0; at < count; at++) {
            ids.accept(found[at]);
        }
    }
}
