// SPDX-License-Identifier: Apache-2.0
package dev.puna.engine.wire;

import dev.puna.engine.FinishReason;
import dev.puna.engine.GenerationEvent;
import dev.puna.engine.TokenLogprob;
import dev.puna.engine.Usage;
import java.io.IOException;
import java.util.List;

/** What happens in a generation, in bodies. */
final class EventCodec {
    private static final List<Form> FORMS = List.of(Form.values());
    private static final List<FinishReason> REASONS = List.of(FinishReason.values());

    private EventCodec() {}

    private enum Form {
        PROMPT_PROGRESS,
        TEXT,
        REASONING,
        TOOL_USE,
        FINISHED
    }

    static void write(BodyWriter out, GenerationEvent event) {
        switch (event) {
            case GenerationEvent.PromptProgress progress -> {
                out.one(Form.PROMPT_PROGRESS);
                out.int32(progress.total());
                out.int32(progress.cached());
                out.int32(progress.processed());
                out.duration(progress.time());
            }
            case GenerationEvent.Text text -> {
                out.one(Form.TEXT);
                out.text(text.piece());
                out.list(text.logprobs(), EventCodec::writeLogprob);
            }
            case GenerationEvent.Reasoning reasoning -> {
                out.one(Form.REASONING);
                out.text(reasoning.piece());
                out.list(reasoning.logprobs(), EventCodec::writeLogprob);
            }
            case GenerationEvent.ToolUse use -> {
                out.one(Form.TOOL_USE);
                ChatCodec.writeCall(out, use.call());
            }
            case GenerationEvent.Finished finished -> {
                out.one(Form.FINISHED);
                out.one(finished.reason());
                writeUsage(out, finished.usage());
                out.int32s(finished.context());
                out.flag(finished.truncated());
                out.text(finished.stop());
            }
        }
    }

    static GenerationEvent read(BodyReader in) throws IOException {
        return switch (in.oneOf(FORMS)) {
            case PROMPT_PROGRESS ->
                new GenerationEvent.PromptProgress(in.int32(), in.int32(), in.int32(), in.duration());
            case TEXT -> new GenerationEvent.Text(in.text(), in.list(EventCodec::readLogprob));
            case REASONING -> new GenerationEvent.Reasoning(in.text(), in.list(EventCodec::readLogprob));
            case TOOL_USE -> new GenerationEvent.ToolUse(ChatCodec.readCall(in));
            case FINISHED ->
                new GenerationEvent.Finished(in.oneOf(REASONS), readUsage(in), in.int32s(), in.flag(), in.text());
        };
    }

    private static void writeUsage(BodyWriter out, Usage usage) {
        out.int32(usage.promptTokens());
        out.int32(usage.cachedTokens());
        out.duration(usage.promptDuration());
        out.int32(usage.generatedTokens());
        out.duration(usage.generationDuration());
        out.int32(usage.reasoningTokens());
        out.int32(usage.stepRows());
        out.int32(usage.guessedTokens());
        out.int32(usage.acceptedTokens());
    }

    private static Usage readUsage(BodyReader in) throws IOException {
        return new Usage(in.int32(), in.int32(), in.duration(), in.int32(), in.duration(), in.int32(), in.int32())
                .withGuesses(in.int32(), in.int32());
    }

    private static void writeLogprob(BodyWriter out, TokenLogprob logprob) {
        writeAlternative(out, logprob);
        out.list(logprob.alternatives(), EventCodec::writeAlternative);
    }

    private static TokenLogprob readLogprob(BodyReader in) throws IOException {
        return new TokenLogprob(in.text(), in.int32s(), in.float64(), in.list(EventCodec::readAlternative));
    }

    /** Alternatives have none themselves, so none are written. */
    private static void writeAlternative(BodyWriter out, TokenLogprob logprob) {
        out.text(logprob.token());
        out.int32s(logprob.bytes());
        out.float64(logprob.logprob());
    }

    private static TokenLogprob readAlternative(BodyReader in) throws IOException {
        return new TokenLogprob(in.text(), in.int32s(), in.float64(), List.of());
    }
}
