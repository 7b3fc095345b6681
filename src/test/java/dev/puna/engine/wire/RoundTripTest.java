// SPDX-License-Identifier: Apache-2.0
package dev.puna.engine.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.puna.engine.GenerationEvent;
import dev.puna.engine.OutputFormat;
import dev.puna.engine.Prompt;
import dev.puna.failure.Failure;
import dev.puna.failure.NativeFailure;
import dev.puna.failure.NotFound;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every message, with random values in everything that it is made of, arrives as it was sent. */
@DisplayNameGeneration(ReplaceUnderscores.class)
@Timeout(120)
class RoundTripTest {
    private static final int VALUES = 100;

    static Stream<Class<?>> messages() {
        return Stream.of(ToRunner.class, FromRunner.class).flatMap(RandomValues::kinds);
    }

    @ParameterizedTest
    @MethodSource("messages")
    void a_message_arrives_as_it_was_sent(Class<?> type) throws IOException {
        var random = new Random(5);
        for (var seed = 0; seed < VALUES; seed++) {
            var message = new RandomValues(seed, 60).of(type);

            var source = Frames.dripping(Frames.of(message), random);

            var arrived = Frames.read(source, Frames.direction(message));
            assertThat(arrived).hasSize(1);
            assertThat(Contents.of(arrived.getFirst())).as("seed %d", seed).isEqualTo(Contents.of(message));
        }
    }

    @ParameterizedTest
    @MethodSource("messages")
    void large_values_arrive_as_they_were_sent(Class<?> type) throws IOException {
        var message = new RandomValues(3, 20_000).of(type);

        var arrived = Frames.read(Frames.of(message), Frames.direction(message));

        assertThat(Contents.of(arrived)).isEqualTo(Contents.of(List.of(message)));
    }

    @ParameterizedTest
    @MethodSource("directions")
    void messages_come_one_after_the_other(Class<?> direction) throws IOException {
        var values = new RandomValues(9, 40);
        var messages =
                Stream.<Object>generate(() -> values.of(direction)).limit(500).toList();

        var source = Frames.dripping(Frames.of(messages.toArray()), new Random(8));

        assertThat(Contents.of(Frames.read(source, direction))).isEqualTo(Contents.of(messages));
    }

    static Stream<Class<?>> directions() {
        return Stream.of(ToRunner.class, FromRunner.class);
    }

    @Test
    void all_kinds_of_prompts_formats_events_and_failures_were_among_them() {
        var values = new RandomValues(1, 4);
        for (var i = 0; i < 20 * VALUES; i++) {
            values.of(ToRunner.class);
            values.of(FromRunner.class);
        }

        for (var family : List.of(Prompt.class, OutputFormat.class, GenerationEvent.class, Failure.class)) {
            assertThat(values.made()).containsAll(RandomValues.kinds(family).toList());
        }
    }

    @Test
    void half_a_surrogate_pair_becomes_a_question_mark_as_it_does_on_the_way_to_the_model() throws IOException {
        var arrived = Frames.read(Frames.of(new FromRunner.Text(1, "a\ud83d, \ude00z")), FromRunner.class);

        assertThat(arrived).containsExactly(new FromRunner.Text(1, "a?, ?z"));
    }

    @Test
    void a_failure_comes_without_its_cause_and_with_no_more_than_the_beginning_of_a_long_text() throws IOException {
        var messages = new ArrayList<Object>();
        messages.add(new FromRunner.Failed(1, new NativeFailure("no", new IllegalStateException("because"))));
        messages.add(new FromRunner.Failed(2, new NotFound("€".repeat(1 << 20))));

        var arrived = Frames.read(Frames.of(messages.toArray()), FromRunner.class);

        assertThat(arrived).hasSize(2);
        assertThat(((FromRunner.Failed) arrived.getFirst()).failure())
                .isInstanceOf(NativeFailure.class)
                .hasMessage("no")
                .hasNoCause();
        assertThat(((FromRunner.Failed) arrived.getLast()).failure()).hasMessage("€".repeat(1 << 16));
    }
}
