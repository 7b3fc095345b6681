// SPDX-License-Identifier: Apache-2.0
package dev.puna.schema;

import com.fasterxml.jackson.databind.JsonNode;
import dev.puna.schema.gbnf.Gbnf;
import dev.puna.schema.gbnf.RegexRules;
import dev.puna.schema.gbnf.Rules;
import dev.puna.schema.pattern.Automaton;
import dev.puna.schema.pattern.Regex;
import dev.puna.schema.pattern.TooManyStates;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;

/** Writes strings: of any length, between two, like expressions, and other than some. */
final class StringRules {
    /** What it costs to find out that an automaton is too large. */
    private static final int TOO_MANY = 10_000;

    /** An expression that may be at more positions at once costs llama.cpp more than an automaton's rules, which are at one. */
    private static final int FEW_POSITIONS = 64;

    /** Work after which such an expression is written as it is after all. */
    private static final int MOST_TRIED = 100_000;

    /** What it costs to make the states of an expression that is too large before the first step. */
    private static final int LEAST_TRIED = 1_000;

    private final SchemaContext context;
    private final Rules rules;
    private final RegexRules expressions;

    StringRules(SchemaContext context, Rules rules) {
        this.context = context;
        this.rules = rules;
        this.expressions = new RegexRules(rules, Gbnf::charsInJson);
    }

    /**
     * The string with its quotes; empty if there is none.
     *
     * @param place for what is refused
     */
    Optional<String> write(Branch branch, Collection<String> others, JsonNode place) {
        context.refuseUnreachable(place, "minLength", branch.shortest);
        branch.conditions.forEach(each -> context.refuseUnreachable(
                each.node(), each.keyword(), each.pattern().body().shortest()));
        var plain = branch.conditions.stream().allMatch(each -> each.pattern().isPlain());
        if (others.isEmpty() && branch.conditions.isEmpty()) {
            return Optional.of(anyString(branch));
        }
        if (others.isEmpty() && branch.conditions.size() == 1 && plain) {
            var body = fitted(branch.conditions.getFirst().pattern().body(), branch.shortest, branch.longest);
            if (body.isPresent() && !body.get().loopsOnNothing()) {
                var rule = body.get().positionsAtOnce() <= FEW_POSITIONS
                        ? expressions.grouped(body.get())
                        : deterministic(body.get()).orElseGet(() -> expressions.grouped(body.get()));
                return Optional.of(quoted(rule));
            }
        }
        try {
            return automaton(branch, others).map(StringRules::quoted);
        } catch (TooManyStates e) {
            context.work(TOO_MANY);
            return tooMany(branch);
        }
    }

    private static String quoted(String rule) {
        return "\"\\\"\" " + rule + " \"\\\"\"";
    }

    /** The rules of the expression's automaton; empty if that is too large, or as much as may be was tried in vain before. */
    private Optional<String> deterministic(Regex body) {
        var most = Math.min(MOST_TRIED, context.leftToTry());
        if (most <= 0) {
            return Optional.empty();
        }
        var done = new AtomicLong();
        Automaton automaton;
        try {
            automaton = Automaton.of(body, work -> {
                if (done.addAndGet(work) > most) {
                    throw new TooManyStates();
                }
            });
        } catch (TooManyStates e) {
            context.workInVain(Math.max(LEAST_TRIED, done.get()));
            return Optional.empty();
        }
        context.work(done.get());
        context.work(automaton.steps().size());
        return Optional.of(expressions.states(automaton));
    }

    private String anyString(Branch branch) {
        if (branch.shortest == 0 && branch.longest < 0) {
            return rules.shared("string");
        }
        return quoted(rules.repeat(rules.shared("char"), branch.shortest, branch.longest));
    }

    private Optional<String> tooMany(Branch branch) {
        for (var condition : branch.conditions) {
            context.unsupported(
                    condition.node(),
                    condition.keyword(),
                    " with the expression " + SchemaContext.shown(condition.words())
                            + " beside other conditions: together they are too large");
        }
        return Optional.of(anyString(branch));
    }

    /** The expression, if it gives lengths between the two alone, or can be made to by the count of its only repetition. */
    private static Optional<Regex> fitted(Regex body, long shortest, long longest) {
        if (fits(body, shortest, longest)) {
            return Optional.of(body);
        }
        var parts = body instanceof Regex.Sequence(var list) ? list : List.of(body);
        var open =
                parts.stream().filter(part -> part.shortest() != part.longest()).toList();
        if (open.size() != 1 || !(open.getFirst() instanceof Regex.Repeat(Regex.Chars of, var least, var most))) {
            return Optional.empty();
        }
        long rest = parts.stream()
                .filter(part -> part != open.getFirst())
                .mapToLong(Regex::shortest)
                .sum();
        long low = Math.max(least, shortest - rest);
        long high = Branch.tighter(most, longest < 0 ? longest : Math.max(0, longest - rest));
        if ((high >= 0 && low > high) || (longest >= 0 && longest < rest)) {
            return Optional.empty();
        }
        var fitted = new ArrayList<Regex>();
        parts.forEach(part -> fitted.add(part == open.getFirst() ? new Regex.Repeat(of, low, high) : part));
        return Optional.of(new Regex.Sequence(fitted));
    }

    private static boolean fits(Regex body, long shortest, long longest) {
        return body.shortest() >= shortest && (longest < 0 || (body.longest() >= 0 && body.longest() <= longest));
    }

    private Optional<String> automaton(Branch branch, Collection<String> others) {
        Automaton all = null;
        for (var condition : branch.conditions) {
            var pattern = condition.pattern();
            var own = Automaton.of(pattern.body(), context::work);
            for (var wanted : pattern.wanted()) {
                own = own.and(Automaton.of(wanted, context::work), context::work);
            }
            for (var unwanted : pattern.unwanted()) {
                own = own.and(Automaton.of(unwanted, context::work).not(), context::work);
            }
            all = all == null ? own : all.and(own, context::work);
        }
        if (!others.isEmpty()) {
            var named = new Regex.Choice(others.stream().map(Regex::text).toList());
            var rest = Automaton.of(named, context::work).not();
            all = all == null ? rest : all.and(rest, context::work);
        }
        if (all != null && (branch.shortest > 0 || branch.longest >= 0)) {
            all = all.ofLength(branch.shortest, branch.longest);
        }
        if (all == null || all.isEmpty()) {
            context.contradiction("no string satisfies all of "
                    + branch.conditions.stream()
                            .map(each -> "\"" + each.keyword() + "\" " + SchemaContext.shown(each.words()))
                            .collect(Collectors.joining(" and ")));
            return Optional.empty();
        }
        context.work(all.steps().size());
        return Optional.of(expressions.states(all));
    }

    /** What a list of values that are not allowed says of strings. */
    static List<String> texts(List<JsonNode> excluded) {
        return excluded.stream()
                .filter(JsonNode::isTextual)
                .map(JsonNode::asText)
                .toList();
    }
}
