// SPDX-License-Identifier: Apache-2.0
package dev.puna.llama;

import dev.puna.llama.guard.DeepStack;
import dev.puna.llama.guard.SchemaLimits;
import dev.puna.llama.guard.ShimJson;
import dev.puna.schema.SchemaGrammar;

/** JSON schemas as grammars. <b>Threads:</b> any. */
public final class JsonSchemas {
    private JsonSchemas() {}

    /**
     * A grammar in llama.cpp's notation that lets just the values of a schema through.
     *
     * @throws dev.puna.failure.InvalidRequest if the text is no schema, or one with no grammar, or with too large a one
     */
    public static String toGrammar(String schemaJson) {
        return DeepStack.call(() -> {
            var schema = ShimJson.parseGiven(schemaJson, "JSON schema");
            SchemaLimits.check(schema);
            return SchemaGrammar.of(schema, "#").rules();
        });
    }
}
