// SPDX-License-Identifier: Apache-2.0
package dev.puna.schema.gbnf;

import dev.puna.schema.pattern.Automaton;
import dev.puna.schema.pattern.CharSet;
import dev.puna.schema.pattern.Regex;
import java.util.ArrayList;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Writes regular expressions and automata.
 *
 * @param rules get what needs a name
 * @param chars how one character of a set is written
 */
public record RegexRules(Rules rules, Function<CharSet, String> chars) {

    /** A rule for each state: a character, and what may follow it. */
    public String states(Automaton automaton) {
        var names = new ArrayList<String>();
        automaton.steps().forEach(_ -> names.add(rules.reserve("s")));
        for (int i = 0; i < names.size(); i++) {
            var choices = new ArrayList<String>();
            automaton.steps().get(i).forEach((to, on) -> choices.add(chars.apply(on) + " " + names.get(to)));
            if (automaton.accepting().get(i)) {
                choices.add("\"\"");
            }
            rules.set(names.get(i), String.join(" | ", choices));
        }
        return names.getFirst();
    }

    /** An expression that may stand beside others. */
    public String grouped(Regex regex) {
        var text = write(regex);
        return regex instanceof Regex.Choice ? "(" + text + ")" : text;
    }

    private String write(Regex regex) {
        return switch (regex) {
            case Regex.Chars(var set) -> chars.apply(set);
            case Regex.Sequence(var parts) ->
                parts.isEmpty() ? "\"\"" : parts.stream().map(this::grouped).collect(Collectors.joining(" "));
            case Regex.Choice(var alternatives) ->
                alternatives.stream().map(this::write).collect(Collectors.joining(" | "));
            case Regex.Repeat(var of, var least, var most) -> {
                var text = rules.repeat(grouped(of), least, most);
                yield text.isEmpty() ? "\"\"" : text;
            }
        };
    }
}
