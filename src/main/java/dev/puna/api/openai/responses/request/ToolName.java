// SPDX-License-Identifier: Apache-2.0
package dev.puna.api.openai.responses.request;

import static java.util.Objects.requireNonNull;

/**
 * A tool as the client names it.
 *
 * @param namespace where it is offered; empty for none
 * @param name its own
 * @param takesText whether it is a custom tool, which takes any text
 */
public record ToolName(String namespace, String name, boolean takesText) {
    public ToolName {
        requireNonNull(namespace, "namespace is null");
        requireNonNull(name, "name is null");
    }

    /** A function in no namespace. */
    public static ToolName of(String name) {
        return new ToolName("", name, false);
    }

    /** The name that the model gets to see. Source: contract 1.11. */
    String flat() {
        return of(namespace, name);
    }

    static String of(String namespace, String name) {
        return namespace.isEmpty() ? name : namespace + "." + name;
    }
}
