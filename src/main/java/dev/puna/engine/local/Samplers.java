// SPDX-License-Identifier: Apache-2.0
package dev.puna.engine.local;

import dev.puna.engine.GenerationRequest;
import dev.puna.engine.OutputFormat;
import dev.puna.engine.prompt.CallableTools;
import dev.puna.engine.prompt.ResponseFormat;
import dev.puna.engine.prompt.ThoughtGrammar;
import dev.puna.failure.InvalidRequest;
import dev.puna.failure.NativeFailure;
import dev.puna.llama.GivenGrammars;
import dev.puna.llama.JsonSchemas;
import dev.puna.llama.LoadedModel;
import dev.puna.llama.Sampler;
import dev.puna.llama.settings.Grammar;
import dev.puna.llama.settings.SamplerSettings;
import dev.puna.model.GenerationOptions;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Makes the sampler that a request asks for. <b>Threads:</b> any. */
final class Samplers {

    /** Below every logit, but not minus infinity: where a grammar allows nothing but the end, the end comes. */
    private static final float NEVER = -1e9f;
    /** What the rules of a format's names begin with beside those of calls. */
    private static final String FORMAT = "format-";

    private final LoadedModel model;

    Samplers(LoadedModel model) {
        this.model = model;
    }

    /** A new sampler, which the caller closes. */
    Sampler open(GenerationRequest request, ResponseFormat responseFormat) {
        var options = request.options();
        var settings = new SamplerSettings(
                options.seed(),
                options.temperature(),
                options.topK(),
                options.topP(),
                options.minP(),
                options.typicalP(),
                options.repeatPenalty(),
                options.presencePenalty(),
                options.frequencyPenalty(),
                options.repeatLastN(),
                biases(options),
                grammar(request.format(), responseFormat));
        try {
            return model.sampler(settings);
        } catch (NativeFailure refused) {
            if (request.format() instanceof OutputFormat.Gbnf) {
                throw new InvalidRequest("the grammar cannot be used: " + refused.text(), "grammar");
            }
            throw new InvalidRequest("the options cannot be used for sampling: " + refused.text());
        }
    }

    /** What is added to logits; ids that the model does not have are refused. */
    private Map<Integer, Float> biases(GenerationOptions options) {
        var vocabulary = model.vocabulary();
        for (var token : options.logitBias().keySet()) {
            if (token >= vocabulary.size()) {
                throw new InvalidRequest(
                        "logit_bias names token %d, but this model has the tokens 0 to %d"
                                .formatted(token, vocabulary.size() - 1),
                        "logit_bias");
            }
        }
        if (!options.ignoreEos()) {
            return options.logitBias();
        }
        var biases = new HashMap<>(options.logitBias());
        for (var end : vocabulary.endsOfAnswers()) {
            biases.put(end, NEVER);
        }
        return biases;
    }

    private static Optional<Grammar> grammar(OutputFormat format, ResponseFormat responseFormat) {
        return switch (responseFormat) {
            case ResponseFormat.Plain _ -> rules(format).map(Grammar::of);
            case ResponseFormat.Described described ->
                Optional.of(grammar(format, described, Grammar.ofChatFormat(described.samplerJson())));
            case ResponseFormat.Tagged tagged -> grammar(format, tagged);
        };
    }

    private static Grammar grammar(OutputFormat format, ResponseFormat.Described described, Grammar given) {
        var calls = described.callRules();
        if (calls.isPresent()) {
            var rules = calls.get();
            return given.withRules(ThoughtGrammar.before(
                    callsOr(format, rules.rules(), described.callable()), rules.thinking(), rules.insideThought()));
        }
        var rules = rules(format);
        return described.constrained() || rules.isEmpty() ? given : given.withRules(rules.get());
    }

    /** The grammar of an answer in llama.cpp's notation; nothing for any text. */
    private static Optional<String> rules(OutputFormat format) {
        return switch (format) {
            case OutputFormat.Free _ -> Optional.empty();
            case OutputFormat.Json _, OutputFormat.Schema _ -> format.schema().map(JsonSchemas::toGrammar);
            case OutputFormat.Gbnf(var grammar) -> Optional.of(GivenGrammars.checked(grammar));
            case OutputFormat.Matching(var expression) -> Optional.of(GivenGrammars.ofExpression(expression));
        };
    }

    private static Optional<Grammar> grammar(OutputFormat format, ResponseFormat.Tagged tagged) {
        var answer = tagged.callsInJson()
                ? Optional.of(callsOr(format, callsInJson(tagged.callable()), tagged.callable()))
                : rules(format);
        return answer.map(rules -> Grammar.of(ThoughtGrammar.before(rules, tagged.thinking(), tagged.insideThought())));
    }

    private static String callsInJson(CallableTools callable) {
        var definitions = new LinkedHashMap<String, String>();
        callable.tools().forEach(tool -> definitions.putIfAbsent(tool.name(), tool.json()));
        return JsonSchemas.toCallGrammar(definitions, callable.parallel());
    }

    /** Calls, or what is in a format where no call is required. */
    private static String callsOr(OutputFormat format, String calls, CallableTools callable) {
        var schema = format.schema();
        return callable.required() || schema.isEmpty()
                ? calls
                : ThoughtGrammar.either(calls, FORMAT + "root", JsonSchemas.toGrammar(schema.get(), FORMAT));
    }
}
