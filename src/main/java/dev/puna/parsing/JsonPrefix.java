// SPDX-License-Identifier: Apache-2.0
package dev.puna.parsing;

/**
 * Tells character by character whether a text may still become one JSON value, an object or an array of objects. Numbers and words are
 * only looked at by their letters: whoever has the whole value parses it. Not thread-safe.
 */
final class JsonPrefix {
    /** Nesting of arguments that tools have; each level is one character here. */
    private static final int DEEPEST = 64;

    private static final String OF_WORDS = "+-.0123456789eEtrufalsn";

    private enum State {
        VALUE,
        FIRST_VALUE,
        FIRST_KEY,
        KEY,
        COLON,
        WORD,
        AFTER_VALUE,
        STRING,
        ESCAPE
    }

    /** What is told of the members of the outermost objects. */
    interface Members {
        /** Whether there may be a member of that name. */
        boolean key(String key);

        /** Whether the member may be that text. */
        boolean text(String key, String value);
    }

    private final Members members;
    private final StringBuilder open = new StringBuilder();
    private final StringBuilder text = new StringBuilder();
    private State state = State.VALUE;
    private boolean readsKey;
    private String key = "";

    JsonPrefix(Members members) {
        this.members = members;
    }

    /** Whether the value is whole. */
    boolean whole() {
        return state == State.AFTER_VALUE && open.isEmpty();
    }

    /** Takes the next character; false if no value goes on like this. Not to be called once it is whole. */
    boolean add(char c) {
        return switch (state) {
            case STRING -> inString(c);
            case ESCAPE -> {
                text.append(c);
                state = State.STRING;
                yield true;
            }
            case WORD -> OF_WORDS.indexOf(c) >= 0 || behindWord(c);
            case VALUE, FIRST_VALUE, FIRST_KEY, KEY, COLON, AFTER_VALUE -> isSpace(c) || notation(c);
        };
    }

    private boolean behindWord(char c) {
        state = State.AFTER_VALUE;
        return isSpace(c) || notation(c);
    }

    private boolean notation(char c) {
        return switch (state) {
            case VALUE -> value(c);
            case FIRST_VALUE -> c == ']' ? close('[') : value(c);
            case FIRST_KEY -> c == '}' ? close('{') : key(c);
            case KEY -> key(c);
            case COLON -> {
                state = State.VALUE;
                yield c == ':';
            }
            case AFTER_VALUE -> afterValue(c);
            case WORD, STRING, ESCAPE -> throw new IllegalStateException("no notation in " + state);
        };
    }

    private boolean value(char c) {
        var amongCalls = open.isEmpty() || (open.length() == 1 && open.charAt(0) == '[');
        if (c == '{' || c == '[') {
            var fits = open.length() < DEEPEST && (c == '{' || open.isEmpty() || !amongCalls);
            open.append(c);
            state = c == '{' ? State.FIRST_KEY : State.FIRST_VALUE;
            return fits;
        }
        if (c == '"') {
            begin(false);
        } else {
            state = State.WORD;
        }
        return !amongCalls && (c == '"' || OF_WORDS.indexOf(c) >= 0);
    }

    private boolean key(char c) {
        begin(true);
        return c == '"';
    }

    private void begin(boolean asKey) {
        readsKey = asKey;
        text.setLength(0);
        state = State.STRING;
    }

    private boolean inString(char c) {
        if (c == '\\') {
            text.append(c);
            state = State.ESCAPE;
            return true;
        }
        if (c != '"') {
            text.append(c);
            return c >= ' ';
        }
        // An array in the outermost object is no member of it, nor is an object.
        var outermost = open.length() == (open.charAt(0) == '[' ? 2 : 1);
        if (readsKey) {
            state = State.COLON;
            key = outermost ? text.toString() : key;
            return !outermost || members.key(key);
        }
        state = State.AFTER_VALUE;
        return !outermost || members.text(key, text.toString());
    }

    private boolean afterValue(char c) {
        var inside = open.isEmpty() ? ' ' : open.charAt(open.length() - 1);
        if (c == ',') {
            state = inside == '{' ? State.KEY : State.VALUE;
            return inside != ' ';
        }
        return (c == '}' && close('{')) || (c == ']' && close('['));
    }

    private boolean close(char bracket) {
        if (open.isEmpty() || open.charAt(open.length() - 1) != bracket) {
            return false;
        }
        open.setLength(open.length() - 1);
        state = State.AFTER_VALUE;
        return true;
    }

    private static boolean isSpace(char c) {
        return c == ' ' || c == '\n' || c == '\r' || c == '\t';
    }
}
