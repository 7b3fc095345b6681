// SPDX-License-Identifier: Apache-2.0
package dev.puna.engine;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.puna.chat.Message;
import dev.puna.chat.Thinking;
import dev.puna.chat.ToolCall;
import dev.puna.failure.InvalidRequest;
import dev.puna.failure.NativeFailure;
import dev.puna.llama.ChatFormat;
import dev.puna.llama.Vocabulary;
import dev.puna.template.PromptInputs;
import dev.puna.template.PromptTemplate;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Turns a conversation into the text that its model was trained on.
 *
 * <p>The model's own Jinja template is run by llama.cpp (which falls back to ChatML for a model that has none); Go
 * templates are run by {@link PromptTemplate}. <b>Threads:</b> any.
 */
final class ChatTemplate {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final ChatFormat format;
    private final String bos;
    private volatile @Nullable Parsed lastParsed;

    ChatTemplate(ChatFormat format, Vocabulary vocabulary) {
        this.format = format;
        var token = vocabulary.bos();
        this.bos =
                vocabulary.addsBos() && token.isPresent() ? new String(vocabulary.bytes(token.getAsInt()), UTF_8) : "";
    }

    RenderedPrompt render(Prompt.Conversation conversation) {
        if (conversation.template().isEmpty()) {
            return jinja(conversation);
        }
        var inputs = new PromptInputs(
                conversation.messages(), conversation.tools(), conversation.thinking(), conversation.suffix());
        return new RenderedPrompt(
                withoutBos(parsed(conversation.template().get()).render(inputs)), List.of());
    }

    /** A model's template is the same from request to request. */
    private PromptTemplate parsed(String source) {
        var last = lastParsed;
        if (last == null || !last.source().equals(source)) {
            last = new Parsed(source, PromptTemplate.parse(source));
            lastParsed = last;
        }
        return last.template();
    }

    private String withoutBos(String text) {
        return !bos.isEmpty() && text.startsWith(bos) ? text.substring(bos.length()) : text;
    }

    private record Parsed(String source, PromptTemplate template) {}

    private RenderedPrompt jinja(Prompt.Conversation conversation) {
        try {
            var result = JSON.readTree(format.apply(JSON.writeValueAsString(inputs(conversation))));
            var text = result.path("prompt").asText();
            var stops = new ArrayList<String>();
            result.path("additional_stops").forEach(stop -> stops.add(stop.asText()));
            return new RenderedPrompt(withoutBos(text), stops);
        } catch (NativeFailure refused) {
            throw new InvalidRequest("the model's chat template refuses this conversation: " + refused.text());
        } catch (JsonProcessingException broken) {
            throw new NativeFailure("the chat format gave no JSON: " + broken.getOriginalMessage(), broken);
        }
    }

    private static ObjectNode inputs(Prompt.Conversation conversation) throws JsonProcessingException {
        var inputs = JSON.createObjectNode();
        var messages = inputs.putArray("messages");
        for (var message : conversation.messages()) {
            messages.add(message(message));
        }
        if (!conversation.tools().isEmpty()) {
            var tools = inputs.putArray("tools");
            for (var tool : conversation.tools()) {
                tools.add(JSON.readTree(tool.json()));
            }
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
