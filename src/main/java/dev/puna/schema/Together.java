// SPDX-License-Identifier: Apache-2.0
package dev.puna.schema;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/** Schemas that must all hold, told apart from others by which they are, not by what they say. */
record Together(List<JsonNode> schemas) {
    Together {
        schemas = List.copyOf(schemas);
    }

    @SuppressWarnings("ReferenceEquality") // two schemas of the same words may stand in different places
    static Together of(List<JsonNode> schemas) {
        var distinct = new ArrayList<JsonNode>();
        for (var schema : schemas) {
            boolean says = !(schema.isBoolean() && schema.asBoolean()) && !(schema.isObject() && schema.isEmpty());
            if (says && distinct.stream().noneMatch(other -> other == schema)) {
                distinct.add(schema);
            }
        }
        return new Together(distinct);
    }

    @Override
    @SuppressWarnings("ReferenceEquality")
    public boolean equals(Object other) {
        if (!(other instanceof Together together) || schemas.size() != together.schemas.size()) {
            return false;
        }
        for (int i = 0; i < schemas.size(); i++) {
            if (schemas.get(i) != together.schemas.get(i)) {
                return false;
            }
        }
        return true;
    }

    @Override
    public int hashCode() {
        int hash = 1;
        for (var schema : schemas) {
            hash = 31 * hash + System.identityHashCode(schema);
        }
        return hash;
    }
}
