// SPDX-License-Identifier: Apache-2.0
package dev.puna.api.openai;

import static java.util.Objects.requireNonNull;

import dev.puna.api.openai.wire.CompletionLogprobs;
import dev.puna.api.openai.wire.CompletionObject.Choice;
import dev.puna.engine.GenerationEvent;
import dev.puna.engine.GenerationEvent.Finished;
import dev.puna.engine.GenerationEvent.PromptProgress;
import dev.puna.engine.GenerationEvent.Reasoning;
import dev.puna.engine.GenerationEvent.Text;
import dev.puna.engine.GenerationEvent.ToolUse;
import dev.puna.engine.TokenLogprob;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One of the answers of {@code /v1/completions}: each event as a piece, or all together. Like {@link Answer}. */
final class CompletionChoice {
    private final int index;
    private final StringBuilder said = new StringBuilder();
    private final StringBuilder reasoning = new StringBuilder();
    private final List<TokenLogprob> logprobs = new ArrayList<>();
    private String echoed;

    /** Characters of the answer before the tokens that come next. */
    private int offset;

    private @Nullable Finished end;

    /**
     * @param echoed what the answer begins with
     */
    CompletionChoice(int index, String echoed) {
        this.index = index;
        this.echoed = echoed;
    }

    Choice piece(GenerationEvent event) {
        return event instanceof PromptProgress ? new Choice("", index, null, null, null) : said(event);
    }

    private Choice said(GenerationEvent event) {
        var begin = echoed;
        echoed = "";
        return switch (event) {
            case Text(var text, var tokens) -> new Choice(begin + text, index, null, logprobs(tokens), null);
            case Reasoning thought -> new Choice(begin, index, null, null, thought.piece());
            case PromptProgress _, ToolUse _ -> new Choice(begin, index, null, null, null);
            case Finished finished -> new Choice(begin, index, AnswerParts.finishReason(finished.reason()), null, null);
        };
    }

    void add(GenerationEvent event) {
        switch (event) {
            case Text(var text, var tokens) -> {
                said.append(text);
                logprobs.addAll(tokens);
            }
            case Reasoning thought -> reasoning.append(thought.piece());
            case PromptProgress _, ToolUse _ -> {}
            case Finished finished -> end = finished;
        }
    }

    Choice whole() {
        var finished = requireNonNull(end, "the answer has no end");
        return new Choice(
                echoed + said,
                index,
                AnswerParts.finishReason(finished.reason()),
                logprobs(logprobs),
                reasoning.isEmpty() ? null : reasoning.toString());
    }

    /** In the form of this route: lists side by side. */
    private @Nullable CompletionLogprobs logprobs(List<TokenLogprob> tokens) {
        if (tokens.isEmpty()) {
            return null;
        }
        var offsets = new ArrayList<Integer>();
        for (var token : tokens) {
            offsets.add(offset);
            offset += characters(token);
        }
        var alternatives =
                tokens.stream().anyMatch(token -> !token.alternatives().isEmpty())
                        ? tokens.stream().map(CompletionChoice::likeliest).toList()
                        : null;
        return new CompletionLogprobs(
                tokens.stream().map(TokenLogprob::token).toList(),
                tokens.stream().map(TokenLogprob::logprob).toList(),
                alternatives,
                offsets);
    }

    /** Of tokens with the same text the likeliest. */
    private static Map<String, Double> likeliest(TokenLogprob token) {
        var alternatives = new LinkedHashMap<String, Double>();
        token.alternatives().forEach(other -> alternatives.putIfAbsent(other.token(), other.logprob()));
        return alternatives;
    }

    /** A character whose bytes are several tokens counts where it begins. */
    private static int characters(TokenLogprob token) {
        return (int)
                token.bytes().stream().filter(octet -> (octet & 0xC0) != 0x80).count();
    }
}
