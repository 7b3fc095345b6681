// SPDX-License-Identifier: Apache-2.0
package dev.puna.api.openai.responses;

import dev.puna.api.openai.responses.request.CompactedItems;
import dev.puna.api.openai.responses.request.CompactionRequest;
import dev.puna.api.openai.responses.wire.OutputItem;
import dev.puna.chat.Message;
import dev.puna.chat.ToolCalling;
import dev.puna.chat.ToolDefinition;
import dev.puna.engine.OutputFormat;
import dev.puna.failure.Failure;
import dev.puna.failure.UnusableAnswer;
import dev.puna.inference.ChatCompletion;
import dev.puna.inference.FormatOption;
import dev.puna.inference.GenerationOutcome.Generated;
import dev.puna.inference.GenerationParameters;
import dev.puna.inference.GenerationService;
import dev.puna.inference.RequestClock;
import dev.puna.inference.RequestMemory;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Set;

/**
 * Has a model put a summary in the place of a conversation, by a call of {@code create_summary}. One that does not call it as it is
 * meant is told so once, and then must. One use. <b>Threads:</b> begins on the caller's, goes on where answers end and on workers.
 * Source: addendum 4.2.
 */
final class Compaction {
    /** Of a summary that a model does not come to the end of. */
    private static final long MOST_TOKENS = 4_096;

    private static final String TOOL = "create_summary";

    private static final ToolDefinition DEFINITION = new ToolDefinition(TOOL, """
            {"type":"function","function":{"name":"create_summary",\
            "description":"Puts a summary in the place of the conversation.","parameters":{"type":"object",\
            "required":["summary","retain_item_ids"],"properties":{\
            "summary":{"type":"string","description":"All that is needed to go on."},\
            "retain_item_ids":{"type":"array","items":{"type":"string"},\
            "description":"Ids of items that are kept word by word; usually none."}}}}}""");

    private static final String ASKED = """
            The conversation until here will be dropped, and a summary takes its place. Call create_summary once. Its summary says \
            all that is needed to go on: what was asked for, what was decided and why, what was done, found and changed, with names \
            and numbers, and what is left to do. Its retain_item_ids names those items that have to be kept word by word, as few as \
            possible. The items are:
            """;

    private final GenerationService generations;
    private final CompactionRequest request;
    private final RequestClock clock;
    private final RequestMemory memory;

    Compaction(GenerationService generations, CompactionRequest request, RequestClock clock, RequestMemory memory) {
        this.generations = generations;
        this.request = request;
        this.clock = clock;
        this.memory = memory;
    }

    /** The item, or a failure if there is none in the end. */
    Uni<Compacted> item() {
        try {
            return summarised();
        } catch (Failure refused) {
            return Uni.createFrom().failure(refused);
        }
    }

    private Uni<Compacted> summarised() {
        var messages = new ArrayList<>(request.conversation().messages());
        messages.add(
                Message.of("user", ASKED + String.join("\n", request.input().lines())));
        var first = answer(messages, false, RequestMemory.UNCOUNTED);
        return first.emitOn(Infrastructure.getDefaultWorkerPool()).flatMap(answer -> {
            var summary = answer.summary(request.input());
            return summary.isPresent()
                    ? Uni.createFrom().item(compacted(summary.get(), answer))
                    : again(messages, answer);
        });
    }

    private Uni<Compacted> again(List<Message> asked, SummaryAnswer before) {
        var messages = new ArrayList<>(asked);
        messages.add(before.message());
        messages.add(
                Message.of(
                        "user",
                        "That cannot be used. Call create_summary once, with a summary that is not empty and no other ids than those given."));
        return answer(messages, true, memory)
                .map(answer -> compacted(
                        answer.summary(request.input())
                                .orElseThrow(() -> new UnusableAnswer(
                                        "the model did not write a summary; try again, or use a model that calls tools",
                                        "compaction_failed")),
                        before.and(answer)));
    }

    private Uni<SummaryAnswer> answer(List<Message> messages, boolean required, RequestMemory counted) {
        var calling = required ? new ToolCalling(ToolCalling.Choice.REQUIRED, Set.of(TOOL), false) : ToolCalling.AUTO;
        var completion = new ChatCompletion(parameters(), messages, List.of(DEFINITION), calling);
        return generations.answer(completion, clock, counted) instanceof Generated(var events)
                ? events.collect().in(SummaryAnswer::new, SummaryAnswer::add)
                : Uni.createFrom().failure(new IllegalStateException("a conversation with turns is answered"));
    }

    private GenerationParameters parameters() {
        var asked = request.conversation().parameters();
        var options = new LinkedHashMap<>(asked.options());
        options.putIfAbsent("num_predict", MOST_TOKENS);
        return new GenerationParameters(
                asked.model(),
                new FormatOption.Known(new OutputFormat.Free()),
                asked.keepAlive(),
                options,
                asked.think(),
                asked.truncate(),
                asked.shift(),
                false,
                asked.topLogprobs());
    }

    private Compacted compacted(SummaryAnswer.Summary summary, SummaryAnswer answer) {
        var content = CompactedItems.written(summary.text(), request.input().retained(summary.retained()));
        return new Compacted(OutputItem.compaction(ItemIds.of("cmp"), content), answer.usage());
    }
}
