// SPDX-License-Identifier: Apache-2.0
package dev.puna.parsing;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.List;
import java.util.Optional;

/**
 * Finds a call in text: the first known name, and the first JSON object that ends behind where it begins. Source: contract
 * 8.7. Immutable.
 */
final class CallSearch {

    /** Keeps numbers that no long or double holds. */
    private static final ObjectMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .build();

    private final List<String> names;

    /** A search for calls of some tools. */
    CallSearch(List<String> names) {
        this.names = names.stream().filter(name -> !name.isEmpty()).distinct().toList();
    }

    /**
     * A call.
     *
     * @param arguments a JSON object as text
     * @param end where the text behind the call begins
     */
    record Found(String name, String arguments, int end) {}

    /** The first call in the text that is whole. */
    Optional<Found> first(String text) {
        return firstName(text).flatMap(name -> {
            for (var object : JsonObjects.in(text)) {
                if (object.end() > name.at()) {
                    var found = read(text.substring(object.start(), object.end()))
                            .map(json -> arguments(json, name.name()).orElse(json))
                            .map(arguments -> new Found(name.name(), arguments.toString(), object.end()));
                    if (found.isPresent()) {
                        return found;
                    }
                }
            }
            return Optional.empty();
        });
    }

    private record Name(String name, int at) {}

    /** The name that begins first; of several that begin there, the longest. */
    private Optional<Name> firstName(String text) {
        Optional<Name> first = Optional.empty();
        for (var name : names) {
            var at = text.indexOf(name);
            if (at >= 0 && first.map(other -> isBefore(at, name, other)).orElse(true)) {
                first = Optional.of(new Name(name, at));
            }
        }
        return first;
    }

    private static boolean isBefore(int at, String name, Name other) {
        return at < other.at()
                || (at == other.at() && name.length() > other.name().length());
    }

    /** What an object says the arguments are; empty if it does not look like a call, but may be the arguments themselves. */
    private static Optional<JsonNode> arguments(JsonNode object, String name) {
        for (var key : List.of("arguments", "parameters", name)) {
            var value = object.path(key);
            var arguments = value.isTextual() ? read(value.asText()) : Optional.of(value);
            if (arguments.isPresent() && arguments.get().isObject()) {
                return arguments;
            }
        }
        if (object.path("name").asText().equals(name)) {
            return Optional.of(JSON.createObjectNode());
        }
        for (var child : object) {
            var found = child.isArray() ? inElements(child, name) : inChild(child, name);
            if (found.isPresent()) {
                return found;
            }
        }
        return Optional.empty();
    }

    private static Optional<JsonNode> inElements(JsonNode array, String name) {
        for (var element : array) {
            var found = inChild(element, name);
            if (found.isPresent()) {
                return found;
            }
        }
        return Optional.empty();
    }

    private static Optional<JsonNode> inChild(JsonNode child, String name) {
        return child.isObject() ? arguments(child, name) : Optional.empty();
    }

    private static Optional<JsonNode> read(String text) {
        try {
            var json = JSON.readTree(text);
            return json.isObject() ? Optional.of(json) : Optional.empty();
        } catch (JsonProcessingException otherNotation) {
            return Optional.empty();
        }
    }
}
