// SPDX-License-Identifier: Apache-2.0
package dev.puna.engine;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.puna.chat.Message;
import dev.puna.chat.Thinking;
import dev.puna.chat.ToolCall;

/** Conversations as the inputs of {@code puna_chat_apply}. Source: puna_shim.h; wire contract, section 8, rule 9. */
final class ConversationJson {

    private static final ObjectMapper JSON = new ObjectMapper();

    private ConversationJson() {}

    /**
     * The inputs of a conversation.
     *
     * @param severalCalls whether the template can express more than one call in an answer
     */
    static ObjectNode of(Prompt.Conversation conversation, boolean severalCalls) throws JsonProcessingException {
        var inputs = JSON.createObjectNode();
        var messages = inputs.putArray("messages");
        for (var message : conversation.messages()) {
            messages.add(message(message));
        }
        if (!conversation.tools().isEmpty()) {
            var tools = inputs.putArray("tools");
            for (var tool : conversation.tools()) {
                tools.add(UsualToolTypes.in(JSON.readTree(tool.json())));
            }
            inputs.put("parallel_tool_calls", severalCalls);
        }
        inputs.put("add_generation_prompt", true);
        var thinking = conversation.thinking();
        inputs.put("enable_thinking", thinking != Thinking.OFF);
        if (thinking != Thinking.UNSET) {
            var arguments = inputs.putObject("kwargs");
            arguments.put("enable_thinking", thinking.wanted() ? "true" : "false");
            if (!thinking.level().isEmpty()) {
                arguments.put("reasoning_effort", JSON.writeValueAsString(thinking.level()));
            }
        }
        return inputs;
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
