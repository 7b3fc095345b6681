// SPDX-License-Identifier: Apache-2.0
package dev.puna.api.ollama;

import dev.puna.api.ollama.wire.DebugInfo;
import dev.puna.api.ollama.wire.GenerateChunk;
import dev.puna.api.ollama.wire.LogprobEntry;
import dev.puna.api.ollama.wire.ToolCallEntry;
import dev.puna.engine.GenerationEvent.Finished;
import dev.puna.inference.RequestClock;
import java.util.List;

/** One answer of {@code /api/generate}. Calls of tools wait for the last line. Source: contract 1.3. */
final class GenerateResponseBuilder extends ResponseBuilder<GenerateChunk> {

    GenerateResponseBuilder(String model, RequestClock clock) {
        super(model, clock);
    }

    @Override
    GenerateChunk reply(String doneReason) {
        return GenerateChunk.reply(model(), now(), doneReason);
    }

    @Override
    GenerateChunk rendered(DebugInfo info) {
        return GenerateChunk.rendered(model(), now(), info);
    }

    @Override
    GenerateChunk piece(String text, String reasoning, List<LogprobEntry> tokens) {
        return GenerateChunk.piece(model(), now(), text, reasoning, tokens);
    }

    @Override
    GenerateChunk toolUse(ToolCallEntry call) {
        keep(call);
        return piece("", "", List.of());
    }

    @Override
    GenerateChunk last(
            Finished finished, String text, String reasoning, List<ToolCallEntry> calls, List<LogprobEntry> tokens) {
        return new GenerateChunk(
                model(),
                now(),
                text,
                reasoning,
                true,
                ResponseParts.doneReason(finished.reason()),
                finished.context(),
                metrics(finished),
                calls,
                null,
                tokens,
                finished.truncated());
    }
}
