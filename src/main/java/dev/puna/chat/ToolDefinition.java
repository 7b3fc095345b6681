// SPDX-License-Identifier: Apache-2.0
package dev.puna.chat;

import static java.util.Objects.requireNonNull;

/**
 * A tool that a model may call.
 *
 * @param name the function's name
 * @param json the whole definition as models get to see it: {@code {"type":"function","function":{…}}}
 */
public record ToolDefinition(String name, String json) {

    public ToolDefinition {
        requireNonNull(name, "name is null");
        requireNonNull(json, "json is null");
    }
}
