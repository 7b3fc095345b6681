// SPDX-License-Identifier: Apache-2.0
package dev.puna.health;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class MeasurementsTest {
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final Measurements measurements = new Measurements(registry);

    @Test
    void answers_and_their_tokens_are_counted_by_model() {
        measurements.answered("a:latest", 10, 4, 20);
        measurements.answered("a:latest", 1, 1, 2);
        measurements.answered("b:latest", 5, 0, 5);

        assertThat(count(Measurements.REQUESTS, "model", "a:latest", "outcome", "ok"))
                .isEqualTo(2);
        assertThat(count(Measurements.PROMPT_TOKENS, "model", "a:latest")).isEqualTo(11);
        assertThat(count(Measurements.GENERATED_TOKENS, "model", "a:latest")).isEqualTo(22);
        assertThat(count(Measurements.CACHED_TOKENS, "model", "a:latest")).isEqualTo(5);
    }

    @Test
    void guesses_and_those_that_came_true_are_counted_by_model() {
        measurements.guessed("a:latest", 7, 3);
        measurements.guessed("a:latest", 2, 2);

        assertThat(count(Measurements.GUESSED_TOKENS, "model", "a:latest")).isEqualTo(9);
        assertThat(count(Measurements.ACCEPTED_TOKENS, "model", "a:latest")).isEqualTo(5);
    }

    @Test
    void embeddings_count_as_requests_with_a_prompt() {
        measurements.embedded("e:latest", 7);

        assertThat(count(Measurements.REQUESTS, "model", "e:latest", "outcome", "ok"))
                .isEqualTo(1);
        assertThat(count(Measurements.PROMPT_TOKENS, "model", "e:latest")).isEqualTo(7);
    }

    @Test
    void failures_are_counted_apart() {
        measurements.failed("a:latest");
        measurements.loadFailed("a:latest");

        assertThat(count(Measurements.REQUESTS, "model", "a:latest", "outcome", "failed"))
                .isEqualTo(1);
        assertThat(count(Measurements.LOAD_FAILURES, "model", "a:latest")).isEqualTo(1);
    }

    @Test
    void times_are_kept() {
        measurements.loaded("a:latest", Duration.ofMillis(1500));
        measurements.firstPiece("a:latest", Duration.ofMillis(80));

        assertThat(registry.get(Measurements.LOAD).timer().totalTime(TimeUnit.MILLISECONDS))
                .isEqualTo(1500);
        assertThat(registry.get(Measurements.FIRST_PIECE).timer().max(TimeUnit.MILLISECONDS))
                .isEqualTo(80);
    }

    @Test
    void how_many_went_together_and_how_long_a_stream_waited_is_kept() {
        measurements.streamed("a:latest", 1.5, Duration.ofMillis(90));
        measurements.streamed("a:latest", 2.5, Duration.ofMillis(20));

        assertThat(registry.get(Measurements.TOGETHER)
                        .tag("model", "a:latest")
                        .summary()
                        .mean())
                .isEqualTo(2);
        assertThat(registry.get(Measurements.LONGEST_GAP).timer().max(TimeUnit.MILLISECONDS))
                .isEqualTo(90);
    }

    private double count(String name, String... tags) {
        return registry.get(name).tags(tags).counter().count();
    }
}
