// SPDX-License-Identifier: Apache-2.0
package dev.puna.schema;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;

/** Equality of JSON values as JSON Schema has it: numbers by their value, properties in any order. */
final class JsonEquality {
    private JsonEquality() {}

    /** Something that is equal for values that are the same, and only for those. */
    static Object key(JsonNode value) {
        if (value.isNumber()) {
            var number = value.decimalValue();
            return number.signum() == 0 ? BigDecimal.ZERO : number.stripTrailingZeros();
        }
        if (value.isArray()) {
            var elements = new ArrayList<Object>();
            value.forEach(element -> elements.add(key(element)));
            return elements;
        }
        if (value.isObject()) {
            var properties = new HashMap<String, Object>();
            value.properties().forEach(entry -> properties.put(entry.getKey(), key(entry.getValue())));
            return properties;
        }
        return value;
    }

    static boolean same(JsonNode one, JsonNode other) {
        if (one.isNumber() && other.isNumber()) {
            return one.decimalValue().compareTo(other.decimalValue()) == 0;
        }
        if (one.isContainerNode() && one.getNodeType() == other.getNodeType()) {
            return one.size() == other.size()
                    && (one.isArray() ? sameElements(one, other) : sameProperties(one, other));
        }
        return one.equals(other);
    }

    private static boolean sameElements(JsonNode one, JsonNode other) {
        for (int i = 0; i < one.size(); i++) {
            if (!same(one.get(i), other.get(i))) {
                return false;
            }
        }
        return true;
    }

    private static boolean sameProperties(JsonNode one, JsonNode other) {
        return one.properties().stream()
                .allMatch(entry -> other.has(entry.getKey()) && same(entry.getValue(), other.get(entry.getKey())));
    }
}
