// SPDX-License-Identifier: Apache-2.0
package dev.puna.conversion.tokenizer;

import dev.puna.conversion.source.Config;
import dev.puna.failure.Unsupported;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/** Regular expressions of {@code tokenizer.json}, which are written for Oniguruma with Ruby's syntax. */
final class Patterns {
    /** Classes know Unicode, {@code $} is the end of any line, and only line feeds end lines. */
    private static final int FLAGS = Pattern.UNICODE_CHARACTER_CLASS | Pattern.MULTILINE | Pattern.UNIX_LINES;

    private static final int MAX_LENGTH = 1 << 14;
    private static final int MAX_GROUPS = 200;

    private Patterns() {}

    static Pattern compile(String regex) {
        if (regex.length() > MAX_LENGTH
                || regex.chars()
                                .filter(letter -> letter == '(' || letter == '[')
                                .count()
                        > MAX_GROUPS) {
            throw new Unsupported("a tokenizer with a regular expression of " + regex.length() + " characters");
        }
        try {
            return Pattern.compile(withScripts(regex), FLAGS);
        } catch (PatternSyntaxException _) {
            throw new Unsupported("a tokenizer with the regular expression " + Quoted.of(regex));
        }
    }

    /** A text cut at the pattern that an object has: a text or a regular expression. */
    static Cut cut(String text, Config owner, Pattern regex) {
        var plain = owner.section("pattern").text("String");
        return plain.isPresent() ? Cut.at(text, plain.get()) : Cut.at(text, regex);
    }

    /** The regular expression that an object has, one that matches nothing where it has a plain text. */
    static Pattern of(Config owner) {
        var pattern = owner.section("pattern");
        return compile(
                pattern.text("String").isPresent()
                        ? "(?!)"
                        : pattern.text("Regex")
                                .orElseThrow(() -> owner.wrong("a text or a regular expression", "pattern")));
    }

    /** Ruby writes scripts as {@code \p{Han}}, Java as {@code \p{IsHan}}. */
    private static String withScripts(String regex) {
        var written = new StringBuilder();
        var done = 0;
        for (var at = regex.indexOf("p{"); at > 0; at = regex.indexOf("p{", at + 1)) {
            var end = regex.indexOf('}', at);
            var escaped = regex.charAt(at - 1) == '\\';
            if (escaped
                    && end - at > 4
                    && Character.isLetter(regex.charAt(at + 2))
                    && !regex.startsWith("Is", at + 2)) {
                written.append(regex, done, at + 2).append("Is");
                done = at + 2;
            }
        }
        return written.append(regex, done, regex.length()).toString();
    }
}
