// SPDX-License-Identifier: Apache-2.0
package dev.puna.engine.response;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.puna.chat.ToolCall;
import java.util.Optional;

/**
 * Puts calls of tools together that come in pieces. A call is whole when the next one begins or the answer ends: until then its
 * id may still follow. One that is cut off in its arguments is no call. Not thread-safe.
 */
final class GrowingCalls {

    private static final ObjectMapper JSON = new ObjectMapper();

    private int index = -1;
    private String id = "";
    private String name = "";
    private final StringBuilder arguments = new StringBuilder();

    /**
     * Adds a piece.
     *
     * @param at which call it belongs to
     * @param newId empty if there is no news of it; so is the name
     * @param moreArguments what follows the arguments so far
     * @return the call before, if this one is another
     */
    Optional<ToolCall> add(int at, String newId, String newName, String moreArguments) {
        var before = at == index ? Optional.<ToolCall>empty() : end();
        index = at;
        id = newId.isEmpty() ? id : newId;
        name = newName.isEmpty() ? name : newName;
        arguments.append(moreArguments);
        return before;
    }

    /** Adds a {@code tool_call} of what the parser told. */
    Optional<ToolCall> add(JsonNode piece) {
        return add(
                piece.path("index").asInt(),
                piece.path("id").asText(),
                piece.path("name").asText(),
                piece.path("arguments").asText());
    }

    /** The last call, if there is one and it is whole. */
    Optional<ToolCall> end() {
        var given = arguments.toString();
        var call = name.isEmpty()
                ? Optional.<ToolCall>empty()
                : object(given).map(it -> new ToolCall(id, index, name, it));
        index = -1;
        id = "";
        name = "";
        arguments.setLength(0);
        return call;
    }

    /** The arguments as the text of an object; a tool without parameters may be called without any. */
    private static Optional<String> object(String given) {
        if (given.isBlank()) {
            return Optional.of("{}");
        }
        try {
            var tree = JSON.readTree(given);
            return tree.isObject() ? Optional.of(given.strip()) : quoted(tree);
        } catch (JsonProcessingException cutOff) {
            return Optional.empty();
        }
    }

    private static Optional<String> quoted(JsonNode tree) {
        return tree.isTextual() && !tree.asText().startsWith("\"") ? object(tree.asText()) : Optional.empty();
    }
}
