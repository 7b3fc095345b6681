// SPDX-License-Identifier: Apache-2.0
package dev.puna.schema;

import com.fasterxml.jackson.databind.JsonNode;
import dev.puna.failure.InvalidRequest;
import dev.puna.schema.pattern.Pattern;
import dev.puna.schema.pattern.PatternSyntax;
import dev.puna.schema.pattern.TooManyStates;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** What all parts of one translation share: the document, what becomes of what cannot be held, and why something is empty. */
final class SchemaContext {
    /** Ways through alternatives that are followed, and states of automata, in one schema: seconds of work. */
    private static final long MOST_WORK = 250_000;

    /** The same of automata that turned out to be too large where the schema can do without: what comes then is not tried. */
    private static final long MOST_IN_VAIN = MOST_WORK;

    private static final int MOST_SHOWN = 200;

    /** Characters of a string or elements of a list that an answer could have in the largest contexts there are. */
    private static final long MOST_REACHED = 1_000_000;

    private final SchemaDocument document;
    private final Strictness strictness;
    private final long mostWork;
    private final Map<String, Pattern> patterns = new HashMap<>();
    private String contradiction = "";
    private long work;
    private long workInVain;

    SchemaContext(SchemaDocument document, Strictness strictness) {
        this(document, strictness, MOST_WORK);
    }

    SchemaContext(SchemaDocument document, Strictness strictness, long mostWork) {
        this.document = document;
        this.strictness = strictness;
        this.mostWork = mostWork;
    }

    SchemaDocument document() {
        return document;
    }

    boolean loose() {
        return strictness == Strictness.LOOSENING;
    }

    /** The expression of a keyword; empty if it cannot be held and is let go. */
    Optional<Pattern> pattern(JsonNode node, String keyword, String expression) {
        var known = patterns.get(expression);
        if (known != null) {
            return Optional.of(known);
        }
        try {
            var pattern = Pattern.parse(expression);
            patterns.put(expression, pattern);
            return Optional.of(pattern);
        } catch (PatternSyntax e) {
            if (e.isContradiction()) {
                throw refusal(node, "\"" + keyword + "\" " + shown(expression) + ": " + e.reason());
            }
            unsupported(node, keyword, " with the expression " + shown(expression) + ": " + e.reason());
            return Optional.empty();
        }
    }

    /** Whether a text that the schema names is like a pattern; one that is too large to tell is refused, or let go. */
    boolean matches(Pattern pattern, String text) {
        try {
            return pattern.matches(text, this::work);
        } catch (TooManyStates e) {
            if (loose()) {
                return true;
            }
            throw new InvalidRequest("invalid JSON schema: a \"pattern\" is too large to be compared with the text "
                    + quoted(text) + " that the schema names; repeat less in it, or leave one of the two out");
        }
    }

    private static String quoted(String text) {
        return "\"" + shown(text) + "\"";
    }

    /** Refuses a keyword that cannot be held, or lets it go. */
    void unsupported(JsonNode node, String keyword, String why) {
        if (!loose()) {
            throw new InvalidRequest("invalid JSON schema: the keyword \"" + keyword + "\" at " + document.place(node)
                    + " is not supported" + why);
        }
    }

    /** Counts steps of the translation, so that no schema can hold it up. */
    void work(long steps) {
        work += steps;
        if (work > mostWork) {
            throw new InvalidRequest("invalid JSON schema: its alternatives and patterns have too many combinations;"
                    + " combine fewer of them with \"allOf\", or beside each other");
        }
    }

    /** How much work may still turn out to have been in vain; none if this is negative. */
    long leftToTry() {
        return Math.min(MOST_IN_VAIN, mostWork) - workInVain;
    }

    /** Counts steps that the schema need not pay for, since nothing came of them. */
    void workInVain(long steps) {
        workInVain += steps;
    }

    /** Refuses a minimum so large that every answer would be cut off before it. */
    void refuseUnreachable(JsonNode node, String keyword, long least) {
        if (least > MOST_REACHED) {
            throw refusal(
                    node,
                    "\"" + keyword + "\" "
                            + (node.path(keyword).isValueNode()
                                    ? shown(node.get(keyword).asText())
                                    : least)
                            + " can never be reached: no answer is longer than " + MOST_REACHED);
        }
    }

    InvalidRequest refusal(JsonNode node, String reason) {
        return document.refusal(node, reason);
    }

    /** Remembers why no value can satisfy something, for the sentence that may come of it. */
    void contradiction(String reason) {
        contradiction = reason;
    }

    InvalidRequest nothing(JsonNode node) {
        return new InvalidRequest("invalid JSON schema: no value satisfies " + document.place(node)
                + (node.has("allOf") ? " with its \"allOf\"" : "")
                + (contradiction.isEmpty() ? "" : ": " + contradiction));
    }

    static String shown(String words) {
        return words.length() > MOST_SHOWN ? words.substring(0, MOST_SHOWN) + "…" : words;
    }
}
