// SPDX-License-Identifier: Apache-2.0
package dev.puna.llama;

import com.fasterxml.jackson.databind.JsonNode;
import dev.puna.llama.guard.DeepStack;
import dev.puna.llama.guard.SchemaLimits;
import dev.puna.llama.guard.ShimJson;
import dev.puna.schema.CallGrammar;
import dev.puna.schema.SchemaGrammar;
import dev.puna.schema.Validity;
import java.util.LinkedHashMap;
import java.util.Map;

/** JSON schemas as grammars. <b>Threads:</b> any. */
public final class JsonSchemas {
    private JsonSchemas() {}

    /**
     * A grammar in llama.cpp's notation that lets just the values of a schema through.
     *
     * @throws dev.puna.failure.InvalidRequest if the text is no schema, or one with no grammar, or with too large a one
     */
    public static String toGrammar(String schemaJson) {
        return toGrammar(schemaJson, "");
    }

    /**
     * The same with other names of rules.
     *
     * @param prefix of all names: the grammar begins at its {@code root}
     */
    public static String toGrammar(String schemaJson, String prefix) {
        return DeepStack.call(() -> {
            var schema = ShimJson.parseGiven(schemaJson, "JSON schema");
            SchemaLimits.check(schema);
            return SchemaGrammar.of(schema, prefix, "#").rules();
        });
    }

    /**
     * A grammar of calls, each written as an object of {@code name} and {@code arguments}.
     *
     * @param definitions the tools as {@code {"function":{"parameters":…}}}, by their names
     * @param parallel whether there may be several, in an array
     * @throws dev.puna.failure.InvalidRequest if no arguments satisfy what a tool says of its parameters
     */
    public static String toCallGrammar(Map<String, String> definitions, boolean parallel) {
        return DeepStack.call(() -> {
            var parameters = new LinkedHashMap<String, JsonNode>();
            definitions.forEach((name, definition) -> {
                var schema = parameters(definition);
                SchemaLimits.check(schema);
                parameters.put(name, schema);
            });
            return CallGrammar.of(parameters, parallel);
        });
    }

    /** Whether a tool of a definition takes arguments; what cannot be told in some milliseconds is taken. */
    public static boolean takes(String definition, JsonNode arguments) {
        return DeepStack.call(() -> Validity.ofArguments(parameters(definition), arguments));
    }

    private static JsonNode parameters(String definition) {
        return ShimJson.parseGiven(definition, "tool").path("function").path("parameters");
    }
}
