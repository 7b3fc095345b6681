// SPDX-License-Identifier: Apache-2.0
package dev.puna.engine.prompt;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.util.RawValue;
import dev.puna.chat.Message;
import dev.puna.chat.Thinking;
import dev.puna.chat.ToolCall;
import dev.puna.engine.Prompt;
import java.util.List;

/** Conversations as the inputs of {@code puna_chat_apply}. Source: puna_shim.h; contract 8.9. */
final class ConversationJson {

    private static final ObjectMapper JSON = new ObjectMapper();

    private ConversationJson() {}

    /**
     * The inputs of a conversation.
     *
     * <p>Words of the model at the end are gone on with, as llama-server does. Source: llama.cpp b10488, server-common.cpp.
     *
     * @param severalCalls whether the template can express more than one call in an answer
     * @param thinksByItself whether llama.cpp knows the template's switch for thinking, which is on then unless the request
     *     says otherwise
     */
    static ObjectNode of(Prompt.Conversation conversation, boolean severalCalls, boolean thinksByItself)
            throws JsonProcessingException {
        var inputs = JSON.createObjectNode();
        var messages = inputs.putArray("messages");
        var turns = withoutEmptyEnd(conversation.messages());
        for (var message : turns) {
            messages.add(message(message));
        }
        if (!conversation.tools().isEmpty()) {
            var tools = inputs.putArray("tools");
            for (var tool : conversation.tools()) {
                tools.addRawValue(new RawValue(tool.json()));
            }
            if (!conversation.calling().allowed().isEmpty()) {
                conversation.calling().allowed().forEach(inputs.putArray("callable")::add);
            }
            inputs.put(
                    "parallel_tool_calls",
                    severalCalls && conversation.calling().parallel());
        }
        var goesOn = !turns.isEmpty() && isUnfinished(turns.getLast());
        inputs.put("add_generation_prompt", !goesOn);
        inputs.put("continue_final_message", goesOn);
        var thinking = conversation.thinking();
        inputs.put("enable_thinking", thinking == Thinking.UNSET ? thinksByItself : thinking != Thinking.OFF);
        // Templates that can keep the thoughts of earlier turns are asked to.
        var arguments = inputs.putObject("kwargs").put("preserve_reasoning", "true");
        if (thinking != Thinking.UNSET) {
            arguments.put("enable_thinking", thinking.wanted() ? "true" : "false");
            if (!thinking.level().isEmpty()) {
                arguments.put("reasoning_effort", JSON.writeValueAsString(thinking.level()));
            }
        }
        return inputs;
    }

    private static boolean isUnfinished(Message message) {
        return message.role().equals("assistant") && message.toolCalls().isEmpty();
    }

    /** Going on from nothing is beginning. */
    private static List<Message> withoutEmptyEnd(List<Message> messages) {
        var last = messages.size() - 1;
        var isEmpty = last > 0
                && isUnfinished(messages.get(last))
                && messages.get(last).content().isEmpty()
                && messages.get(last).thinking().isEmpty();
        return isEmpty ? messages.subList(0, last) : messages;
    }

    private static JsonNode message(Message message) {
        var node = JSON.createObjectNode();
        node.put("role", message.role());
        node.put("content", message.content());
        putUnlessEmpty(node, "reasoning_content", message.thinking());
        putUnlessEmpty(node, "name", message.toolName());
        putUnlessEmpty(node, "tool_call_id", message.toolCallId());
        if (!message.toolCalls().isEmpty()) {
            var calls = node.putArray("tool_calls");
            message.toolCalls().forEach(call -> calls.add(toolCall(call)));
        }
        return node;
    }

    private static JsonNode toolCall(ToolCall call) {
        var node = JSON.createObjectNode();
        node.put("id", call.id());
        node.put("type", "function");
        node.putObject("function").put("name", call.name()).put("arguments", call.arguments());
        return node;
    }

    private static void putUnlessEmpty(ObjectNode node, String key, String value) {
        if (!value.isEmpty()) {
            node.put(key, value);
        }
    }
}
