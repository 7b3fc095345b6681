// SPDX-License-Identifier: Apache-2.0
package dev.puna.api.openai;

import dev.puna.api.http.StreamedResponse;
import dev.puna.api.http.framing.ServerSentEvents;
import dev.puna.failure.Failure;
import dev.puna.inference.GenerationOutcome;
import dev.puna.inference.GenerationOutcome.Generated;
import dev.puna.inference.GenerationOutcome.Loaded;
import dev.puna.inference.GenerationOutcome.Rendered;
import dev.puna.inference.GenerationOutcome.Unloaded;
import dev.puna.inference.parallel.ChoiceEvent;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import java.util.function.Supplier;

/** What the routes that generate answer, by what becomes of the request. Source: contract 1.11, departure 8. */
final class Answers {
    /** An error is the last event; {@code [DONE]} is that of an answer that is whole. */
    private static final ServerSentEvents EVENTS = new ServerSentEvents("", "[DONE]");

    private Answers() {}

    /**
     * The answer in events, or in one object. What is wrong with a request that could be read is answered here, as Ollama does.
     *
     * @param outcome tried once
     * @param stream whether what is generated comes piece by piece
     * @param answers one for each subscription
     */
    static StreamedResponse of(Supplier<GenerationOutcome> outcome, boolean stream, Supplier<Answer> answers) {
        return of(outcome, stream, EVENTS, answers);
    }

    /**
     * The same in events of another form.
     *
     * @param framing of a streamed answer
     */
    static StreamedResponse of(
            Supplier<GenerationOutcome> outcome, boolean stream, ServerSentEvents framing, Supplier<Answer> answers) {
        try {
            return of(outcome.get(), stream, framing, answers);
        } catch (Failure refused) {
            return StreamedResponse.wholeBare(Uni.createFrom().failure(refused));
        }
    }

    /**
     * Several answers in events, or in one object.
     *
     * @param events asked for once
     */
    static StreamedResponse ofSeveral(Supplier<Multi<ChoiceEvent>> events, boolean stream, Supplier<Answer> answers) {
        try {
            return generated(events.get(), stream, EVENTS, answers);
        } catch (Failure refused) {
            return StreamedResponse.wholeBare(Uni.createFrom().failure(refused));
        }
    }

    private static StreamedResponse generated(
            Multi<ChoiceEvent> events, boolean stream, ServerSentEvents framing, Supplier<Answer> answers) {
        return stream
                ? StreamedResponse.events(pieces(events, answers), framing)
                : StreamedResponse.wholeBare(
                        events.collect().in(answers, Answer::add).map(Answer::whole));
    }

    private static StreamedResponse of(
            GenerationOutcome outcome, boolean stream, ServerSentEvents framing, Supplier<Answer> answers) {
        return switch (outcome) {
            case Unloaded _ -> empty(Uni.createFrom().voidItem(), stream, framing, answers);
            case Loaded(var ready) -> empty(ready, stream, framing, answers);
            case Rendered(var prompt, var images) ->
                StreamedResponse.wholeBare(prompt.map(text -> answers.get().rendered(text, images)));
            case Generated(var events) ->
                generated(events.map(event -> new ChoiceEvent(0, event)), stream, framing, answers);
        };
    }

    private static StreamedResponse empty(
            Uni<Void> ready, boolean stream, ServerSentEvents framing, Supplier<Answer> answers) {
        var answer = ready.map(_ -> answers.get().empty());
        return stream ? StreamedResponse.events(answer.toMulti(), framing) : StreamedResponse.wholeBare(answer);
    }

    /** The next event is asked for when the pieces of the last have been taken. */
    private static Multi<Record> pieces(Multi<ChoiceEvent> events, Supplier<Answer> answers) {
        return Multi.createFrom().deferred(() -> {
            var answer = answers.get();
            return events.onItem()
                    .transformToMultiAndConcatenate(event -> Multi.createFrom().iterable(answer.pieces(event)));
        });
    }
}
