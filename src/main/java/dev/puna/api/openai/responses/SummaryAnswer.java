// SPDX-License-Identifier: Apache-2.0
package dev.puna.api.openai.responses;

import dev.puna.api.json.CallArguments;
import dev.puna.api.openai.responses.request.CompactableInput;
import dev.puna.api.openai.responses.wire.ResponseObject;
import dev.puna.chat.Message;
import dev.puna.chat.ToolCall;
import dev.puna.engine.GenerationEvent;
import dev.puna.engine.GenerationEvent.Finished;
import dev.puna.engine.GenerationEvent.PromptProgress;
import dev.puna.engine.GenerationEvent.Reasoning;
import dev.puna.engine.GenerationEvent.Text;
import dev.puna.engine.GenerationEvent.ToolUse;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What a model answers when it is asked for a summary. One thread at a time. */
final class SummaryAnswer {
    private final StringBuilder text = new StringBuilder();
    private final List<ToolCall> calls = new ArrayList<>();
    private int input;
    private int cached;
    private int output;
    private int reasoned;

    /**
     * A summary that can be used.
     *
     * @param retained ids of the items that are kept
     */
    record Summary(String text, List<String> retained) {
        Summary {
            retained = List.copyOf(retained);
        }
    }

    void add(GenerationEvent event) {
        switch (event) {
            case Text(var piece, var _) -> text.append(piece);
            case PromptProgress _, Reasoning _ -> {}
            case ToolUse(var call) -> calls.add(call);
            case Finished finished -> {
                var usage = finished.usage();
                input += usage.promptTokens();
                cached += usage.cachedTokens();
                output += usage.generatedTokens();
                reasoned += usage.reasoningTokens();
            }
        }
    }

    /** This answer with what an earlier one took. */
    SummaryAnswer and(SummaryAnswer later) {
        later.input += input;
        later.cached += cached;
        later.output += output;
        later.reasoned += reasoned;
        return later;
    }

    /** What it took. */
    ResponseObject.Usage usage() {
        return ResponseObject.Usage.of(input, cached, output, reasoned);
    }

    /** The one call with a text and ids of items that there are. */
    Optional<Summary> summary(CompactableInput items) {
        if (calls.size() != 1) {
            return Optional.empty();
        }
        var arguments = CallArguments.of(calls.getFirst().arguments());
        var ids = new ArrayList<String>();
        arguments.path("retain_item_ids").forEach(id -> ids.add(id.asText()));
        return Optional.of(new Summary(arguments.path("summary").asText(), ids))
                .filter(summary -> !summary.text().isBlank() && items.has(ids));
    }

    /** It as a turn of the conversation. */
    Message message() {
        var said = new StringBuilder(text);
        calls.forEach(call -> said.append(call.name()).append(call.arguments()));
        return Message.of("assistant", said.toString());
    }
}
