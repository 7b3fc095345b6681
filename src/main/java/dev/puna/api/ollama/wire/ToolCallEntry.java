// SPDX-License-Identifier: Apache-2.0
package dev.puna.api.ollama.wire;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import com.fasterxml.jackson.databind.JsonNode;

/**
 * A call of a tool that the model asks for.
 *
 * @param id the call's name, by which its result is given back
 * @param function what to call
 */
public record ToolCallEntry(@JsonInclude(Include.NON_EMPTY) String id, Function function) {

    /**
     * The tool and what it is given.
     *
     * @param index position among the calls of one answer, from 0
     * @param name the tool
     * @param arguments a JSON object, keys in the order in which the model wrote them
     */
    public record Function(int index, String name, JsonNode arguments) {}
}
