// SPDX-License-Identifier: Apache-2.0
package dev.puna.schema.pattern;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads one regular expression. */
final class PatternReader {
    private static final int DEEPEST = 100;
    private static final long MOST_TIMES = 1_000_000;
    private static final String NOTHING_TO_REPEAT = "there is nothing to repeat before a quantifier";

    private final int[] text;
    private int at;
    private int depth;
    /** Whether what matches here is let through, not kept out. */
    private boolean wanted = true;

    /** One of the alternatives at the top, or in a look-ahead. */
    record Alternative(boolean begins, List<Look> looks, List<Regex> parts, boolean ends) {
        Alternative {
            looks = List.copyOf(looks);
            parts = List.copyOf(parts);
        }

        /** What strings it matches, found anywhere in them. */
        Regex search() {
            var whole = new ArrayList<Regex>();
            if (!begins) {
                whole.add(Regex.anything());
            }
            whole.addAll(parts);
            if (!ends) {
                whole.add(Regex.anything());
            }
            return whole.size() == 1 ? whole.getFirst() : new Regex.Sequence(whole);
        }
    }

    /** A look-ahead, as the language of strings that it accepts. */
    record Look(boolean negative, Regex language) {}

    PatternReader(String expression) {
        this.text = expression.codePoints().toArray();
    }

    List<Alternative> read() throws PatternSyntax {
        var alternatives = alternatives(false);
        if (at < text.length) {
            throw new PatternSyntax("a closing parenthesis opens nowhere");
        }
        return alternatives;
    }

    private List<Alternative> alternatives(boolean ahead) throws PatternSyntax {
        var alternatives = new ArrayList<Alternative>();
        do {
            if (!alternatives.isEmpty()) {
                at++;
            }
            alternatives.addAll(alternative(ahead));
        } while (peek() == '|');
        return alternatives;
    }

    /** Anchors in a group that is all there is belong to the alternatives in the group. */
    private List<Alternative> alternative(boolean ahead) throws PatternSyntax {
        boolean begins = ahead;
        boolean ends = false;
        var looks = new ArrayList<Look>();
        var parts = new ArrayList<Regex>();
        while (at < text.length && peek() != '|' && peek() != ')') {
            if (ends) {
                throw new PatternSyntax("an anchor stands inside");
            }
            if (take('^')) {
                if (!parts.isEmpty()) {
                    throw new PatternSyntax("an anchor stands inside");
                }
                begins = true;
            } else if (take('$')) {
                ends = true;
            } else if (takeAll("(?=") || takeAll("(?!")) {
                if (!parts.isEmpty()) {
                    throw new PatternSyntax("it looks ahead elsewhere than at the beginning");
                }
                looks.add(look(text[at - 1] == '!'));
            } else {
                int start = at;
                var inner = parts.isEmpty() && looks.isEmpty() && !ahead ? wholeGroup() : null;
                if (inner != null) {
                    return anchored(inner, begins);
                }
                at = start;
                parts.add(quantified(atom()));
            }
        }
        return List.of(new Alternative(begins, looks, parts, ends));
    }

    /** The alternatives of a group that reaches from here to the end, or to an anchor at the end; null if there is none. */
    private @Nullable List<Alternative> wholeGroup() throws PatternSyntax {
        if (!takeAll("(?:") && (peek() != '(' || startsWith("(?") || !take('('))) {
            return null;
        }
        int open = 1;
        int close = at;
        boolean inClass = false;
        while (close < text.length) {
            int c = text[close];
            if (c == '\\') {
                close++;
            } else if (inClass) {
                inClass = c != ']';
            } else if (c == '[') {
                inClass = true;
            } else if (c == '(') {
                open++;
            } else if (c == ')' && --open == 0) {
                break;
            }
            close++;
        }
        int after = close + 1;
        boolean toTheEnd = after >= text.length || (after == text.length - 1 && text[after] == '$');
        if (depth > 0 || !toTheEnd) {
            return null;
        }
        depth++;
        var inner = alternatives(false);
        depth--;
        if (!take(')')) {
            throw new PatternSyntax("a parenthesis is not closed");
        }
        return inner;
    }

    private List<Alternative> anchored(List<Alternative> inner, boolean begins) {
        boolean ends = take('$');
        return inner.stream()
                .map(each -> new Alternative(begins || each.begins(), each.looks(), each.parts(), ends || each.ends()))
                .toList();
    }

    private Look look(boolean negative) throws PatternSyntax {
        enter();
        boolean before = wanted;
        wanted = before != negative;
        var languages = alternatives(true).stream().map(Alternative::search).toList();
        wanted = before;
        leave();
        return new Look(negative, languages.size() == 1 ? languages.getFirst() : new Regex.Choice(languages));
    }

