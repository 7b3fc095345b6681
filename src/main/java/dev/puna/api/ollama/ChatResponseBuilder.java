// SPDX-License-Identifier: Apache-2.0
package dev.puna.api.ollama;

import dev.puna.api.ollama.wire.ChatChunk;
import dev.puna.api.ollama.wire.ChatMessage;
import dev.puna.api.ollama.wire.DebugInfo;
import dev.puna.api.ollama.wire.LogprobEntry;
import dev.puna.api.ollama.wire.ToolCallEntry;
import dev.puna.engine.GenerationEvent.Finished;
import dev.puna.inference.RequestClock;
import java.util.List;

/** One answer of {@code /api/chat}. Source: contract 1.4. */
final class ChatResponseBuilder extends ResponseBuilder<ChatChunk> {

    ChatResponseBuilder(String model, RequestClock clock) {
        super(model, clock);
    }

    @Override
    ChatChunk reply(String doneReason) {
        return ChatChunk.reply(model(), now(), doneReason);
    }

    @Override
    ChatChunk rendered(DebugInfo info) {
        return ChatChunk.rendered(model(), now(), info);
    }

    @Override
    ChatChunk piece(String text, String reasoning, List<LogprobEntry> tokens) {
        return ChatChunk.piece(model(), now(), ChatMessage.assistant(text, reasoning, List.of()), tokens);
    }

    @Override
    ChatChunk toolUse(ToolCallEntry call) {
        return ChatChunk.piece(model(), now(), ChatMessage.assistant("", "", List.of(call)), List.of());
    }

    @Override
    ChatChunk last(
            Finished finished, String text, String reasoning, List<ToolCallEntry> calls, List<LogprobEntry> tokens) {
        return new ChatChunk(
                model(),
                now(),
                ChatMessage.assistant(text, reasoning, calls),
                true,
                ResponseParts.doneReason(finished.reason()),
                null,
                tokens,
                metrics(finished),
                finished.truncated());
    }
}
