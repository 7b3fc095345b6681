// SPDX-License-Identifier: Apache-2.0
package dev.puna.api.ollama;

import dev.puna.api.json.CallArguments;
import dev.puna.api.ollama.wire.LogprobEntry;
import dev.puna.api.ollama.wire.Metrics;
import dev.puna.api.ollama.wire.ToolCallEntry;
import dev.puna.chat.CallIds;
import dev.puna.chat.ToolCall;
import dev.puna.engine.FinishReason;
import dev.puna.engine.TokenLogprob;
import dev.puna.engine.Usage;
import dev.puna.inference.RequestClock;
import java.time.Duration;
import java.util.List;

/** The parts that the answers of {@code /api/generate} and {@code /api/chat} have in common. */
final class ResponseParts {
    private ResponseParts() {}

    static String doneReason(FinishReason reason) {
        return switch (reason) {
            case STOP -> "stop";
            case LENGTH -> "length";
        };
    }

    static Metrics metrics(Usage usage, RequestClock clock) {
        return new Metrics(
                clock.totalNanos(),
                clock.loadNanos(),
                usage.promptTokens(),
                usage.cachedTokens(),
                nanosUnlessNone(usage.promptDuration(), usage.promptTokens()),
                usage.generatedTokens(),
                nanosUnlessNone(usage.generationDuration(), usage.generatedTokens()));
    }

    static List<LogprobEntry> logprobs(List<TokenLogprob> logprobs) {
        return logprobs.isEmpty()
                ? List.of()
                : logprobs.stream().map(ResponseParts::logprob).toList();
    }

    private static LogprobEntry logprob(TokenLogprob token) {
        return new LogprobEntry(token.token(), token.logprob(), token.bytes(), logprobs(token.alternatives()));
    }

    static ToolCallEntry toolCall(ToolCall call) {
        var function = new ToolCallEntry.Function(call.index(), call.name(), CallArguments.of(call.arguments()));
        return new ToolCallEntry(CallIds.of(call), function);
    }

    /** A duration of work that was done; zero would leave the field out, as if there had been none. */
    private static long nanosUnlessNone(Duration duration, int tokens) {
        return tokens > 0 ? Math.max(1, duration.toNanos()) : 0;
    }
}
