// SPDX-License-Identifier: Apache-2.0
package dev.puna.api.openai;

import static java.util.Objects.requireNonNull;

import dev.puna.api.openai.wire.ChatObject.PieceOfChoice;
import dev.puna.api.openai.wire.ChatObject.WholeChoice;
import dev.puna.api.openai.wire.ChatText;
import dev.puna.api.openai.wire.ToolCallObject;
import dev.puna.chat.ToolCall;
import dev.puna.engine.FinishReason;
import dev.puna.engine.GenerationEvent;
import dev.puna.engine.GenerationEvent.Finished;
import dev.puna.engine.GenerationEvent.PromptProgress;
import dev.puna.engine.GenerationEvent.Reasoning;
import dev.puna.engine.GenerationEvent.Text;
import dev.puna.engine.GenerationEvent.ToolUse;
import dev.puna.engine.TokenLogprob;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One of the answers of {@code /v1/chat/completions}: each event as a piece, or all together. Like {@link Answer}. */
final class ChatChoice {
    private final int index;
    private final StringBuilder content = new StringBuilder();
    private final StringBuilder reasoning = new StringBuilder();
    private final List<ToolCallObject> calls = new ArrayList<>();
    private final List<TokenLogprob> logprobs = new ArrayList<>();
    private boolean begun;
    private @Nullable Finished end;

    ChatChoice(int index) {
        this.index = index;
    }

    PieceOfChoice piece(GenerationEvent event) {
        return switch (event) {
            case PromptProgress _ -> piece(null, null, List.of(), null, List.of());
            case Text(var text, var tokens) -> piece(text, null, List.of(), null, tokens);
            case Reasoning(var thought, var tokens) -> piece(null, thought, List.of(), null, tokens);
            case ToolUse(var call) -> piece(null, null, List.of(kept(call)), null, List.of());
            case Finished finished -> piece(null, null, List.of(), reason(finished), List.of());
        };
    }

    private PieceOfChoice piece(
            @Nullable String text,
            @Nullable String thought,
            List<ToolCallObject> called,
            @Nullable String finishReason,
            List<TokenLogprob> tokens) {
        var role = begun ? null : "assistant";
        begun = true;
        var delta = new ChatText(role, text, thought, called);
        return new PieceOfChoice(index, delta, finishReason, AnswerParts.logprobs(tokens));
    }

    void add(GenerationEvent event) {
        switch (event) {
            case PromptProgress _ -> {}
            case Text(var piece, var tokens) -> {
                content.append(piece);
                logprobs.addAll(tokens);
            }
            case Reasoning(var piece, var tokens) -> {
                reasoning.append(piece);
                logprobs.addAll(tokens);
            }
            case ToolUse(var call) -> kept(call);
            case Finished finished -> end = finished;
        }
    }

    WholeChoice whole() {
        var finished = requireNonNull(end, "the answer has no end");
        var thought = reasoning.isEmpty() ? null : reasoning.toString();
        var message = new ChatText("assistant", content.toString(), thought, calls);
        return new WholeChoice(index, message, reason(finished), AnswerParts.logprobs(logprobs));
    }

    private ToolCallObject kept(ToolCall call) {
        var object = AnswerParts.toolCall(call, calls.size());
        calls.add(object);
        return object;
    }

    private String reason(Finished finished) {
        return finished.reason() == FinishReason.STOP && !calls.isEmpty()
                ? "tool_calls"
                : AnswerParts.finishReason(finished.reason());
    }
}
