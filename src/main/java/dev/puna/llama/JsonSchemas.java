// SPDX-License-Identifier: Apache-2.0
package dev.puna.llama;

/** JSON schemas as grammars. The library must have been loaded. <b>Threads:</b> any. */
public final class JsonSchemas {
    private JsonSchemas() {}

    /**
     * A grammar in llama.cpp's notation that lets just the values of a schema through.
     *
     * @throws dev.puna.failure.InvalidRequest if the text is no schema, or one with no grammar, or with too large a one
     */
    public static String toGrammar(String schemaJson) {
        var library = LlamaBackend.present().library();
        return DeepStack.call(() -> {
            SchemaLimits.check(Json.parseGiven(schemaJson, "JSON schema"));
            return library.schemaToGrammar(schemaJson);
        });
    }
}
