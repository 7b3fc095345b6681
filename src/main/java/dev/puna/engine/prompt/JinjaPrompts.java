// SPDX-License-Identifier: Apache-2.0
package dev.puna.engine.prompt;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.puna.engine.OutputFormat;
import dev.puna.engine.Prompt;
import dev.puna.failure.InvalidRequest;
import dev.puna.failure.NativeFailure;
import dev.puna.tokenization.Tokenizer;
import java.util.ArrayList;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Renders conversations with the model's own Jinja template, which llama.cpp runs (ChatML for a model that has none), and learns
 * from it what shape the answer has. <b>Threads:</b> any.
 */
public final class JinjaPrompts {

    /** Characters of a begun answer that a grammar is taken through in a moment, and without a deep stack. */
    private static final int LONGEST_BEGINNING = 64 << 10;

    private final JinjaTemplate template;
    private final String bos;
    private volatile @Nullable Description last;

    /** Two trees of a result, which a later one may hold, too, and their texts. */
    private record Description(JsonNode sampler, JsonNode parser, String samplerJson, String parserJson) {}

    public JinjaPrompts(JinjaTemplate template, Tokenizer tokenizer) {
        this.template = template;
        this.bos = begin(tokenizer);
    }

    /** The text of the begin token if the tokenizer adds that, so that a template's own can be left out; else nothing. */
    static String begin(Tokenizer tokenizer) {
        var token = tokenizer.bos();
        return tokenizer.addsBos() && token.isPresent() ? new String(tokenizer.bytes(token.getAsInt()), UTF_8) : "";
    }

    /**
     * Renders a conversation. Where a thought or a call may come before an answer in a wanted format, llama.cpp makes the
     * grammar, which then lets them pass; all other formats are left to the sampler.
     */
    public RenderedPrompt render(Prompt.Conversation conversation, OutputFormat wanted) {
        try {
            return applied(conversation, wanted);
        } catch (NativeFailure refused) {
            return withShortIds(conversation, wanted)
                    .orElseThrow(() -> new InvalidRequest(
                            "the model's chat template refuses this conversation: " + refused.text()));
        }
    }

    private Optional<RenderedPrompt> withShortIds(Prompt.Conversation conversation, OutputFormat wanted) {
        if (!ShortCallIds.matterTo(conversation.messages())) {
            return Optional.empty();
        }
        try {
            return Optional.of(applied(conversation.withMessages(ShortCallIds.in(conversation.messages())), wanted));
        } catch (NativeFailure refusedToo) {
            return Optional.empty();
        }
    }

    private RenderedPrompt applied(Prompt.Conversation conversation, OutputFormat wanted) {
        try {
            var callable = CallableTools.of(conversation);
            var inputs = ConversationJson.of(conversation, template.parallelToolCalls(), template.thinking());
            var result = apply(inputs);
            var schema = wanted.schema();
            var callRules = callable.required() || (schema.isPresent() && !callable.isEmpty())
                    ? CallRules.in(result)
                    : Optional.<CallRules>empty();
            if (callRules.isPresent()) {
                return rendered(result, false, callable, callRules);
            }
            var tellsCalls = result.path("sampler").path("grammar_lazy").asBoolean();
            if (callable.required() && tellsCalls) {
                inputs.put("tool_choice", "required");
                return rendered(apply(inputs), true, callable, callRules);
            }
            if (callable.required() || (schema.isPresent() && !callable.isEmpty() && !tellsCalls)) {
                return inJson(result, callable);
            }
            var constrained =
                    schema.isPresent() && (result.path("supports_thinking").asBoolean() || !callable.isEmpty());
            if (constrained) {
                // What is wrong with a schema is said better where there is nothing else.
                template.schemaCheck().accept(schema.get());
                inputs.put("json_schema", schema.get());
                result = apply(inputs);
            }
            return rendered(result, constrained, callable, callRules);
        } catch (JsonProcessingException broken) {
            throw new NativeFailure("the chat format gave no JSON that can be read", broken);
        }
    }

    private JsonNode apply(ObjectNode inputs) {
        return template.apply().apply(inputs);
    }

    /** Of a template that has no notation for calls, or one that begins with nothing fixed. */
    private RenderedPrompt inJson(JsonNode result, CallableTools callable) {
        return rendered(
                result,
                new ResponseFormat.Tagged(
                        ThoughtMarks.tags(result), ThoughtMarks.begun(result), Optional.empty(), callable, true));
    }

    private RenderedPrompt rendered(
            JsonNode result, boolean constrained, CallableTools callable, Optional<CallRules> callRules) {
        var sampler = result.path("sampler");
        if (!sampler.path("grammar").asText().isEmpty()
                && sampler.path("grammar_prefill").asText().length() > LONGEST_BEGINNING) {
            throw new InvalidRequest(
                    ("the assistant's words at the end are too many to go on from with tools or a format:"
                                    + " at most %d characters are held against its grammar")
                            .formatted(LONGEST_BEGINNING));
        }
        var description = described(sampler, result.path("parser"));
        return rendered(
                result,
                new ResponseFormat.Described(
                        description.samplerJson(),
                        description.parserJson(),
                        description.parser().path("plain").asBoolean(),
                        constrained,
                        CallMarks.in(result),
                        callable,
                        callRules));
    }

    @SuppressWarnings("ReferenceEquality") // What is not the same tree is written anew.
    private Description described(JsonNode sampler, JsonNode parser) {
        var known = last;
        if (known != null && known.sampler() == sampler && known.parser() == parser) {
            return known;
        }
        var description = new Description(sampler, parser, sampler.toString(), parser.toString());
        last = description;
        return description;
    }

    private RenderedPrompt rendered(JsonNode result, ResponseFormat responseFormat) {
        var text = result.path("prompt").asText();
        var stops = new ArrayList<String>();
        result.path("additional_stops").forEach(stop -> stops.add(stop.asText()));
        return new RenderedPrompt(
                !bos.isEmpty() && text.startsWith(bos) ? text.substring(bos.length()) : text, stops, responseFormat);
    }
}
