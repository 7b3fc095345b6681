// SPDX-License-Identifier: Apache-2.0
package dev.puna.schema;

import java.util.ArrayList;
import java.util.List;

/**
 * What a string must be like: the whole of it as {@code body} says, and at its beginning what the look-aheads say.
 *
 * @param wanted languages that the string must be in as well
 * @param unwanted languages that it must not be in
 */
record Pattern(Regex body, List<Regex> wanted, List<Regex> unwanted) {
    Pattern {
        wanted = List.copyOf(wanted);
        unwanted = List.copyOf(unwanted);
    }

    static Pattern of(Regex body) {
        return new Pattern(body, List.of(), List.of());
    }

    boolean isPlain() {
        return wanted.isEmpty() && unwanted.isEmpty();
    }

    boolean matches(String text) {
        return Automaton.matches(body, text)
                && wanted.stream().allMatch(language -> Automaton.matches(language, text))
                && unwanted.stream().noneMatch(language -> Automaton.matches(language, text));
    }

    /**
     * An expression of ECMA-262 with the flag {@code u}, as JSON Schema means it: it may match anywhere unless it is anchored.
     * Not in it: back references, looking behind, looking ahead elsewhere than at the beginning, word boundaries, Unicode
     * properties, and anchors inside.
     */
    static Pattern parse(String expression) throws PatternSyntax {
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
