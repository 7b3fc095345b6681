// SPDX-License-Identifier: Apache-2.0
package dev.puna.api.openai.responses.wire;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One item of an answer; what its type does not have is left out. Source: contract 1.11, addendum 4.2.
 *
 * @param id the item's own
 * @param type {@code message}, {@code reasoning}, {@code function_call}, {@code custom_tool_call} or {@code compaction}
 * @param status {@code in_progress}, {@code completed} or {@code incomplete}
 * @param role of a message: {@code assistant}
 * @param content of a message: one text; none while nothing is said yet
 * @param callId of a call: by which its result is given back
 * @param namespace of a call: where the tool is offered, unless in none
 * @param name of a call: the tool
 * @param arguments of a call of a function: a JSON object as text; empty at first
 * @param input of a call of a tool that takes any text: that; empty at first
 * @param summary the thoughts; none while they grow
 * @param encryptedContent the thoughts once more, or what was compacted, in plain text, for clients to send back
 */
@JsonInclude(Include.NON_NULL)
public record OutputItem(
        String id,
        String type,
        @Nullable String status,
        @Nullable String role,
        @Nullable List<TextPart> content,
        @Nullable String callId,
        @Nullable String namespace,
        @Nullable String name,
        @Nullable String arguments,
        @Nullable String input,
        @Nullable List<TextPart> summary,
        @Nullable String encryptedContent) {

    public OutputItem {
        content = content == null ? null : List.copyOf(content);
        summary = summary == null ? null : List.copyOf(summary);
    }

    /** What the model says. */
    public static OutputItem message(String id, String status, List<TextPart> content) {
        return new OutputItem(id, "message", status, "assistant", content, null, null, null, null, null, null, null);
    }

    /** What the model thinks. */
    public static OutputItem reasoning(String id, List<TextPart> summary, @Nullable String encryptedContent) {
        return new OutputItem(
                id, "reasoning", null, null, null, null, null, null, null, null, summary, encryptedContent);
    }

    /** What stands for the items before it. */
    public static OutputItem compaction(String id, String content) {
        return new OutputItem(id, "compaction", null, null, null, null, null, null, null, null, null, content);
    }

    /** A call of a function. */
    public static OutputItem call(
            String id, String status, String callId, @Nullable String namespace, String name, String arguments) {
        return new OutputItem(
                id, "function_call", status, null, null, callId, namespace, name, arguments, null, null, null);
    }

    /** A call of a tool that takes any text. */
    public static OutputItem customCall(
            String id, String status, String callId, @Nullable String namespace, String name, String input) {
        return new OutputItem(
                id, "custom_tool_call", status, null, null, callId, namespace, name, null, input, null, null);
    }
}
