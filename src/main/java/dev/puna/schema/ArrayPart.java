// SPDX-License-Identifier: Apache-2.0
package dev.puna.schema;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Optional;

/**
 * What one schema says of the elements of a list.
 *
 * @param prefix schemas of the first elements
 * @param rest schema of those behind them, empty if it says nothing of them
 */
record ArrayPart(List<JsonNode> prefix, Optional<JsonNode> rest) {
    ArrayPart {
        prefix = List.copyOf(prefix);
    }

    Optional<JsonNode> at(int index) {
        return index < prefix.size() ? Optional.of(prefix.get(index)) : rest;
    }
}
