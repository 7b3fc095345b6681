// SPDX-License-Identifier: Apache-2.0
package dev.puna.schema.gbnf;

import dev.puna.failure.InvalidRequest;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/** The rules of one grammar while they are written; two of the same text are one. */
public final class Rules {
    /** Whitespace between tokens, never more than 22 characters of it, so that nothing is led into blanks for ever. */
    static final String SPACE = "space";

    /** As many digits as identifiers and 128-bit integers have; a number without an end would be an answer without one. */
    public static final int MOST_DIGITS = 40;

    private static final int LARGEST_GRAMMAR = 8 << 20;
    private static final int CHUNK = 256;
    private static final int LONGEST_NAME = 24;

    private static final Map<String, String> SHARED = Map.ofEntries(
            Map.entry(SPACE, "| \" \" | \"\\n\"{1,2} [ \\t]{0,20}"),
            Map.entry("value", "object | array | string | number | boolean | null"),
            Map.entry(
                    "object",
                    "\"{\" space (string space \":\" space value (\",\" space string space \":\" space value)*)? space \"}\""),
            Map.entry("array", "\"[\" space (value (\",\" space value)*)? space \"]\""),
            Map.entry("string", "\"\\\"\" char* \"\\\"\""),
            // Both halves of a surrogate pair, or none.
            Map.entry(
                    "char",
                    "[^\"\\\\\\x7F\\x00-\\x1F] | [\\\\] ([\"\\\\/bfnrt] | \"u\" (bmp | [dD] [89abAB] hex hex \"\\\\u\" [dD] [c-fC-F] hex hex))"),
            Map.entry("bmp", "[0-9a-cA-CefEF] hex hex hex | [dD] [0-7] hex hex"),
            Map.entry("hex", "[0-9a-fA-F]"),
            Map.entry(
                    "number",
                    "integer (\".\" [0-9]{1," + MOST_DIGITS + "})? ([eE] [-+]? ([0-9]{1,2} | [1] [0-9]{2}))?"),
            Map.entry("integer", "\"-\"? ([0] | [1-9] [0-9]{0," + (MOST_DIGITS - 1) + "})"),
            Map.entry("boolean", "\"true\" | \"false\""),
            Map.entry("null", "\"null\""));

    private static final Map<String, String[]> NEEDED = Map.of(
            "value", new String[] {"object", "array", "string", "number", "boolean", "null"},
            "object", new String[] {"string", "value", SPACE},
            "array", new String[] {"value", SPACE},
            "string", new String[] {"char"},
            "char", new String[] {"bmp", "hex"},
            "number", new String[] {"integer"});

    private final String prefix;
    private final Map<String, String> bodies = new LinkedHashMap<>();
    private final Map<String, String> names = new HashMap<>();
    private long size;

    /** @param prefix of the names of all rules */
    public Rules(String prefix) {
        this.prefix = prefix;
    }

    /** One of the rules that every schema may use: {@code value}, {@code object}, {@code string}, … */
    public String shared(String name) {
        var own = prefix + name;
        if (!bodies.containsKey(own)) {
            put(own, prefixed(SHARED.getOrDefault(name, "")));
            for (var needed : NEEDED.getOrDefault(name, new String[0])) {
                shared(needed);
            }
        }
        return own;
    }

    private String prefixed(String body) {
        // Names of rules are lower-case words outside of literals and sets.
        return prefix.isEmpty()
                ? body
                : java.util.regex.Pattern.compile(
                                "\"(?:[^\"\\\\]|\\\\.)*+\"|\\[(?:[^\\]\\\\]|\\\\.)*+\\]|\\{[^}]*\\}|[a-z]+")
                        .matcher(body)
                        .replaceAll(match -> java.util.regex.Matcher.quoteReplacement(
                                Character.isLetter(match.group().charAt(0)) ? prefix + match.group() : match.group()));
    }

    public String space() {
        return shared(SPACE);
    }

    /** A rule of this text. */
    public String define(String hint, String body) {
        var known = names.get(body);
        if (known != null) {
            return known;
        }
        var name = reserve(hint);
        set(name, body);
        return name;
    }

    /** A name for a rule whose text is not known yet; it must be {@link #set}. */
    public String reserve(String hint) {
        var words = hint.replaceAll("[^a-zA-Z0-9]+", "-");
        var name = prefix + words.substring(0, Math.min(LONGEST_NAME, words.length())) + "-" + bodies.size();
        bodies.put(name, "");
        return name;
    }

    public void set(String name, String body) {
        put(name, body);
        names.putIfAbsent(body, name);
    }

    private void put(String name, String body) {
        size += name.length() + body.length();
        if (size > LARGEST_GRAMMAR) {
            throw new InvalidRequest("invalid JSON schema: its grammar would be larger than 8 MB");
        }
        bodies.put(name, body);
    }

    /**
     * The same several times. llama.cpp takes a maximum beyond 2000 for none and refuses such minimums, and copies what is
     * repeated: so many are written as chunks of chunks.
     *
     * @param most {@link dev.puna.schema.pattern.Regex#UNBOUNDED} for any number
     */
    public String repeat(String item, long least, long most) {
        if (most == 0) {
            return "";
        }
        if (least == 1 && most == 1) {
            return item;
        }
        // Possessive: a group that may be taken back is matched by recursion, as deep as the text is long.
        var atom = item.matches("[\\w-]+|\\[(?:[^\\]\\\\]|\\\\.)*+\\]") ? item : define("part", item);
        if (most < 0) {
            return switch ((int) Math.min(2, least)) {
                case 0 -> atom + "*";
                case 1 -> atom + "+";
                default -> exactly(atom, least) + " " + atom + "*";
            };
        }
        if (most <= CHUNK) {
            return least == 0 && most == 1
                    ? atom + "?"
                    : atom + (least == most ? "{" + least + "}" : "{" + least + "," + most + "}");
        }
        return (exactly(atom, least) + " " + atMost(atom, most - least)).strip();
    }

    private String exactly(String atom, long times) {
        if (times <= CHUNK) {
            return times == 0 ? "" : times == 1 ? atom : atom + "{" + times + "}";
        }
        var chunk = define("chunk", atom + "{" + CHUNK + "}");
        return (exactly(chunk, times / CHUNK) + " " + exactly(atom, times % CHUNK)).strip();
    }

    /** Any number of whole chunks up to the most, then a rest that fills up what is left. */
    private String atMost(String atom, long times) {
        if (times < 2L * CHUNK) {
            return times == 0 ? "" : times == 1 ? atom + "?" : atom + "{0," + times + "}";
        }
        long chunks = (times + 1) / CHUNK - 1;
        var chunk = define("chunk", atom + "{" + CHUNK + "}");
        return atMost(chunk, chunks) + " " + atom + "{0," + (times - chunks * CHUNK) + "}";
    }

    /** All rules, that of the root first. */
    public String text(String root) {
        return prefix + "root ::= " + root + "\n"
                + bodies.entrySet().stream()
                        .map(rule -> rule.getKey() + " ::= " + rule.getValue() + "\n")
                        .collect(Collectors.joining());
    }
}
