// SPDX-License-Identifier: Apache-2.0
package dev.puna.schema;

import com.fasterxml.jackson.databind.JsonNode;
import dev.puna.schema.gbnf.Rules;
import java.util.List;

/**
 * The grammar of a JSON schema.
 *
 * @param root the name of the rule that a value is
 * @param rules all rules, a line each; every name begins with the prefix that was asked for
 */
public record SchemaGrammar(String root, String rules) {

    /**
     * The grammar, whose first rule is {@code root}.
     *
     * @param place what places in refusals begin with, {@code #} for a document of its own
     * @throws dev.puna.failure.InvalidRequest if it is no schema, nothing satisfies it, or a keyword cannot be held
     */
    public static SchemaGrammar of(JsonNode schema, String place) {
        return of(schema, "", place);
    }

    /** The same with names that begin with a prefix, that of the first rule, too. */
    public static SchemaGrammar of(JsonNode schema, String prefix, String place) {
        return of(schema, prefix, place, Strictness.REFUSING);
    }

    static SchemaGrammar of(JsonNode schema, String prefix, String place, Strictness strictness) {
        var said = NullKeywords.without(schema);
        var context = new SchemaContext(new SchemaDocument(said, place), strictness);
        SchemaCheck.check(context);
        var rules = new Rules(prefix);
        var root = new ValueRules(context, rules).rule(List.of(said), "value");
        return new SchemaGrammar(prefix + "root", rules.text(root));
    }
}
