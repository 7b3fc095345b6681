// SPDX-License-Identifier: Apache-2.0
package dev.puna.parsing;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Tells character by character whether a text may still be nothing but calls: JSON, one value behind the other, with or without commas or
 * semicolons, fences and the tags of well-known families around them. Not thread-safe.
 */
final class CallNotation {
    private static final String FENCE = "```";
    private static final String FUNCTION = "<function=";

    /** What stands around calls; a fence may name its language. */
    private static final List<String> MARKS = List.of(
            FENCE,
            "<tool_call>",
            "</tool_call>",
            "<tool_calls>",
            "</tool_calls>",
            "<tools>",
            "</tools>",
            "<function_call>",
            "</function_call>",
            "</function>",
            "[TOOL_CALLS]",
            "<|python_tag|>",
            FUNCTION);

    private static final List<String> LANGUAGES =
            List.of("json", "JSON", "tool_call", "tool_calls", "tool_code", "xml");
    private static final int LONGEST_NAME = 256;

    private final Predicate<String> isTool;
    private final List<Value> values = new ArrayList<>();
    private final StringBuilder mark = new StringBuilder();
    private Optional<JsonPrefix> json = Optional.empty();
    private Reading reading = Reading.BETWEEN;
    private String function = "";
    private int at;
    private int start;
    private boolean comma;
    private boolean fenced;

    private enum Reading {
        /** Outside of JSON and marks. */
        BETWEEN,
        MARK,
        LANGUAGE,
        FUNCTION_NAME,
        JSON
    }

    /** A value of JSON in the text; {@code function} is the tool whose arguments it is, empty if it says so itself. */
    private record Value(String function, int start, int end) {}

    /** @param isTool whether there is a tool of that name */
    CallNotation(Predicate<String> isTool) {
        this.isTool = isTool;
    }

    /** Takes the next character; false if no calls go on like this. */
    boolean add(char c) {
        at++;
        return switch (reading) {
            case BETWEEN -> between(c);
            case MARK -> mark(c);
            case LANGUAGE -> language(c);
            case FUNCTION_NAME -> functionName(c);
            case JSON -> inJson(c);
        };
    }

    /** The calls, if all of the text is whole; else none. */
    List<WrittenCall> calls(CharSequence text) {
        if (reading != Reading.BETWEEN || !function.isEmpty() || comma) {
            return List.of();
        }
        var calls = new ArrayList<WrittenCall>();
        for (var value : values) {
            var written = text.subSequence(value.start(), value.end()).toString();
            var found = value.function().isEmpty()
                    ? WrittenCall.in(written)
                    : WrittenCall.of(value.function(), written).stream().toList();
            if (found.isEmpty()) {
                return List.of();
            }
            calls.addAll(found);
        }
        return calls;
    }

    private boolean between(char c) {
        if (Character.isWhitespace(c)) {
            return true;
        }
        if (c == ',' || c == ';') {
            var fits = !values.isEmpty() && !comma && function.isEmpty();
            comma = true;
            return fits;
        }
        mark.setLength(0);
        return c == '{' ? beginJson(c) : mark(c);
    }

    private boolean mark(char c) {
        if (mark.length() == 1 && mark.charAt(0) == '[' && c != 'T') {
            // No mark, but an array.
            return beginArray(c);
        }
        mark.append(c);
        var begun = mark.toString();
        if (!MARKS.contains(begun)) {
            reading = Reading.MARK;
            return MARKS.stream().anyMatch(each -> each.startsWith(begun));
        }
        if (begun.equals(FUNCTION)) {
            mark.setLength(0);
            reading = Reading.FUNCTION_NAME;
            return function.isEmpty();
        }
        fenced = begun.equals(FENCE) != fenced;
        reading = begun.equals(FENCE) && fenced ? Reading.LANGUAGE : Reading.BETWEEN;
        mark.setLength(0);
        return true;
    }

    private boolean language(char c) {
        if (Character.isLetter(c) || c == '_') {
            mark.append(c);
            return LANGUAGES.stream().anyMatch(each -> each.startsWith(mark.toString()));
        }
        var named = mark.toString();
        reading = Reading.BETWEEN;
        return (named.isEmpty() || LANGUAGES.contains(named)) && between(c);
    }

    private boolean functionName(char c) {
        if (c == '>') {
            function = mark.toString();
            reading = Reading.BETWEEN;
            return isTool.test(function);
        }
        mark.append(c);
        return mark.length() <= LONGEST_NAME;
    }

    private boolean beginArray(char c) {
        start = at - 2;
        return function.isEmpty() && begin() && inJson('[') && inJson(c);
    }

    private boolean beginJson(char c) {
        start = at - 1;
        return begin() && inJson(c);
    }

    private boolean begin() {
        json = Optional.of(new JsonPrefix(new Members()));
        reading = Reading.JSON;
        comma = false;
        return true;
    }

    private boolean inJson(char c) {
        var value = json.orElseThrow();
        if (!value.add(c)) {
            return false;
        }
        if (value.whole()) {
            values.add(new Value(function, start, at));
            function = "";
            json = Optional.empty();
            reading = Reading.BETWEEN;
        }
        return true;
    }

    /** Calls have certain members; arguments have any. */
    private final class Members implements JsonPrefix.Members {
        @Override
        public boolean key(String key) {
            return !function.isEmpty() || WrittenCall.mayHave(key);
        }

        @Override
        public boolean text(String key, String value) {
            return !function.isEmpty() || !key.equals("name") || isTool.test(value);
        }
    }
}
