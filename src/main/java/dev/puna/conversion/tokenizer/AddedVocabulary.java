// SPDX-License-Identifier: Apache-2.0
package dev.puna.conversion.tokenizer;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/**
 * The added tokens of a tokeniser, which are cut out of a text before its model sees it: the longest at the leftmost place first.
 * The rules are those of Hugging Face's tokenizers, ids of tokens that the model lacks among them. <b>Threads:</b> one.
 */
final class AddedVocabulary {
    /** A part of a text: a token, or what lies between tokens. */
    record Part(String text, Optional<Integer> token) {}

    private final Pieces pieces;
    private final Map<String, Integer> ids = new LinkedHashMap<>();
    private final Map<Integer, AddedToken> tokens = new TreeMap<>();
    private int last = -1;

    AddedVocabulary(Pieces pieces) {
        this.pieces = pieces;
    }

    /** Adds a token; one that is there already changes. */
    void add(AddedToken token) {
        if (token.content().isEmpty()) {
            return;
        }
        var id = id(token.content()).orElseGet(() -> Math.max(last + 1, pieces.size()));
        ids.put(token.content(), id);
        tokens.put(id, token);
        last = Math.max(last, id);
    }

    /** The id of a token, be it an added one or one of the model. */
    Optional<Integer> id(String content) {
        var added = ids.get(content);
        if (added != null) {
            return Optional.of(added);
        }
        var id = pieces.id(content);
        return id < 0 ? Optional.empty() : Optional.of(id);
    }

    /** Whether a text is the text of an added token. */
    boolean has(String content) {
        return ids.containsKey(content);
    }

    /** The added token with an id. */
    Optional<AddedToken> token(int id) {
        return Optional.ofNullable(tokens.get(id));
    }

    /** Tokens by their ids, in the order of these. */
    Map<Integer, AddedToken> byId() {
        return tokens;
    }

    /** What cuts a raw text, normalises what is between tokens, and cuts that, with the tokens that there are now. */
    Function<String, List<Part>> cutter(UnaryOperator<String> normalization) {
        var raw = matcher(false, UnaryOperator.identity());
        var normal = matcher(true, normalization);
        return text -> {
            var parts = new ArrayList<Part>();
            for (var part : raw.cut(text)) {
                if (part.token().isPresent()) {
                    parts.add(part);
                } else {
                    parts.addAll(normal.cut(normalization.apply(part.text())));
                }
            }
            return parts;
        };
    }

    private Matcher matcher(boolean normalized, UnaryOperator<String> normalization) {
        var byText = new HashMap<String, AddedToken>();
        var lengths = new TreeMap<Integer, Boolean>();
        tokens.values().stream()
                .filter(token -> token.normalized() == normalized)
                .forEach(token -> {
                    var text = normalization.apply(token.content());
                    byText.put(text, token);
                    lengths.put(text.length(), true);
                });
        return new Matcher(
                byText,
                lengths.descendingKeySet().stream().mapToInt(length -> length).toArray());
    }

    private final class Matcher {
        private final Map<String, AddedToken> byText;
        private final int[] lengths;

        Matcher(Map<String, AddedToken> byText, int[] lengths) {
            this.byText = byText;
            this.lengths = lengths;
        }

        List<Part> cut(String text) {
            var parts = new ArrayList<Part>();
            var done = 0;
            for (var at = 0; at < text.length(); ) {
                var length = longest(text, at);
                if (length == 0) {
                    at++;
                    continue;
                }
                var token = byText.get(text.substring(at, at + length));
                var start = at;
                var end = at + length;
                at = end;
                if (token == null || (token.singleWord() && (wordEnds(text, start) || wordBegins(text, end)))) {
                    continue;
                }
                while (token.leftStrip() && start > done && Characters.isSpace(text.charAt(start - 1))) {
                    start--;
                }
                while (token.rightStrip() && end < text.length() && Characters.isSpace(text.charAt(end))) {
                    end++;
                }
                if (start > done) {
                    parts.add(new Part(text.substring(done, start), Optional.empty()));
                }
                parts.add(new Part(text.substring(start, end), id(token.content())));
                // what was taken with it is looked at again, as tokenizers does it
                done = end;
            }
            if (done < text.length()) {
                parts.add(new Part(text.substring(done), Optional.empty()));
            }
            return parts;
        }

        private int longest(String text, int at) {
            for (var length : lengths) {
                if (at + length <= text.length() && byText.containsKey(text.substring(at, at + length))) {
                    return length;
                }
            }
            return 0;
        }
    }

    private static boolean wordEnds(String text, int at) {
        return at > 0 && Characters.isWord(text.codePointBefore(at));
    }

    private static boolean wordBegins(String text, int at) {
        return at < text.length() && Characters.isWord(text.codePointAt(at));
    }
}
