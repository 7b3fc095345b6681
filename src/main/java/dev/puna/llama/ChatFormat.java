// SPDX-License-Identifier: Apache-2.0
package dev.puna.llama;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.puna.failure.InvalidRequest;
import dev.puna.llama.binding.ChatHandle;
import dev.puna.llama.guard.DeepStack;
import dev.puna.llama.guard.Nesting;
import dev.puna.llama.guard.SchemaLimits;
import dev.puna.llama.guard.ShimJson;
import dev.puna.schema.StandIns;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * A parsed Jinja chat template.
 *
 * <p><b>Owns</b> a {@code puna_chat}. <b>Borrows</b> the model, which cannot close before it. <b>Threads:</b> any number
 * at once. <b>Close</b> while a call is under way fails with {@link IllegalStateException}.
 */
public final class ChatFormat implements AutoCloseable {
    /** As deep as JSON in a request may be nested. */
    private static final int DEEPEST_ARGUMENTS = 1_000;

    private final ChatHandle handle;
    private final NativeLifecycle model;
    private final ChatFormatCapabilities capabilities;
    private final NativeLifecycle lifecycle = NativeLifecycle.shared("ChatFormat");

    private ChatFormat(ChatHandle handle, NativeLifecycle model, ChatFormatCapabilities capabilities) {
        this.handle = handle;
        this.model = model;
        this.capabilities = capabilities;
    }

    static ChatFormat open(Supplier<ChatHandle> opening, NativeLifecycle model) {
        return DeepStack.call(() -> {
            var handle = opening.get();
            try {
                var capabilities = ChatFormatCapabilities.from(ShimJson.parse(handle.capabilitiesJson()));
                return new ChatFormat(handle, model, capabilities);
            } catch (Throwable e) {
                handle.close();
                throw e;
            }
        });
    }

    public ChatFormatCapabilities capabilities() {
        return capabilities;
    }

    /**
     * Renders a conversation.
     *
     * @param inputsJson the inputs of {@code puna_chat_apply} in puna_shim.h: messages, tools and options; with
     *     {@code callable}, a list of names, only those of the tools may be called
     * @return its result: the prompt, the {@link dev.puna.llama.settings.Grammar}, stops and the {@link ChatParser}'s parameters
     * @throws InvalidRequest if it is no JSON or something in it is nested too deeply, or a schema asks too much
     * @throws dev.puna.failure.NativeFailure if the template refuses the conversation
     */
    public JsonNode apply(String inputsJson) {
        return lifecycle.use(() -> DeepStack.call(() -> {
            if (!(ShimJson.parseGiven(inputsJson, "conversation") instanceof ObjectNode inputs)) {
                throw new InvalidRequest("invalid conversation: it is no object");
            }
            var schema = schema(inputs);
            check(inputs, schema);
            return apply(inputs, schema);
        }));
    }

    /** With schemas of which llama.cpp makes the right grammar; the prompt shows those that were given. */
    private JsonNode apply(ObjectNode inputs, JsonNode schema) {
        for (var tool : inputs.path("tools")) {
            if (tool instanceof ObjectNode given && given.path("type").asText().isEmpty()) {
                given.put("type", "function");
            }
        }
        var standIns = new StandIns();
        var callable = inputs.remove("callable");
        var shown = inputs.path("tools").deepCopy();
        if (callable != null) {
            keepOnly(inputs.withArrayProperty("tools"), callable);
        }
        if (!schema.isMissingNode()) {
            inputs.put("json_schema", standIns.answer(schema).toString());
        }
        for (var tool : inputs.path("tools")) {
            if (tool.path("function") instanceof ObjectNode function && function.has("parameters")) {
                function.set(
                        "parameters", standIns.parameters(function.path("name").asText(), function.get("parameters")));
            }
        }
        var differs = standIns.differs() || callable != null;
        if (differs) {
            inputs.set("shown_tools", shown);
        }
        var result = (ObjectNode) ShimJson.parse(handle.apply(inputs.toString()));
        var parallel = inputs.path("parallel_tool_calls").asBoolean();
        complete(result, standIns, parallel);
        if (result.get("sampler") instanceof ObjectNode sampler) {
            complete(sampler, standIns, parallel);
        }
        if (differs
                && (callable != null || standIns.showIn(result.path("prompt").asText()))) {
            // Some formats change the tools before they are rendered.
            inputs.set("tools", shown);
            inputs.put("tool_choice", "none").remove(List.of("json_schema", "shown_tools"));
            result.set("prompt", ShimJson.parse(handle.apply(inputs.toString())).path("prompt"));
        }
        return result;
    }

    /** The grammar is of some of the tools then, while the prompt shows all. */
    private static void keepOnly(ArrayNode tools, JsonNode callable) {
        var names = callable.valueStream().map(JsonNode::asText).collect(Collectors.toSet());
        tools.removeIf(
                tool -> !names.contains(tool.path("function").path("name").asText()));
    }

    private static void complete(ObjectNode holder, StandIns standIns, boolean parallel) {
        var grammar = standIns.complete(holder.path("grammar").asText());
        holder.put("grammar", CallGrammars.withoutBlankCalls(grammar, parallel));
    }

    private static JsonNode schema(JsonNode inputs) {
        var schema = inputs.path("json_schema");
        if (schema.isTextual() && !schema.asText().isEmpty()) {
            return ShimJson.parseGiven(schema.asText(), "JSON schema");
        }
        return schema.isObject() ? schema : MissingNode.getInstance();
    }

    /** Schemas become grammars, and templates take the arguments of calls apart. */
    private static void check(JsonNode inputs, JsonNode schema) {
        SchemaLimits.check(schema);
        for (var tool : inputs.path("tools")) {
            SchemaLimits.check(tool.path("function").path("parameters"));
        }
        for (var message : inputs.path("messages")) {
            for (var call : message.path("tool_calls")) {
                var arguments = call.path("function").path("arguments").asText();
                if (Nesting.of(arguments.getBytes(UTF_8)).deepest() > DEEPEST_ARGUMENTS) {
                    throw new InvalidRequest("the arguments of a tool call are nested too deeply");
                }
            }
        }
    }

    @Override
    public void close() {
        lifecycle.close(handle::close, model);
    }
}
