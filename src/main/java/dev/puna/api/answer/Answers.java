// SPDX-License-Identifier: Apache-2.0
package dev.puna.api.answer;

import dev.puna.api.http.StreamedResponse;
import dev.puna.api.http.framing.Framing;
import dev.puna.failure.Failure;
import dev.puna.inference.GenerationOutcome;
import dev.puna.inference.GenerationOutcome.Generated;
import dev.puna.inference.GenerationOutcome.Loaded;
import dev.puna.inference.GenerationOutcome.Rendered;
import dev.puna.inference.GenerationOutcome.Unloaded;
import dev.puna.inference.parallel.ChoiceEvent;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.IntFunction;
import java.util.function.Supplier;

/** What the routes that generate answer, by what becomes of the request. Source: contract 1.11, departure 8. */
public final class Answers {
    private Answers() {}

    /**
     * The answer in events, or in one object. What is wrong with a request that could be read is answered here, as Ollama does.
     *
     * @param outcome tried once
     * @param stream whether what is generated comes piece by piece
     * @param answers one for each subscription
     * @param events how the pieces are framed
     */
    public static StreamedResponse of(
            Supplier<GenerationOutcome> outcome, boolean stream, Supplier<Answer> answers, Framing events) {
        try {
            return of(outcome.get(), stream, answers, events);
        } catch (Failure refused) {
            return StreamedResponse.wholeBare(Uni.createFrom().failure(refused));
        }
    }

    /**
     * Several answers in events, or in one object.
     *
     * @param events asked for once
     * @param stream whether what is generated comes piece by piece
     * @param answers one for each subscription
     * @param framing how the pieces are framed
     */
    public static StreamedResponse ofSeveral(
            Supplier<Multi<ChoiceEvent>> events,
            boolean stream,
            Supplier<? extends ChoicesAnswer> answers,
            Framing framing) {
        try {
            var all = events.get();
            return stream
                    ? StreamedResponse.events(pieces(all, answers, ChoicesAnswer::pieces), framing)
                    : StreamedResponse.wholeBare(
                            all.collect().in(answers::get, ChoicesAnswer::add).map(Answer::whole));
        } catch (Failure refused) {
            return StreamedResponse.wholeBare(Uni.createFrom().failure(refused));
        }
    }

    /**
     * How many tokens the prompt of a request has that asks for nothing but its prompt.
     *
     * @param outcome tried once
     * @param answer what tells their number
     */
    public static StreamedResponse ofCount(Supplier<GenerationOutcome> outcome, IntFunction<? extends Record> answer) {
        try {
            return switch (outcome.get()) {
                case Rendered(var _, var _, var tokens) -> StreamedResponse.wholeBare(tokens.map(answer::apply));
                case Unloaded _, Loaded _, Generated _ ->
                    throw new IllegalStateException("the request asks for more than its prompt");
            };
        } catch (Failure refused) {
            return StreamedResponse.wholeBare(Uni.createFrom().failure(refused));
        }
    }

    private static StreamedResponse of(
            GenerationOutcome outcome, boolean stream, Supplier<Answer> answers, Framing framing) {
        return switch (outcome) {
            case Unloaded _ -> empty(Uni.createFrom().voidItem(), stream, answers, framing);
            case Loaded(var ready) -> empty(ready, stream, answers, framing);
            case Rendered(var prompt, var images, var _) ->
                StreamedResponse.wholeBare(prompt.map(text -> answers.get().rendered(text, images)));
            case Generated(var events)
            when stream -> StreamedResponse.events(pieces(events, answers, Answer::pieces), framing);
            case Generated(var events) ->
                StreamedResponse.wholeBare(
                        events.collect().in(answers, Answer::add).map(Answer::whole));
        };
    }

    private static StreamedResponse empty(Uni<Void> ready, boolean stream, Supplier<Answer> answers, Framing framing) {
        var answer = ready.map(_ -> answers.get().empty());
        return stream ? StreamedResponse.events(answer.toMulti(), framing) : StreamedResponse.wholeBare(answer);
    }

    /** The next event is asked for when the pieces of the last have been taken. */
    private static <A extends Answer, E> Multi<Record> pieces(
            Multi<E> events, Supplier<? extends A> answers, BiFunction<A, E, List<? extends Record>> reader) {
        return Multi.createFrom().deferred(() -> {
            A answer = answers.get();
            return events.onItem()
                    .<Record>transformToMultiAndConcatenate(
                            event -> Multi.createFrom().iterable(reader.apply(answer, event)))
                    .onFailure()
                    .recoverWithMulti(reason -> failed(reason, answer));
        });
    }

    private static Multi<Record> failed(Throwable reason, Answer answer) {
        var last = answer.failed(reason);
        return last.isEmpty()
                ? Multi.createFrom().failure(reason)
                : Multi.createFrom().items(last.stream().map(Record.class::cast));
    }
}
