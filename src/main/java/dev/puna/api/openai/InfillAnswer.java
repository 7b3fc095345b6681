// SPDX-License-Identifier: Apache-2.0
package dev.puna.api.openai;

import static java.util.Objects.requireNonNull;

import dev.puna.api.answer.Answer;
import dev.puna.api.openai.wire.InfillObject;
import dev.puna.engine.FinishReason;
import dev.puna.engine.GenerationEvent;
import dev.puna.engine.GenerationEvent.Finished;
import dev.puna.engine.GenerationEvent.Text;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How the events of a generation become an answer of {@code /infill}. One answer at a time, as {@link Answer}. */
final class InfillAnswer implements Answer {
    private final String model;
    private final StringBuilder said = new StringBuilder();
    private @Nullable Finished end;

    /**
     * @param model as the client names it
     */
    InfillAnswer(String model) {
        this.model = model;
    }

    @Override
    public List<InfillObject> pieces(GenerationEvent event) {
        return switch (event) {
            case Text text -> List.of(InfillObject.piece(text.piece()));
            case Finished finished -> List.of(last("", finished));
            default -> List.of();
        };
    }

    @Override
    public void add(GenerationEvent event) {
        switch (event) {
            case Text text -> said.append(text.piece());
            case Finished finished -> end = finished;
            default -> {}
        }
    }

    @Override
    public InfillObject whole() {
        return last(said.toString(), requireNonNull(end, "the answer has no end"));
    }

    private InfillObject last(String content, Finished finished) {
        var usage = finished.usage();
        return new InfillObject(
                0,
                content,
                true,
                model,
                finished.reason() == FinishReason.STOP ? "eos" : "limit",
                finished.truncated(),
                usage.generatedTokens(),
                usage.promptTokens(),
                usage.cachedTokens(),
                AnswerParts.timings(usage));
    }

    @Override
    public InfillObject empty() {
        throw new IllegalStateException("a gap is never empty");
    }

    @Override
    public InfillObject rendered(String prompt, int images) {
        return InfillObject.piece(prompt);
    }
}
