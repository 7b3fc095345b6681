// SPDX-License-Identifier: Apache-2.0
package dev.puna.schema;

import dev.puna.schema.pattern.CharSet;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** A grammar in llama.cpp's notation, read again, so that tests can ask it for texts and try texts on it without a model. */
final class GrammarText {
    private static final int DEEPEST = 30;

    private final Map<String, Node> rules = new LinkedHashMap<>();
    private final Map<String, Integer> heights = new HashMap<>();

    private sealed interface Node {}

    private record Chars(CharSet set) implements Node {}

    private record Name(String name) implements Node {}

    private record Sequence(List<Node> parts) implements Node {}

    private record Choice(List<Node> alternatives) implements Node {}

    private record Repeat(Node node, int least, int most) implements Node {}

    private record Place(Node node, int at) {}

    GrammarText(String text) {
        for (var line : text.split("\n")) {
            int sign = line.indexOf(" ::= ");
            rules.put(line.substring(0, sign), new Reader(line.substring(sign + 5)).choice());
        }
        for (boolean changed = true; changed; ) {
            changed = false;
            for (var rule : rules.entrySet()) {
                int height = height(rule.getValue());
                changed |= height < heights.getOrDefault(rule.getKey(), Integer.MAX_VALUE);
                heights.merge(rule.getKey(), height, Math::min);
            }
        }
        rules.values().forEach(this::refuseUnknown);
    }

    int size() {
        return rules.size();
    }

    private Node rule(Name name) {
        return java.util.Objects.requireNonNull(rules.get(name.name), name.name);
    }

    private void refuseUnknown(Node node) {
        switch (node) {
            case Chars chars -> {
                if (chars.set.isEmpty()) {
                    throw new IllegalStateException("an empty set");
                }
            }
            case Name name -> {
                if (!rules.containsKey(name.name)) {
                    throw new IllegalStateException("no rule " + name.name);
                }
            }
            case Sequence sequence -> sequence.parts.forEach(this::refuseUnknown);
            case Choice choice -> choice.alternatives.forEach(this::refuseUnknown);
            case Repeat repeat -> refuseUnknown(repeat.node);
        }
    }

    /** Whether the grammar lets the whole text through. */
    boolean accepts(String text) {
        var codePoints = text.codePoints().toArray();
        return ends(new Name("root"), 0, codePoints, new HashMap<>()).get(codePoints.length);
    }

    private BitSet ends(Node node, int at, int[] text, Map<Place, BitSet> known) {
        var place = new Place(node, at);
        var before = known.get(place);
        if (before != null) {
            return before;
        }
        var ends = new BitSet();
        switch (node) {
            case Chars chars -> {
                if (at < text.length && chars.set.contains(text[at])) {
                    ends.set(at + 1);
                }
            }
            case Name name -> ends.or(ends(rule(name), at, text, known));
            case Choice choice -> choice.alternatives.forEach(each -> ends.or(ends(each, at, text, known)));
            case Sequence sequence -> {
                var starts = new BitSet();
                starts.set(at);
                for (var part : sequence.parts) {
                    starts = after(part, starts, text, known);
                }
                ends.or(starts);
            }
            case Repeat repeat -> {
                var starts = new BitSet();
                starts.set(at);
                for (int i = 0; !starts.isEmpty() && (repeat.most < 0 || i <= repeat.most); i++) {
                    var fresh = (BitSet) starts.clone();
                    if (i >= repeat.least) {
                        fresh.andNot(ends);
                        ends.or(starts);
                    }
                    starts = after(repeat.node, fresh, text, known);
                }
            }
        }
        known.put(place, ends);
        return ends;
    }

    private BitSet after(Node node, BitSet starts, int[] text, Map<Place, BitSet> known) {
        var ends = new BitSet();
        starts.stream().forEach(start -> ends.or(ends(node, start, text, known)));
        return ends;
    }

    /** Some text that it lets through. */
    String sample(Random random) {
        var text = new StringBuilder();
        sample(new Name("root"), random, 0, text);
        return text.toString();
    }

    private void sample(Node node, Random random, int depth, StringBuilder text) {
        switch (node) {
            case Chars chars -> text.appendCodePoint(some(chars.set, random));
            case Name name -> sample(rule(name), random, depth + 1, text);
            case Sequence sequence -> sequence.parts.forEach(part -> sample(part, random, depth, text));
            case Choice choice -> sample(chosen(choice, random, depth), random, depth, text);
            case Repeat repeat -> {
                int more = depth > DEEPEST ? 0 : random.nextInt(3);
                int times = repeat.least + (repeat.most < 0 ? more : Math.min(more, repeat.most - repeat.least));
                for (int i = 0; i < times; i++) {
                    sample(repeat.node, random, depth + 1, text);
                }
            }
        }
    }