    private void enter() throws PatternSyntax {
        if (++depth > DEEPEST) {
            throw new PatternSyntax("it is nested too deeply");
        }
    }

    private void leave() throws PatternSyntax {
        depth--;
        if (!take(')')) {
            throw new PatternSyntax("a parenthesis is not closed");
        }
    }

    private Regex atom() throws PatternSyntax {
        int c = text[at];
        switch (c) {
            case '(' -> {
                at++;
                if (peek() == '?') {
                    groupKind();
                }
                enter();
                var group = group();
                leave();
                return group;
            }
            case '[' -> {
                at++;
                return new Regex.Chars(new PatternClass(text, at, wanted).read(end -> at = end));
            }
            case '.' -> {
                at++;
                return new Regex.Chars((wanted ? CharSet.ALL_LINE_ENDS : CharSet.LINE_ENDS).not());
            }
            case '*', '+', '?' -> throw new PatternSyntax(NOTHING_TO_REPEAT);
            case '\\' -> {
                return new Regex.Chars(PatternClass.escape(text, at, false, !wanted, end -> at = end));
            }
            default -> {
                at++;
                return new Regex.Chars(CharSet.of(c));
            }
        }
    }

    private void groupKind() throws PatternSyntax {
        at++;
        if (take(':')) {
            return;
        }
        boolean behind = startsWith("<=") || startsWith("<!");
        if (take('<') && !behind) {
            while (at < text.length && text[at] != '>') {
                at++;
            }
            if (take('>')) {
                return;
            }
        }
        throw new PatternSyntax(
                behind
                        ? "it looks behind"
                        : "it looks ahead elsewhere than at the beginning, or has a group of another kind");
    }

    private Regex group() throws PatternSyntax {
        var choices = new ArrayList<Regex>();
        do {
            if (!choices.isEmpty()) {
                at++;
            }
            var parts = new ArrayList<Regex>();
            while (at < text.length && peek() != '|' && peek() != ')') {
                if (peek() == '^' || peek() == '$') {
                    throw new PatternSyntax("an anchor stands inside");
                }
                parts.add(quantified(atom()));
            }
            choices.add(parts.size() == 1 ? parts.getFirst() : new Regex.Sequence(parts));
        } while (peek() == '|');
        return choices.size() == 1 ? choices.getFirst() : new Regex.Choice(choices);
    }

    private Regex quantified(Regex atom) throws PatternSyntax {
        Regex result;
        if (take('*')) {
            result = new Regex.Repeat(atom, 0, Regex.UNBOUNDED);
        } else if (take('+')) {
            result = new Regex.Repeat(atom, 1, Regex.UNBOUNDED);
        } else if (take('?')) {
            result = new Regex.Repeat(atom, 0, 1);
        } else if (peek() == '{') {
            result = counted(atom);
        } else {
            return atom;
        }
        // A lazy quantifier matches the same strings.
        take('?');
        if (peek() == '*' || peek() == '+' || peek() == '?' || peek() == '{') {
            throw new PatternSyntax(NOTHING_TO_REPEAT);
        }
        return result;
    }

    private Regex counted(Regex atom) throws PatternSyntax {
        at++;
        long least = number();
        long most = least;
        if (take(',')) {
            most = peek() == '}' ? Regex.UNBOUNDED : number();
        }
        if (!take('}')) {
            throw new PatternSyntax("a brace is no count of repetitions");
        }
        if (most >= 0 && most < least) {
            throw PatternSyntax.contradiction(
                    "the repetition {" + least + "," + most + "} has a minimum above its maximum");
        }
        return new Regex.Repeat(atom, least, most);
    }

    private long number() throws PatternSyntax {
        int start = at;
        long number = 0;
        while (at < text.length && text[at] >= '0' && text[at] <= '9') {
            number = Math.min(MOST_TIMES + 1, number * 10 + text[at++] - '0');
        }
        if (at == start || number > MOST_TIMES) {
            throw new PatternSyntax(
                    at == start ? "a brace is no count of repetitions" : "it repeats more than a million times");
        }
        return number;
    }

    private int peek() {
        return at < text.length ? text[at] : -1;
    }

    private boolean startsWith(String literal) {
        for (int i = 0; i < literal.length(); i++) {
            if (at + i >= text.length || text[at + i] != literal.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    private boolean take(char literal) {
        return takeAll(Character.toString(literal));
    }

    private boolean takeAll(String literal) {
        boolean there = startsWith(literal);
        at += there ? literal.length() : 0;
        return there;
    }
}
