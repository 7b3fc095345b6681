// SPDX-License-Identifier: Apache-2.0
package dev.puna.llama;

/** JSON schemas as grammars. The library must have been loaded. */
public final class JsonSchemas {
    private JsonSchemas() {}

    /**
     * A grammar in llama.cpp's notation that lets just the values of a schema through.
     *
     * @throws dev.puna.failure.InvalidRequest if the text is no schema, or one with no grammar
     */
    public static String toGrammar(String schemaJson) {
        return LlamaBackend.present().library().schemaToGrammar(schemaJson);
    }
}