    private Node chosen(Choice choice, Random random, int depth) {
        if (depth <= DEEPEST) {
            return choice.alternatives.get(random.nextInt(choice.alternatives.size()));
        }
        return choice.alternatives.stream()
                .min((one, other) -> Integer.compare(height(one), height(other)))
                .orElseThrow();
    }

    private static int some(CharSet set, Random random) {
        var ascii = set.and(CharSet.of(' ', '~'));
        var from = ascii.isEmpty() || random.nextInt(8) == 0 ? set.without(CharSet.of(0xD800, 0xDFFF)) : ascii;
        var range = from.ranges().get(random.nextInt(from.ranges().size()));
        return random.nextInt(range.from(), range.to() + 1);
    }

    private int height(Node node) {
        return switch (node) {
            case Chars _ -> 0;
            case Name name -> {
                int height = heights.getOrDefault(name.name, Integer.MAX_VALUE);
                yield height == Integer.MAX_VALUE ? height : height + 1;
            }
            case Sequence sequence ->
                sequence.parts.stream().mapToInt(this::height).max().orElse(0);
            case Choice choice ->
                choice.alternatives.stream().mapToInt(this::height).min().orElse(0);
            case Repeat repeat -> repeat.least == 0 ? 0 : height(repeat.node);
        };
    }

    /** Reads the right side of one rule. */
    private static final class Reader {
        private final String text;
        private int at;

        Reader(String text) {
            this.text = text;
        }

        Node choice() {
            var alternatives = new ArrayList<Node>();
            do {
                at += alternatives.isEmpty() ? 0 : 1;
                alternatives.add(sequence());
            } while (at < text.length() && text.charAt(at) == '|');
            return alternatives.size() == 1 ? alternatives.getFirst() : new Choice(alternatives);
        }

        private Node sequence() {
            var parts = new ArrayList<Node>();
            blanks();
            while (at < text.length() && "|)".indexOf(text.charAt(at)) < 0) {
                parts.add(repeated(atom()));
                blanks();
            }
            return new Sequence(parts);
        }

        private void blanks() {
            while (at < text.length() && text.charAt(at) == ' ') {
                at++;
            }
        }

        private Node atom() {
            char first = text.charAt(at);
            if (first == '(') {
                at++;
                var inner = choice();
                at++;
                return inner;
            }
            if (first == '"') {
                at++;
                var parts = new ArrayList<Node>();
                while (text.charAt(at) != '"') {
                    parts.add(new Chars(CharSet.of(character())));
                }
                at++;
                return new Sequence(parts);
            }
            if (first == '[') {
                return set();
            }
            int start = at;
            while (at < text.length() && (Character.isLetterOrDigit(text.charAt(at)) || text.charAt(at) == '-')) {
                at++;
            }
            if (start == at) {
                throw new IllegalStateException("unexpected " + text.substring(at));
            }
            return new Name(text.substring(start, at));
        }

        private Node set() {
            at++;
            boolean negated = text.charAt(at) == '^';
            at += negated ? 1 : 0;
            var set = CharSet.NONE;
            while (text.charAt(at) != ']') {
                int from = character();
                int to = from;
                if (text.charAt(at) == '-' && text.charAt(at + 1) != ']') {
                    at++;
                    to = character();
                }
                set = set.or(CharSet.of(from, to));
            }
            at++;
            return new Chars(negated ? set.not() : set);
        }

        private int character() {
            int c = text.codePointAt(at);
            at += Character.charCount(c);
            if (c != '\\') {
                return c;
            }
            char kind = text.charAt(at++);
            int digits = kind == 'x' ? 2 : kind == 'u' ? 4 : kind == 'U' ? 8 : 0;
            if (digits == 0) {
                return switch (kind) {
                    case 'n' -> '\n';
                    case 't' -> '\t';
                    case 'r' -> '\r';
                    case '\\', '"', '[', ']', '-' -> kind;
                    default -> throw new IllegalStateException("unknown escape in " + text);
                };
            }
            at += digits;
            return Integer.parseInt(text.substring(at - digits, at), 16);
        }

        private Node repeated(Node node) {
            if (at >= text.length()) {
                return node;
            }
            return switch (text.charAt(at)) {
                case '*' -> counted(node, 0, -1, 1);
                case '+' -> counted(node, 1, -1, 1);
                case '?' -> counted(node, 0, 1, 1);
                case '{' -> {
                    int end = text.indexOf('}', at);
                    var counts = text.substring(at + 1, end).split(",", -1);
                    int least = Integer.parseInt(counts[0]);
                    int most = counts.length == 1 ? least : counts[1].isEmpty() ? -1 : Integer.parseInt(counts[1]);
                    if (most > 2000 || (most >= 0 && most < least)) {
                        throw new IllegalStateException("llama.cpp does not count so: " + text);
                    }
                    yield counted(node, least, most, end + 1 - at);
                }
                default -> node;
            };
        }

        private Node counted(Node node, int least, int most, int length) {
            at += length;
            return repeated(new Repeat(node, least, most));
        }
    }
}
