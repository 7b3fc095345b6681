// SPDX-License-Identifier: Apache-2.0
package dev.puna.llama;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.puna.failure.InvalidRequest;
import dev.puna.llama.binding.ChatHandle;
import dev.puna.llama.guard.DeepStack;
import dev.puna.llama.guard.Nesting;
import dev.puna.llama.guard.SchemaLimits;
import dev.puna.llama.guard.ShimJson;
import dev.puna.schema.StandIns;
import java.util.function.Supplier;

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
    private final KnownTools knownTools = new KnownTools();
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
     * @param conversation the inputs of {@code puna_chat_apply} in puna_shim.h: messages, tools and options; with {@code callable}, a
     *     list of names, only those of the tools may be called. Tools may be raw values
     * @return its result: the prompt, the {@link dev.puna.llama.settings.Grammar}, stops and the {@link ChatParser}'s parameters; what is
     *     in it may be in other results, too, and is not to be changed
     * @throws InvalidRequest if something in it is nested too deeply, or a schema asks too much
     * @throws dev.puna.failure.NativeFailure if the template refuses the conversation
     */
    public JsonNode apply(ObjectNode conversation) {
        return lifecycle.use(() -> DeepStack.call(() -> {
            var inputs = ShimJson.object();
            inputs.setAll(conversation);
            var schema = schema(inputs);
            SchemaLimits.check(schema);
            checkArguments(inputs);
            return apply(inputs, schema);
        }));
    }

    /** With schemas of which llama.cpp makes the right grammar; the prompt shows those that were given. */
    private JsonNode apply(ObjectNode inputs, JsonNode schema) {
        var tools = knownTools.takeOut(inputs);
        var answer = new StandIns();
        if (!schema.isMissingNode()) {
            inputs.put("json_schema", answer.answer(schema).toString());
        }
        tools.putInto(inputs);
        // Without a schema of the answer, all but the prompt often is as it was the last time that there were these
        // tools.
        var known = schema.isMissingNode() ? tools.lastFormat() : null;
        if (known != null) {
            inputs.set("known_format", known.get("format"));
        }
        var result = rendered(inputs);
        if (known != null && known.get("format").equals(result.get("format"))) {
            result.setAll(known);
        } else if (result.get("sampler") instanceof ObjectNode sampler) {
            var parallel = inputs.path("parallel_tool_calls").asBoolean();
            var grammar = tools.completed(sampler.path("grammar").asText(), parallel);
            sampler.put("grammar", schema.isMissingNode() ? grammar : answer.complete(grammar));
            if (schema.isMissingNode()) {
                tools.keepFormat(result);
            }
        }
        if (tools.spoil(result.path("prompt").asText())) {
            // Some formats change the tools before they are rendered.
            tools.putShownInto(inputs);
            inputs.put("tool_choice", "none").remove("json_schema");
            result.set("prompt", rendered(inputs).path("prompt"));
        }
        result.remove("format");
        return result;
    }

    private ObjectNode rendered(ObjectNode inputs) {
        return (ObjectNode) ShimJson.parse(handle.apply(inputs.toString()));
    }

    private static JsonNode schema(JsonNode inputs) {
        var schema = inputs.path("json_schema");
        if (schema.isTextual() && !schema.asText().isEmpty()) {
            return ShimJson.parseGiven(schema.asText(), "JSON schema");
        }
        return schema.isObject() ? schema : MissingNode.getInstance();
    }

    /** Templates take the arguments of calls apart. */
    private static void checkArguments(JsonNode inputs) {
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
