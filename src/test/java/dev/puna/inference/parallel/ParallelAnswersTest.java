// SPDX-License-Identifier: Apache-2.0
package dev.puna.inference.parallel;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.puna.engine.GenerationEvent;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.helpers.test.AssertSubscriber;
import io.smallrye.mutiny.operators.multi.processors.UnicastProcessor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongConsumer;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
@DisplayNameGeneration(ReplaceUnderscores.class)
class ParallelAnswersTest {
    private final List<String> started = new ArrayList<>();
    private final Map<String, LongConsumer> preparing = new HashMap<>();
    private final Map<String, UnicastProcessor<GenerationEvent>> sources = new HashMap<>();
    private final List<String> cancelled = new ArrayList<>();
    private final List<Long> held = new ArrayList<>();

    @Test
    void the_second_answer_to_a_prompt_starts_when_the_first_has_begun() {
        var reader = read(1, 3);

        assertThat(started).containsExactly("0.0");
        prepare("0.0", 10);
        assertThat(started).containsExactly("0.0");
        source("0.0").onNext(new GenerationEvent.PromptProgress(9, 0, 4, Duration.ZERO));
        assertThat(started).containsExactly("0.0");
        say("0.0", "a");
        assertThat(started).containsExactly("0.0", "0.1");
        prepare("0.1", 10);
        assertThat(started).containsExactly("0.0", "0.1", "0.2");
        say("0.2", "b");
        assertThat(reader.getItems()).extracting(ChoiceEvent::index).containsExactly(0, 0, 2);
    }

    @Test
    void prompts_are_made_one_after_the_other() {
        read(3, 1);

        assertThat(started).containsExactly("0.0");
        prepare("0.0", 5);
        assertThat(started).containsExactly("0.0", "1.0");
        prepare("1.0", 7);
        assertThat(held).isEmpty();
        prepare("2.0", 6);
        assertThat(held).containsExactly(21L);
    }

    @Test
    void an_answer_that_ends_before_it_says_anything_lets_the_others_begin() {
        read(1, 2);

        source("0.0").onComplete();

        assertThat(started).containsExactly("0.0", "0.1");
    }

    @Test
    void no_more_than_eight_are_made_at_a_time() {
        var reader = read(20, 1);
        for (var i = 0; i < 8; i++) {
            prepare(i + ".0", 1);
        }
        assertThat(started).hasSize(8);

        source("3.0").onComplete();
        assertThat(started).hasSize(9);
        reader.cancel();
        assertThat(cancelled).hasSize(8);
    }

    @Test
    void a_failure_ends_all() {
        var reader = read(2, 1);
        prepare("0.0", 1);

        source("1.0").onError(new IllegalStateException("broken"));

        reader.assertFailedWith(IllegalStateException.class, "broken");
        assertThat(cancelled).containsExactly("0.0");
    }

    @Test
    void a_reader_who_stops_reading_stops_each_answer() {
        new ParallelAnswers(1, 1)
                .from(
                        (_, _, _) -> Multi.createFrom()
                                .<Integer, GenerationEvent>generator(() -> 0, (count, emitter) -> {
                                    emitter.emit(text("x"));
                                    return count + 1;
                                })
                                .onItem()
                                .invoke(() -> started.add("item")),
                        held::add)
                .subscribe()
                .withSubscriber(AssertSubscriber.create(1));

        assertThat(started).hasSizeLessThanOrEqualTo(40);
    }

    @Test
    void there_is_at_least_one() {
        assertThatThrownBy(() -> new ParallelAnswers(0, 1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new ParallelAnswers(1, 0)).isInstanceOf(IllegalArgumentException.class);
    }

    private AssertSubscriber<ChoiceEvent> read(int prompts, int each) {
        return new ParallelAnswers(prompts, each)
                .from(
                        (prompt, answer, prepared) -> {
                            var name = prompt + "." + answer;
                            started.add(name);
                            preparing.put(name, prepared);
                            return source(name).onCancellation().invoke(() -> cancelled.add(name));
                        },
                        held::add)
                .subscribe()
                .withSubscriber(AssertSubscriber.create(Long.MAX_VALUE));
    }

    private UnicastProcessor<GenerationEvent> source(String name) {
        return sources.computeIfAbsent(name, _ -> UnicastProcessor.create());
    }

    private void prepare(String name, long bytes) {
        requireNonNull(preparing.get(name), "it has not started").accept(bytes);
    }

    private void say(String name, String text) {
        source(name).onNext(text(text));
    }

    private static GenerationEvent text(String text) {
        return new GenerationEvent.Text(text, List.of());
    }
}
