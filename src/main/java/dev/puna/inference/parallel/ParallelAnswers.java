// SPDX-License-Identifier: Apache-2.0
package dev.puna.inference.parallel;

import static java.util.Objects.requireNonNull;

import dev.puna.engine.GenerationEvent;
import dev.puna.engine.GenerationEvent.PromptProgress;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongConsumer;
import java.util.stream.Stream;

/**
 * So many answers to each of some prompts, a few of which are made at the same time.
 *
 * <p>The prompts are made one after the other, so that a request never takes the memory of two. The second answer to a prompt waits until
 * the first has begun: then the prompt is in the model's cache, and is read once for all its answers.
 *
 * @param prompts how many there are
 * @param each how many answers each gets
 */
public record ParallelAnswers(int prompts, int each) {
    /** As many as a model usually runs together. */
    private static final int TOGETHER = 8;

    /** Events of one answer that wait for the reader of all. */
    private static final int EVENTS_AHEAD = 16;

    /** Where the events of one answer come from. */
    @FunctionalInterface
    public interface Source {
        /**
         * One answer, started by its subscription, of which there is one.
         *
         * @param prompt from 0
         * @param answer to that prompt, from 0; those of one prompt are asked for in their order
         * @param prepared to be told once that the prompt has been made, and how many bytes the answer still holds
         */
        Multi<GenerationEvent> events(int prompt, int answer, LongConsumer prepared);
    }

    public ParallelAnswers {
        if (prompts < 1 || each < 1) {
            throw new IllegalArgumentException(prompts + " prompts with " + each + " answers each");
        }
    }

    /**
     * The events of all answers, as they come; the first failure ends all.
     *
     * @param memory told when the last prompt has been made how many bytes the answers hold
     */
    public Multi<ChoiceEvent> from(Source source, LongConsumer memory) {
        requireNonNull(source, "source is null");
        return Multi.createFrom().deferred(() -> {
            var held = new HeldMemory(prompts * each, TOGETHER, memory);
            var begun =
                    Stream.generate(CompletableFuture<Void>::new).limit(prompts).toList();
            var streams = new ArrayList<Multi<ChoiceEvent>>();
            var before = CompletableFuture.<Void>completedFuture(null);
            for (var answer = 0; answer < each; answer++) {
                for (var prompt = 0; prompt < prompts; prompt++) {
                    var ready = answer == 0 ? before : CompletableFuture.allOf(before, begun.get(prompt));
                    var one = new One(source, prompt, answer, begun.get(prompt), new CompletableFuture<>());
                    streams.add(one.events(ready, prompt * each + answer, held));
                    before = one.prepared;
                }
            }
            return merged(streams);
        });
    }

    private static Multi<ChoiceEvent> merged(List<Multi<ChoiceEvent>> streams) {
        return Multi.createBy()
                .merging()
                .withConcurrency(TOGETHER)
                .withRequests(EVENTS_AHEAD)
                .streams(streams);
    }

    /**
     * One of the answers.
     *
     * @param begun completed when an answer to its prompt has begun or ended
     * @param prepared completed when its prompt has been made, or it has ended
     */
    private record One(
            Source source, int prompt, int answer, CompletableFuture<Void> begun, CompletableFuture<Void> prepared) {

        Multi<ChoiceEvent> events(CompletableFuture<Void> ready, int index, HeldMemory held) {
            return Uni.createFrom()
                    .completionStage(ready::copy)
                    .onItem()
                    .transformToMulti(_ -> source.events(prompt, answer, bytes -> {
                        held.add(bytes);
                        prepared.complete(null);
                    }))
                    .onItem()
                    .invoke(event -> {
                        if (!(event instanceof PromptProgress)) {
                            begun.complete(null);
                        }
                    })
                    .onTermination()
                    .invoke(() -> {
                        prepared.complete(null);
                        begun.complete(null);
                    })
                    .onItem()
                    .transform(event -> new ChoiceEvent(index, event));
        }
    }
}
