// SPDX-License-Identifier: Apache-2.0
package dev.puna.api.openai;

import dev.puna.api.answer.ChoicesAnswer;
import dev.puna.api.openai.request.Delivery;
import dev.puna.api.openai.wire.ChatObject;
import dev.puna.api.openai.wire.ChatObject.Choice;
import dev.puna.api.openai.wire.ChatObject.WholeChoice;
import dev.puna.api.openai.wire.ChatText;
import dev.puna.api.openai.wire.ProgressObject;
import dev.puna.api.openai.wire.TimingsObject;
import dev.puna.api.openai.wire.UsageObject;
import dev.puna.inference.parallel.ChoiceEvent;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * How the events of generations become an answer of {@code /v1/chat/completions}: each event as pieces, or all events in one object.
 * One answer at a time; the events come one after the other, from any thread. Source: contract 1.11.
 */
final class ChatAnswer implements ChoicesAnswer {
    private final String id = AnswerParts.id("chatcmpl");
    private final String model;
    private final long created;
    private final Delivery delivery;
    private final List<ChatChoice> choices;
    private final UsageSum usage;

    /**
     * @param model as the client names it
     * @param answers how many there will be
     */
    ChatAnswer(String model, Instant created, int answers, Delivery delivery) {
        this.model = model;
        this.created = created.getEpochSecond();
        this.delivery = delivery;
        this.choices = IntStream.range(0, answers).mapToObj(ChatChoice::new).toList();
        this.usage = new UsageSum(answers, answers);
    }

    @Override
    public List<ChatObject> pieces(ChoiceEvent event) {
        var progress = AnswerParts.progress(event.event());
        var piece = chunk(List.of(choices.get(event.index()).piece(event.event())), null, null, progress);
        return usage.count(event) && delivery.usage()
                ? List.of(
                        piece, chunk(List.of(), AnswerParts.usage(usage.sum()), AnswerParts.timings(usage.sum()), null))
                : List.of(piece);
    }

    @Override
    public void add(ChoiceEvent event) {
        choices.get(event.index()).add(event.event());
        usage.count(event);
    }

    @Override
    public ChatObject whole() {
        return whole(choices.stream().map(ChatChoice::whole).toList(), AnswerParts.usage(usage.sum()), null);
    }

    @Override
    public ChatObject empty() {
        return whole(List.of(nothing()), UsageObject.none(), null);
    }

    @Override
    public ChatObject rendered(String prompt, int images) {
        return whole(List.of(nothing()), UsageObject.none(), new ChatObject.RenderedPrompt(prompt, images));
    }

    private static WholeChoice nothing() {
        return new WholeChoice(0, new ChatText("assistant", "", null, List.of()), "stop", null);
    }

    private ChatObject chunk(
            List<Choice> pieces,
            @Nullable UsageObject usage,
            @Nullable TimingsObject timings,
            @Nullable ProgressObject progress) {
        return new ChatObject(
                id,
                "chat.completion.chunk",
                created,
                model,
                AnswerParts.FINGERPRINT,
                pieces,
                usage,
                timings,
                progress,
                null);
    }

    private ChatObject whole(List<WholeChoice> wholes, UsageObject usage, ChatObject.@Nullable RenderedPrompt info) {
        return new ChatObject(
                id,
                "chat.completion",
                created,
                model,
                AnswerParts.FINGERPRINT,
                List.copyOf(wholes),
                usage,
                null,
                null,
                info);
    }
}
