// SPDX-License-Identifier: Apache-2.0
package dev.puna.schema;

import com.fasterxml.jackson.databind.JsonNode;
import dev.puna.failure.InvalidRequest;
import java.util.List;

/** Whether arguments are such as a tool describes them. */
public final class Arguments {
    /** Steps of a comparison: milliseconds, since an answer waits for it. */
    private static final long MOST_WORK = 5_000;

    private Arguments() {}

    /** Whether arguments satisfy a schema. What cannot be told within bounds they satisfy: their owner checks them anyhow. */
    public static boolean satisfy(JsonNode parameters, JsonNode arguments) {
        if (!parameters.isObject() || parameters.isEmpty()) {
            return true;
        }
        try {
            var said = NullKeywords.without(parameters);
            var context = new SchemaContext(new SchemaDocument(said, "#"), Strictness.LOOSENING, MOST_WORK);
            SchemaCheck.check(context);
            return new Validity(new Expansion(context)).allows(List.of(said), arguments);
        } catch (InvalidRequest cannotBeTold) {
            return true;
        }
    }
}
