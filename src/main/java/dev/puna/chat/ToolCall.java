// SPDX-License-Identifier: Apache-2.0
package dev.puna.chat;

import static java.util.Objects.requireNonNull;

/**
 * A call that a model asks its client to make.
 *
 * @param id the call's own name; empty if the model gave none
 * @param index position among the calls of one answer, from 0
 * @param name the tool
 * @param arguments a JSON object as text, keys in the order the model wrote them
 */
public record ToolCall(String id, int index, String name, String arguments) {

    public ToolCall {
        requireNonNull(id, "id is null");
        requireNonNull(name, "name is null");
        requireNonNull(arguments, "arguments is null");
    }
}
