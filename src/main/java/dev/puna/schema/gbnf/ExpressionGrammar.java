// SPDX-License-Identifier: Apache-2.0
package dev.puna.schema.gbnf;

import dev.puna.failure.InvalidRequest;
import dev.puna.schema.pattern.Automaton;
import dev.puna.schema.pattern.Pattern;
import dev.puna.schema.pattern.PatternSyntax;
import dev.puna.schema.pattern.TooManyStates;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongConsumer;

/** The grammar of a regular expression that a whole answer matches. */
public final class ExpressionGrammar {
    private static final int LONGEST = 16 << 10;

    /** Characters of the shortest answer: more is not written in any context. */
    private static final int SHORTEST_ANSWER = 100_000;

    /** An expression that may be at more positions at once costs llama.cpp more than an automaton's rules, which are at one. */
    private static final int FEW_POSITIONS = 64;

    private static final int MOST_WORK = 1_000_000;

    private ExpressionGrammar() {}

    /**
     * The grammar, whose first rule is {@code root}.
     *
     * @param expression of ECMA-262, as {@link Pattern#parse} knows it; that it begins with {@code ^} and ends with {@code $} goes
     *     without saying
     * @throws InvalidRequest if it is none, or none that can be held
     */
    public static String of(String expression) {
        if (expression.length() > LONGEST) {
            throw refusal("it has more than %d characters".formatted(LONGEST));
        }
        try {
            return of(Pattern.parse("^(?:" + withoutAnchors(expression) + ")$"));
        } catch (PatternSyntax e) {
            throw refusal(e.reason());
        }
    }

    private static String of(Pattern pattern) {
        var body = pattern.body();
        if (body.shortest() > SHORTEST_ANSWER) {
            throw refusal("what it matches has more than %d characters".formatted(SHORTEST_ANSWER));
        }
        var rules = new Rules("");
        var written = new RegexRules(rules, Gbnf::chars);
        var writable = pattern.isPlain() && !body.loopsOnNothing();
        if (writable && body.positionsAtOnce() <= FEW_POSITIONS) {
            return rules.text(written.grouped(body));
        }
        try {
            return rules.text(written.states(automaton(pattern)));
        } catch (TooManyStates e) {
            if (!writable) {
                throw refusal("it is too large");
            }
            return rules.text(written.grouped(body));
        }
    }

    private static Automaton automaton(Pattern pattern) {
        var done = new AtomicLong();
        LongConsumer work = more -> {
            if (done.addAndGet(more) > MOST_WORK) {
                throw new TooManyStates();
            }
        };
        var all = Automaton.of(pattern.body(), work);
        for (var wanted : pattern.wanted()) {
            all = all.and(Automaton.of(wanted, work), work);
        }
        for (var unwanted : pattern.unwanted()) {
            all = all.and(Automaton.of(unwanted, work).not(), work);
        }
        if (all.isEmpty()) {
            throw refusal("nothing matches it");
        }
        return all;
    }

    private static String withoutAnchors(String expression) {
        var from = expression.startsWith("^") ? 1 : 0;
        var to = expression.length();
        if (to > from && expression.endsWith("$") && !isEscaped(expression, to - 1)) {
            to--;
        }
        return expression.substring(from, to);
    }

    private static boolean isEscaped(String expression, int at) {
        var backslashes = 0;
        while (at > backslashes && expression.charAt(at - 1 - backslashes) == '\\') {
            backslashes++;
        }
        return backslashes % 2 == 1;
    }

    private static InvalidRequest refusal(String reason) {
        return new InvalidRequest("the regular expression cannot be used: " + reason, "pattern");
    }
}
