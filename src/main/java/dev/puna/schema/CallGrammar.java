// SPDX-License-Identifier: Apache-2.0
package dev.puna.schema;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.puna.failure.InvalidRequest;
import dev.puna.schema.gbnf.Gbnf;
import dev.puna.schema.gbnf.Rules;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Map.Entry;

/** Grammars of answers that are calls of tools, in JSON: {@code {"name": …, "arguments": {…}}}. */
public final class CallGrammar {
    /** An array ends some time, however much the model likes to call. */
    private static final int MOST_CALLS = 32;

    private static final JsonNode OBJECT = JsonNodeFactory.instance.objectNode().put("type", "object");

    private CallGrammar() {}

    /**
     * The grammar, whose first rule is {@code root}. What it cannot hold of the parameters is let go.
     *
     * @param parameters their schemas by the names of the tools, at least one
     * @param parallel whether there may be several calls, in an array
     * @throws InvalidRequest naming the tool, if nothing satisfies its parameters or they are no schema
     */
    public static String of(Map<String, JsonNode> parameters, boolean parallel) {
        var rules = new Rules("");
        var space = rules.space();
        var choices = new ArrayList<String>();
        var arguments = new StringBuilder();
        for (var tool : parameters.entrySet()) {
            var own = arguments(tool, "tool-" + choices.size() + "-");
            arguments.append(own.rules());
            choices.add(Gbnf.literal(TextNode.valueOf(tool.getKey()).toString()) + " " + space + " \",\" " + space
                    + " \"\\\"arguments\\\"\" " + space + " \":\" " + space + " " + own.root());
        }
        var call = rules.define(
                "call",
                "\"{\" " + space + " \"\\\"name\\\"\" " + space + " \":\" " + space + " (" + String.join(" | ", choices)
                        + ") " + space + " \"}\"");
        var several = "\"[\" " + space + " " + call + " (" + space + " \",\" " + space + " " + call + "){0,"
                + (MOST_CALLS - 1) + "} " + space + " \"]\"";
        return rules.text(parallel ? call + " | " + several : call) + arguments;
    }

    private static SchemaGrammar arguments(Entry<String, JsonNode> tool, String prefix) {
        try {
            var said = tool.getValue().isObject() ? NullKeywords.without(tool.getValue()) : OBJECT;
            var context = new SchemaContext(new SchemaDocument(said, "#"), Strictness.LOOSENING);
            SchemaCheck.check(context);
            var rules = new Rules(prefix);
            var root = new ValueRules(context, rules).rule(List.of(said, OBJECT), "arguments");
            return new SchemaGrammar(prefix + "root", rules.text(root));
        } catch (InvalidRequest refused) {
            throw StandIns.refusal(tool.getKey(), refused);
        }
    }
}
