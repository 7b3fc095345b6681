// SPDX-License-Identifier: Apache-2.0
package dev.puna.fuzz;

import dev.puna.llama.JsonSchemas;
import dev.puna.llama.guard.GrammarLimits;
import java.time.Duration;
import java.util.Map;

/** JSON schemas as grammars, of formats and of the parameters of a tool; what comes out keeps the limits of grammars. */
final class SchemaFuzz implements FuzzTarget {
    @Override
    public String name() {
        return "schema";
    }

    @Override
    public void run(byte[] input) {
        var schema = FuzzTarget.text(input);
        var tool = "{\"function\":{\"parameters\":" + schema + "}}";
        try {
            JsonSchemas.toCallGrammar(Map.of("get", tool), true);
        } catch (dev.puna.failure.InvalidRequest refused) {
            // Tools and formats are refused for reasons of their own.
        }
        GrammarLimits.check(JsonSchemas.toGrammar(schema));
    }

    @Override
    public Bounds bounds() {
        // Automata of patterns are made and thrown away.
        return new Bounds(Duration.ofSeconds(1), 512L << 20);
    }
}
