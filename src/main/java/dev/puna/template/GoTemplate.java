// SPDX-License-Identifier: Apache-2.0
package dev.puna.template;

import static java.util.Objects.requireNonNull;

import dev.puna.failure.InvalidRequest;
import dev.puna.go.GoText;
import dev.puna.template.syntax.Node.Sequence;
import dev.puna.template.syntax.Parser;
import dev.puna.template.value.Value;
import java.util.Map;

/**
 * A parsed template of Go's {@code text/template} with Ollama's functions and {@code missingkey=zero}.
 *
 * <p>Immutable; any thread may render with it. Source: contract 8, and the documentation of Go's {@code text/template}, with
 * which a differential test compares every release.
 */
public final class GoTemplate {
    /** Bytes of a template: far more than any model's. */
    private static final int LONGEST = 4 << 20;

    private final String source;
    private final Map<String, Sequence> trees;

    private GoTemplate(String source, Map<String, Sequence> trees) {
        this.source = source;
        this.trees = trees;
    }

    /**
     * Parses a template.
     *
     * @throws InvalidRequest if it is none, in Go's words: {@code template: :1: unclosed action}
     */
    public static GoTemplate parse(String text) {
        var source = GoText.bytes(requireNonNull(text, "text is null"));
        if (source.length() > LONGEST) {
            throw new InvalidRequest("template: longer than " + LONGEST + " bytes");
        }
        try {
            return new GoTemplate(source, Parser.parse(source, Functions.ALL.keySet()));
        } catch (InvalidRequest bad) {
            throw new InvalidRequest(GoText.text(bad.text()));
        }
    }

    /**
     * The text for a value.
     *
     * @throws InvalidRequest if the template fails on it, in Go's words, or uses more depth, text or time than it may
     */
    public String render(Value data) {
        var out = new StringBuilder();
        render(root(), data, new Budget(), out);
        return GoText.text(out.toString());
    }

    void render(Sequence root, Value data, Budget budget, StringBuilder out) {
        new Walk(source, trees, root, data, budget, out).run(root, data);
    }

    /** The tree of the template itself. */
    Sequence root() {
        return requireNonNull(trees.get(""), "a template has a tree");
    }

    /** All trees by name. */
    Map<String, Sequence> trees() {
        return trees;
    }
}
