// SPDX-License-Identifier: Apache-2.0
package dev.puna.parsing;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A call as models write it in JSON whatever their template says: an object that names the tool and its arguments, these as an object
 * or as the text of one, alone or as the {@code function} of an object.
 *
 * @param name the tool's
 * @param arguments an object
 */
record WrittenCall(String name, JsonNode arguments) {
    private static final Set<String> KEYS = Set.of("name", "arguments", "parameters", "type", "function", "id");

    private static final List<String> ARGUMENTS = List.of("arguments", "parameters");

    /** Keeps numbers that no long or double holds. */
    private static final ObjectMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .build();

    /** Whether a call may have a member of that name. */
    static boolean mayHave(String key) {
        return KEYS.contains(key);
    }

    /** The calls that a text of JSON is: an object, or an array of them; none if it is anything else. */
    static List<WrittenCall> in(String json) {
        var calls = new ArrayList<WrittenCall>();
        var value = read(json);
        if (value.isPresent() && value.get().isArray()) {
            for (var element : value.get()) {
                var call = of(element);
                if (call.isEmpty()) {
                    return List.of();
                }
                calls.add(call.get());
            }
            return calls;
        }
        value.flatMap(WrittenCall::of).ifPresent(calls::add);
        return calls;
    }

    /** The call of a tool whose arguments are a text of JSON; none if they are no object. */
    static Optional<WrittenCall> of(String name, String json) {
        return read(json).filter(JsonNode::isObject).map(arguments -> new WrittenCall(name, arguments));
    }

    private static Optional<WrittenCall> of(JsonNode value) {
        if (!(value instanceof ObjectNode object) || object.propertyStream().anyMatch(it -> !mayHave(it.getKey()))) {
            return Optional.empty();
        }
        if (object.path("function").isObject()) {
            return object.has("name") ? Optional.empty() : of(object.get("function"));
        }
        var name = object.path(object.has("function") ? "function" : "name");
        return name.isTextual() ? arguments(object).map(it -> new WrittenCall(name.asText(), it)) : Optional.empty();
    }

    /** None said are none. */
    private static Optional<JsonNode> arguments(ObjectNode call) {
        var said = ARGUMENTS.stream().filter(call::has).toList();
        if (said.isEmpty()) {
            return Optional.of(JSON.createObjectNode());
        }
        var value = call.get(said.getFirst());
        return said.size() > 1
                ? Optional.empty()
                : (value.isTextual() ? read(value.asText()) : Optional.of(value)).filter(JsonNode::isObject);
    }

    private static Optional<JsonNode> read(String json) {
        try {
            return Optional.of(JSON.readTree(json));
        } catch (JsonProcessingException otherNotation) {
            return Optional.empty();
        }
    }
}
