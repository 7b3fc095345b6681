// SPDX-License-Identifier: Apache-2.0
package dev.puna.schema;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.puna.failure.InvalidRequest;
import dev.puna.schema.gbnf.Gbnf;
import dev.puna.schema.gbnf.Rules;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Schemas that stand in for others where llama.cpp makes the grammar: that of a conversation with tools, or with thoughts before
 * the answer. It turns some schemas into wrong grammars. So it gets constants in the places of values, of which it knows no more
 * than their type, and {@link #complete} gives those places in its grammar to our rules. The shape of a tool's parameters stays,
 * for formats that write each parameter by itself. <b>Threads:</b> one, until all schemas are told; any then.
 */
public final class StandIns {
    private static final String DIGITS = "{0,15}";
    private static final String MORE_DIGITS = "{0," + (Rules.MOST_DIGITS - 1) + "}";

    private final Map<String, String> places = new LinkedHashMap<>();
    private final StringBuilder rules = new StringBuilder();
    private int tools;
    private boolean differs;

    /** Stands in for the schema of an answer. */
    public JsonNode answer(JsonNode schema) {
        var grammar = SchemaGrammar.of(schema, "puna-", "#", Strictness.REFUSING);
        rules.append(grammar.rules());
        return constant("\"puna answer\"", JsonNodeFactory.instance.textNode("puna answer"), grammar.root());
    }

    /**
     * Stands in for the parameters of a tool. What a grammar cannot hold of them is let go.
     *
     * @throws InvalidRequest naming the tool, if nothing satisfies them or they are no schema
     */
    public JsonNode parameters(String tool, JsonNode parameters) {
        if (!parameters.isObject() || parameters.isEmpty() || PlainSchema.is(parameters)) {
            return parameters;
        }
        differs = true;
        try {
            var said = NullKeywords.without(parameters);
            var context = new SchemaContext(new SchemaDocument(said, "#"), Strictness.LOOSENING);
            SchemaCheck.check(context);
            var own = new Rules("puna-" + tools++ + "-");
            var standIn = new ToolShape(new ValueRules(context, own), this).of(said);
            rules.append(own.text(own.shared("value")));
            return standIn;
        } catch (InvalidRequest refused) {
            throw refusal(tool, refused);
        }
    }

    /** Says of what is wrong with a schema that it is that of a tool. */
    public static InvalidRequest refusal(String tool, InvalidRequest wrong) {
        return new InvalidRequest("the tool \"" + tool + "\": " + wrong.text(), "tools");
    }

    /** Whether some tool is not described to llama.cpp as it was given. */
    public boolean differs() {
        return differs;
    }

    /** Characters that it holds. */
    public long weight() {
        return rules.length()
                + places.entrySet().stream()
                        .mapToLong(place ->
                                place.getKey().length() + place.getValue().length())
                        .sum();
    }

    /** Whether a text shows what stands in for something. */
    public boolean showIn(String text) {
        return differs && (text.contains("puna value") || text.contains("88062556"));
    }

    /** A number that no schema of a user has. */
    JsonNode number(String rule) {
        var number = JsonNodeFactory.instance.numberNode(8_806_255_600_000_000L + places.size());
        return constant(number.toString(), number, rule);
    }

    JsonNode text(String rule) {
        var text = JsonNodeFactory.instance.textNode("puna value " + places.size());
        return constant(text.toString(), text, rule);
    }

    JsonNode list(String rule) {
        var list = JsonNodeFactory.instance.arrayNode().add("puna value").add(places.size());
        return constant(list.toString(), list, rule);
    }

    JsonNode object(String rule) {
        var object = JsonNodeFactory.instance.objectNode().put("puna value", places.size());
        return constant(object.toString(), object, rule);
    }

    private ObjectNode constant(String text, JsonNode value, String rule) {
        places.put(Gbnf.literal(text), rule);
        return JsonNodeFactory.instance.objectNode().set("const", value);
    }

    /** A grammar of llama.cpp's with our rules in their places, and with numbers of as many digits as ours have. */
    public String complete(String grammar) {
        if (grammar.isEmpty()) {
            return grammar;
        }
        var lines = new ArrayList<String>();
        for (var line : grammar.split("\n")) {
            lines.add(longer(line));
        }
        var whole = String.join("\n", lines) + "\n";
        for (var place : places.entrySet()) {
            whole = whole.replace(place.getKey(), place.getValue());
        }
        return whole + rules;
    }

    private static String longer(String rule) {
        if (rule.startsWith("integral-part ::= ")) {
            return rule.replace(DIGITS, MORE_DIGITS);
        }
        if (rule.startsWith("decimal-part ::= ")) {
            return rule.replace("{1,16}", "{1," + Rules.MOST_DIGITS + "}");
        }
        return rule.startsWith("number ::= ") || rule.startsWith("root ::= ")
                ? rule.replace("[eE] [-+]? integral-part", "[eE] [-+]? ([0-9]{1,2} | [1] [0-9]{2})")
                : rule;
    }
}
