// SPDX-License-Identifier: Apache-2.0
package dev.puna.chat;

import static java.util.Objects.requireNonNull;

import org.jspecify.annotations.Nullable;

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

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof ToolDefinition that && name.equals(that.name) && json.equals(that.json);
    }
}
