// SPDX-License-Identifier: Apache-2.0
package dev.puna.schema;

import com.fasterxml.jackson.databind.JsonNode;
import dev.puna.schema.pattern.Pattern;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * What one schema says of the properties of an object.
 *
 * @param described the schemas by name, in their order; empty if it has no such keyword
 * @param patterned schemas of properties whose names match
 * @param additional schema of all others, empty if it says nothing of them
 */
record ObjectPart(Optional<Map<String, JsonNode>> described, List<Patterned> patterned, Optional<JsonNode> additional) {
    /**
     * Properties whose names match.
     *
     * @param names whether one does
     */
    record Patterned(Pattern pattern, JsonNode schema, Predicate<String> names) {}

    ObjectPart {
        described = described.map(ObjectPart::ordered);
        patterned = List.copyOf(patterned);
    }

    private static Map<String, JsonNode> ordered(Map<String, JsonNode> schemas) {
        return Collections.unmodifiableMap(new LinkedHashMap<>(schemas));
    }

    /** All that it says of a property. */
    List<JsonNode> of(String name) {
        var all = new ArrayList<JsonNode>();
        described.map(schemas -> schemas.get(name)).ifPresent(all::add);
        patterned.stream().filter(each -> each.names().test(name)).forEach(each -> all.add(each.schema()));
        if (all.isEmpty()) {
            additional.ifPresent(all::add);
        }
        return all;
    }
}
