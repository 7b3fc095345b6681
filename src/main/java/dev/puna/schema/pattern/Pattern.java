// SPDX-License-Identifier: Apache-2.0
package dev.puna.schema.pattern;

import java.util.ArrayList;
import java.util.List;
import java.util.function.LongConsumer;
import java.util.stream.Stream;

/** What a string must be like: the whole of it as a body says, and at its beginning what look-aheads say. <b>Threads:</b> any. */
public final class Pattern {
    private final Regex body;
    private final List<Regex> wanted;
    private final List<Regex> unwanted;

    /** Made when they are first needed; empty until then. */
    private volatile List<NondeterministicAutomaton> automata = List.of();

    private Pattern(Regex body, List<Regex> wanted, List<Regex> unwanted) {
        this.body = body;
        this.wanted = List.copyOf(wanted);
        this.unwanted = List.copyOf(unwanted);
    }

    static Pattern of(Regex body) {
        return new Pattern(body, List.of(), List.of());
    }

    public Regex body() {
        return body;
    }

    /** Languages that the string must be in as well. */
    public List<Regex> wanted() {
        return wanted;
    }

    /** Languages that the string must not be in. */
    public List<Regex> unwanted() {
        return unwanted;
    }

    public boolean isPlain() {
        return wanted.isEmpty() && unwanted.isEmpty();
    }

    /**
     * Whether a text is like that.
     *
     * @param work is told what it costs
     * @throws TooManyStates if the expression is too large to tell
     */
    public boolean matches(String text, LongConsumer work) {
        var all = automata;
        if (all.isEmpty()) {
            all = Stream.of(List.of(body), wanted, unwanted)
                    .flatMap(List::stream)
                    .map(NondeterministicAutomaton::new)
                    .toList();
            automata = all;
        }
        int firstUnwanted = 1 + wanted.size();
        for (int i = 0; i < all.size(); i++) {
            if (all.get(i).matches(text, work) != (i < firstUnwanted)) {
                return false;
            }
        }
        return true;
    }

    /**
     * An expression of ECMA-262 with the flag {@code u}, as JSON Schema means it: it may match anywhere unless it is anchored.
     * Not in it: back references, looking behind, looking ahead elsewhere than at the beginning, word boundaries, Unicode
     * properties, and anchors inside.
     */
    public static Pattern parse(String expression) throws PatternSyntax {
        var alternatives = new PatternReader(expression).read();
        var bodies = new ArrayList<Regex>();
        var wanted = new ArrayList<Regex>();
        var unwanted = new ArrayList<Regex>();
        for (var alternative : alternatives) {
            if (!alternative.looks().isEmpty() && (alternatives.size() > 1 || !alternative.begins())) {
                throw new PatternSyntax("it looks ahead elsewhere than at the beginning");
            }
            for (var look : alternative.looks()) {
                (look.negative() ? unwanted : wanted).add(look.language());
            }
            bodies.add(alternative.search());
        }
        return new Pattern(bodies.size() == 1 ? bodies.getFirst() : new Regex.Choice(bodies), wanted, unwanted);
    }
}
