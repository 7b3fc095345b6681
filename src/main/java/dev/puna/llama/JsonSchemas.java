// SPDX-License-Identifier: Apache-2.0
package dev.puna.llama;

import dev.puna.llama.binding.NativeLibrary;

/** JSON schemas as grammars. The library must have been loaded. <b>Threads:</b> any. */
public final class JsonSchemas {
    private static final String ANY_STRING = "root ::= string";

    private JsonSchemas() {}

    /**
     * A grammar in llama.cpp's notation that lets just the values of a schema through.
     *
     * @throws dev.puna.failure.InvalidRequest if the text is no schema, or one with no grammar, or with too large a one
     */
    public static String toGrammar(String schemaJson) {
        var library = LlamaBackend.present().library();
        return DeepStack.call(() -> {
            var schema = Json.parseGiven(schemaJson, "JSON schema");
            SchemaLimits.check(schema);
            var prepared = PreparedSchema.of(schema);
            SchemaKeywords.check(prepared.schema());
            prepared.patterns().forEach(pattern -> refuseIgnored(pattern, library));
            return prepared.complete(library.schemaToGrammar(prepared.schema().toString()));
        });
    }

    /** A pattern that the converter does not understand gives the rule of any string, which no pattern gives that it does. */
    private static void refuseIgnored(String pattern, NativeLibrary library) {
        var schema = Json.object().put("type", "string").put("pattern", pattern);
        if (library.schemaToGrammar(schema.toString()).lines().anyMatch(ANY_STRING::equals)) {
            throw SchemaPattern.refusal(pattern);
        }
    }
}
