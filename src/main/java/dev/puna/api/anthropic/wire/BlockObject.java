// SPDX-License-Identifier: Apache-2.0
package dev.puna.api.anthropic.wire;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import org.jspecify.annotations.Nullable;

/**
 * One block of an answer; what a kind of block does not have is left out.
 *
 * @param type {@code text}, {@code thinking} or {@code tool_use}
 * @param text what is said
 * @param thinking the reasoning
 * @param signature which clients send back with it
 * @param id the call's own
 * @param name the tool that is called
 * @param input its arguments, an object
 */
@JsonInclude(Include.NON_NULL)
public record BlockObject(
        String type,
        @Nullable String text,
        @Nullable String thinking,
        @Nullable String signature,
        @Nullable String id,
        @Nullable String name,
        @Nullable Object input) {

    /** What is said. */
    public static BlockObject text(String text) {
        return new BlockObject("text", text, null, null, null, null, null);
    }

    /** Reasoning. */
    public static BlockObject thinking(String thinking, String signature) {
        return new BlockObject("thinking", null, thinking, signature, null, null, null);
    }

    /** A call. */
    public static BlockObject call(String id, String name, Object input) {
        return new BlockObject("tool_use", null, null, null, id, name, input);
    }
}
