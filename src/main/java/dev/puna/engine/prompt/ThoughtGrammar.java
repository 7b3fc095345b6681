// SPDX-License-Identifier: Apache-2.0
package dev.puna.engine.prompt;

import dev.puna.parsing.ThinkingTags;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Grammars that let a thought pass before an answer in a given form.
 *
 * <p>In llama.cpp's notation "any text up to a tag" is a state machine: state {@code n} has seen the first {@code n} characters of
 * the tag, and each character leads to the state whose beginning of the tag the text ends with then.
 */
public final class ThoughtGrammar {

    /** Strings, character classes and comments, in which nothing is a rule's name, or the name of the first rule. */
    private static final Pattern ROOT = Pattern.compile(
            "\"(?:[^\"\\\\]|\\\\.)*+\"|\\[(?:[^\\]\\\\]|\\\\.)*+\\]|#[^\\n]*|(?<![\\w-])(root)(?![\\w-])");

    private static final String SPACE = "[ \\t\\r\\n]{0,8}";

    private ThoughtGrammar() {}

    /**
     * The rules of an answer, with those of a thought before it if the format knows any.
     *
     * @param thinking between which tags
     * @param inside whether the answer begins inside a thought
     */
    public static String before(String answer, Optional<ThinkingTags> thinking, boolean inside) {
        return thinking.map(tags -> first(tags, inside) + thought(tags.close()) + withRoot(answer, "answer-root"))
                .orElse(answer);
    }

    /**
     * The rules of an answer that is one of two.
     *
     * @param one rules beginning at {@code root}
     * @param other rules beginning at {@code otherRoot} whose names are not those of the first
     */
    public static String either(String one, String otherRoot, String other) {
        return "root ::= either-root | " + otherRoot + "\n" + withRoot(one, "either-root") + other;
    }

    private static String first(ThinkingTags tags, boolean inside) {
        var thought = "thought-0 " + SPACE;
        return "root ::= "
                + (inside ? thought : SPACE + " (" + literal(tags.open()) + " " + thought + ")?")
                + " answer-root\n";
    }

    private static String thought(String tag) {
        var rules = new StringBuilder();
        var letters = tag.codePoints().distinct().boxed().toList();
        var others = letters.stream().map(ThoughtGrammar::escaped).collect(Collectors.joining());
        for (var seen = 0; seen < tag.length(); seen += Character.charCount(tag.codePointAt(seen))) {
            rules.append("thought-%d ::= [^%s] thought-0".formatted(seen, others));
            for (var letter : letters) {
                var next = state(tag, tag.substring(0, seen) + Character.toString(letter));
                rules.append(" | [%s]".formatted(escaped(letter)));
                if (next < tag.length()) {
                    rules.append(" thought-").append(next);
                }
            }
            rules.append('\n');
        }
        return rules.toString();
    }

    /** Length of the longest beginning of the tag that the text ends with. */
    private static int state(String tag, String text) {
        var length = Math.min(tag.length(), text.length());
        while (!text.endsWith(tag.substring(0, length))) {
            length--;
        }
        return length;
    }

    private static String withRoot(String rules, String name) {
        return ROOT.matcher(rules)
                .replaceAll(match -> match.group(1) == null ? Matcher.quoteReplacement(match.group()) : name);
    }

    private static String literal(String text) {
        return text.codePoints().mapToObj(ThoughtGrammar::escaped).collect(Collectors.joining("", "\"", "\""));
    }

    private static String escaped(int codePoint) {
        return "\\U%08X".formatted(codePoint);
    }
}
