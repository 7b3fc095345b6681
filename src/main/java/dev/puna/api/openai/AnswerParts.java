// SPDX-License-Identifier: Apache-2.0
package dev.puna.api.openai;

import dev.puna.api.http.framing.ServerSentEvents;
import dev.puna.api.json.CallArguments;
import dev.puna.api.openai.wire.LogprobsObject;
import dev.puna.api.openai.wire.ProgressObject;
import dev.puna.api.openai.wire.TimingsObject;
import dev.puna.api.openai.wire.ToolCallObject;
import dev.puna.api.openai.wire.UsageObject;
import dev.puna.chat.CallIds;
import dev.puna.chat.ToolCall;
import dev.puna.engine.FinishReason;
import dev.puna.engine.GenerationEvent;
import dev.puna.engine.GenerationEvent.PromptProgress;
import dev.puna.engine.TokenLogprob;
import dev.puna.engine.Usage;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/** The parts that the answers of several routes have in common. */
public final class AnswerParts {
    /** What Ollama gives, which some clients look for. */
    static final String FINGERPRINT = "fp_ollama";

    /** An error is the last event; {@code [DONE]} is that of an answer that is whole. */
    static final ServerSentEvents EVENTS = new ServerSentEvents("", "[DONE]");

    private static final int IDS = 1_000_000_000;

    private AnswerParts() {}

    /** A new id of a kind of answer. */
    static String id(String kind) {
        return kind + "-" + ThreadLocalRandom.current().nextInt(IDS);
    }

    static String finishReason(FinishReason reason) {
        return switch (reason) {
            case STOP -> "stop";
            case LENGTH -> "length";
        };
    }

    static UsageObject usage(Usage usage) {
        return UsageObject.of(usage.promptTokens(), usage.cachedTokens(), usage.generatedTokens());
    }

    /** How much of a prompt has been read, if the event tells that. */
    static @Nullable ProgressObject progress(GenerationEvent event) {
        return event instanceof PromptProgress(var total, var cached, var processed, var time)
                ? new ProgressObject(total, cached, processed, time.toMillis())
                : null;
    }

    /** How long it took, unless it took nothing. */
    static @Nullable TimingsObject timings(Usage usage) {
        var read = usage.promptTokens() - usage.cachedTokens();
        return read == 0 && usage.generatedTokens() == 0
                ? null
                : TimingsObject.of(
                        read,
                        usage.promptDuration().toMillis(),
                        usage.generatedTokens(),
                        usage.generationDuration().toMillis());
    }

    /** Those of the tokens, none if there are none. */
    static @Nullable LogprobsObject logprobs(List<TokenLogprob> tokens) {
        return tokens.isEmpty() ? null : new LogprobsObject(tokens(tokens));
    }

    /** How likely each of these tokens was. */
    public static List<LogprobsObject.Token> tokens(List<TokenLogprob> tokens) {
        return tokens.stream()
                .map(token -> new LogprobsObject.Token(
                        token.token(), token.logprob(), token.bytes(), tokens(token.alternatives())))
                .toList();
    }

    static ToolCallObject toolCall(ToolCall call, int index) {
        return ToolCallObject.of(CallIds.of(call), index, call.name(), CallArguments.text(call.arguments()));
    }
}
