// SPDX-License-Identifier: Apache-2.0
package dev.puna.parsing;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Function;
import java.util.function.Supplier;

/** Feeds a text to parsers in all ways to cut it in three, character by character, and in random pieces. */
final class EverySplit {

    /** A parser as these tests see it. */
    interface Parser {
        List<ResponsePart> add(String piece);

        List<ResponsePart> end();
    }

    /** The parts of an answer put together, each kind on its own. */
    record Parsed(String thought, String content, List<String> calls) {}

    private EverySplit() {}

    /** What every way gives; fails if they differ. */
    static Parsed of(String text, Supplier<Parser> parsers) {
        Function<List<String>, Parsed> parse = pieces -> parse(parsers.get(), pieces);
        var whole = parse.apply(List.of(text));
        assertThat(parse.apply(text.chars().mapToObj(Character::toString).toList()))
                .isEqualTo(whole);
        for (var first = 0; first <= text.length(); first++) {
            for (var second = first; second <= text.length(); second += 1 + text.length() / 40) {
                var pieces = List.of(text.substring(0, first), text.substring(first, second), text.substring(second));
                assertThat(parse.apply(pieces)).as("%s", pieces).isEqualTo(whole);
            }
        }
        for (var seed = 0; seed < 50; seed++) {
            var pieces = randomPieces(text, seed);
            assertThat(parse.apply(pieces)).as("%s", pieces).isEqualTo(whole);
        }
        return whole;
    }

    private static Parsed parse(Parser parser, List<String> pieces) {
        var parts = new ArrayList<ResponsePart>();
        pieces.forEach(piece -> parts.addAll(parser.add(piece)));
        parts.addAll(parser.end());
        assertThat(parser.end()).as("after the end").isEmpty();
        var thought = new StringBuilder();
        var content = new StringBuilder();
        var calls = new ArrayList<String>();
        for (var part : parts) {
            switch (part) {
                case ResponsePart.Thought(var piece) -> thought.append(piece);
                case ResponsePart.Content(var piece) -> content.append(piece);
                case ResponsePart.Call(var call) ->
                    calls.add(call.index() + " " + call.name() + " " + call.arguments());
            }
        }
        return new Parsed(thought.toString(), content.toString(), calls);
    }

    private static List<String> randomPieces(String text, long seed) {
        var random = new Random(seed);
        var pieces = new ArrayList<String>();
        for (var from = 0; from < text.length(); ) {
            var to = Math.min(text.length(), from + 1 + random.nextInt(9));
            pieces.add(text.substring(from, to));
            from = to;
        }
        return pieces;
    }
}
