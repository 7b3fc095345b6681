// SPDX-License-Identifier: Apache-2.0
package dev.puna.chat;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * One turn of a conversation.
 *
 * @param role who speaks: by custom {@code system}, {@code user}, {@code assistant} or {@code tool}, but any word is passed to
 *     the template, since some models know more
 * @param content what is said; empty if there are only tool calls
 * @param thinking the reasoning that came before an assistant's answer; empty if none
 * @param images images (or sound) that belong to the turn, in order
 * @param toolCalls calls that an assistant made
 * @param toolName name of the tool whose result this is; empty if none
 * @param toolCallId id of the call whose result this is; empty if none
 */
public record Message(
        String role,
        String content,
        String thinking,
        List<Image> images,
        List<ToolCall> toolCalls,
        String toolName,
        String toolCallId) {

    public Message {
        requireNonNull(role, "role is null");
        requireNonNull(content, "content is null");
        requireNonNull(thinking, "thinking is null");
        images = List.copyOf(images);
        toolCalls = List.copyOf(toolCalls);
        requireNonNull(toolName, "toolName is null");
        requireNonNull(toolCallId, "toolCallId is null");
    }

    /** A turn that is only text. */
    public static Message of(String role, String content) {
        return new Message(role, content, "", List.of(), List.of(), "", "");
    }

    /** The same turn with something else said. */
    public Message withContent(String other) {
        return new Message(role, other, thinking, images, toolCalls, toolName, toolCallId);
    }

    /** The same turn with its images replaced one by one. */
    public Message withImages(UnaryOperator<Image> other) {
        var replaced = images.stream().map(other).toList();
        return new Message(role, content, thinking, replaced, toolCalls, toolName, toolCallId);
    }

    public boolean isSystem() {
        return role.equals("system");
    }

    public boolean isUser() {
        return role.equals("user");
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Message that
                && role.equals(that.role)
                && content.equals(that.content)
                && thinking.equals(that.thinking)
                && images.equals(that.images)
                && toolCalls.equals(that.toolCalls)
                && toolName.equals(that.toolName)
                && toolCallId.equals(that.toolCallId);
    }
}
