// SPDX-License-Identifier: Apache-2.0
package dev.puna.api.openai.wire;

/**
 * A call of a tool that the model asks for.
 *
 * @param id the call's name, by which its result is given back
 * @param index position among the calls of one answer, from 0
 * @param type {@code function}
 * @param function what to call
 */
public record ToolCallObject(String id, int index, String type, Function function) {

    /**
     * The tool and what it is given.
     *
     * @param name the tool
     * @param arguments a JSON object as text
     */
    public record Function(String name, String arguments) {}

    /** A call of a function. */
    public static ToolCallObject of(String id, int index, String name, String arguments) {
        return new ToolCallObject(id, index, "function", new Function(name, arguments));
    }
}
