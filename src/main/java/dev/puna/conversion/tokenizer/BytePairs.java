// SPDX-License-Identifier: Apache-2.0
package dev.puna.conversion.tokenizer;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.function.IntConsumer;

/** Byte pair encoding: a word is its characters first, then the neighbours whose merge is the oldest become one, again and again. */
final class BytePairs implements Subwords {
    private final Pieces pieces;
    private final MergeRanks merges;
    private final String prefix;
    private final String suffix;
    private final boolean bytesInstead;
    private final boolean unknownsJoin;
    private final boolean wholeWordsFirst;
    private final int unknown;

    BytePairs(TokenizerJson file) {
        var model = file.model();
        pieces = file.pieces();
        merges = new MergeRanks(file);
        prefix = model.text("continuing_subword_prefix").orElse("");
        suffix = model.text("end_of_word_suffix").orElse("");
        bytesInstead = model.bool("byte_fallback", false);
        unknownsJoin = model.bool("fuse_unk", false);
        wholeWordsFirst = model.bool("ignore_merges", false);
        unknown = model.text("unk_token").map(pieces::id).orElse(-1);
    }

    @Override
    public void tokens(String word, IntConsumer ids) {
        var whole = wholeWordsFirst ? pieces.id(word) : -1;
        if (whole >= 0) {
            ids.accept(whole);
            return;
        }
        var tokens = new int[4 * word.length()];
        var count = characters(word, tokens);
        while (true) {
            var best = -1;
            var at = -1;
            for (var pair = 0; pair + 1 < count; pair++) {
                var rank = merges.rank(tokens[pair], tokens[pair + 1]);
                if (rank >= 0 && (at < 0 || rank < best)) {
                    best = rank;
                    at = pair;
                }
            }
            if (at < 0) {
                break;
            }
            tokens[at] = merges.merged(best);
            System.arraycopy(tokens, at + 2, tokens, at + 1, count - at - 2);
            count--;
        }
        for (var at = 0; at < count; at++) {
            ids.accept(tokens[at]);
        }
    }

    private int characters(String word, int[] tokens) {
        var count = 0;
        var unknownBefore = false;
        for (var at = 0; at < word.length(); ) {
            var end = word.offsetByCodePoints(at, 1);
            var character = word.substring(at, end);
            var piece = (at > 0 ? prefix : "") + character + (end == word.length() ? suffix : "");
            at = end;
            var id = pieces.id(piece);
            if (id >= 0) {
                tokens[count++] = id;
                unknownBefore = false;
                continue;
            }
            var bytes = bytesInstead ? bytes(character, tokens, count) : 0;
            count += bytes;
            if (bytes == 0 && unknown >= 0 && !(unknownBefore && unknownsJoin)) {
                tokens[count++] = unknown;
                unknownBefore = true;
            }
        }
        return count;
    }

    /** The tokens of a character's bytes; none where the vocabulary lacks one of them. */
    private int bytes(String character, int[] tokens, int count) {
        var bytes = character.getBytes(StandardCharsets.UTF_8);
        for (var at = 0; at < bytes.length; at++) {
            var id = pieces.id("<0x" + HexFormat.of().withUpperCase().toHexDigits(bytes[at]) + ">");
            if (id < 0) {
                return 0;
            }
            tokens[count + at] = id;
        }
        return bytes.length;
    }
}
