// SPDX-License-Identifier: Apache-2.0
package dev.puna.api.openai;

import dev.puna.api.answer.ChoicesAnswer;
import dev.puna.api.openai.request.CompletionRequest;
import dev.puna.api.openai.wire.CompletionObject;
import dev.puna.api.openai.wire.CompletionObject.Choice;
import dev.puna.api.openai.wire.CompletionObject.Piece;
import dev.puna.api.openai.wire.ProgressObject;
import dev.puna.api.openai.wire.TimingsObject;
import dev.puna.api.openai.wire.UsageObject;
import dev.puna.engine.GenerationEvent.ToolUse;
import dev.puna.inference.parallel.ChoiceEvent;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * How the events of generations become an answer of {@code /v1/completions}, which has no place for calls of tools. One answer at a time;
 * the events come one after the other, from any thread. Source: contract 1.11.
 */
final class CompletionAnswer implements ChoicesAnswer {
    private static final String OBJECT = "text_completion";

    private final String id = AnswerParts.id("cmpl");
    private final String model;
    private final long created;
    private final boolean stream;
    private final boolean tellsUsage;
    private final List<CompletionChoice> choices;
    private final UsageSum usage;

    /**
     * @param model as the client names it
     */
    CompletionAnswer(String model, Instant created, CompletionRequest request) {
        this.model = model;
        this.created = created.getEpochSecond();
        this.stream = request.delivery().stream();
        this.tellsUsage = request.delivery().usage();
        var answers = request.prompts().size() * request.each();
        this.choices = IntStream.range(0, answers)
                .mapToObj(index -> new CompletionChoice(index, request.echo(index)))
                .toList();
        this.usage = new UsageSum(answers, request.each());
    }

    @Override
    public List<Piece> pieces(ChoiceEvent event) {
        if (event.event() instanceof ToolUse) {
            return List.of();
        }
        var progress = AnswerParts.progress(event.event());
        var piece = piece(List.of(choices.get(event.index()).piece(event.event())), noneYet(), null, progress);
        return usage.count(event) && tellsUsage
                ? List.of(
                        piece, piece(List.of(), AnswerParts.usage(usage.sum()), AnswerParts.timings(usage.sum()), null))
                : List.of(piece);
    }

    private @Nullable UsageObject noneYet() {
        return tellsUsage ? UsageObject.none() : null;
    }

    private Piece piece(
            List<Choice> pieces,
            @Nullable UsageObject usage,
            @Nullable TimingsObject timings,
            @Nullable ProgressObject progress) {
        return new Piece(id, OBJECT, created, pieces, model, AnswerParts.FINGERPRINT, usage, timings, progress);
    }

    @Override
    public void add(ChoiceEvent event) {
        choices.get(event.index()).add(event.event());
        usage.count(event);
    }

    @Override
    public CompletionObject whole() {
        return whole(choices.stream().map(CompletionChoice::whole).toList(), AnswerParts.usage(usage.sum()));
    }

    @Override
    public Record empty() {
        var nothing = List.of(new Choice("", 0, "stop", null, null));
        return stream ? piece(nothing, noneYet(), null, null) : whole(nothing, UsageObject.none());
    }

    @Override
    public CompletionObject rendered(String prompt, int images) {
        return whole(List.of(new Choice(prompt, 0, "stop", null, null)), UsageObject.none());
    }

    private CompletionObject whole(List<Choice> wholes, UsageObject usage) {
        return new CompletionObject(id, OBJECT, created, model, AnswerParts.FINGERPRINT, wholes, usage);
    }
}
