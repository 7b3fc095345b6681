// SPDX-License-Identifier: Apache-2.0
package dev.puna.health;

import dev.puna.scheduling.SchedulingEvents;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.stream.Stream;

/**
 * Counts what the scheduler reports. Every metric's name is here, as Micrometer writes it; Prometheus shows dots as
 * underscores and adds the unit. Any thread.
 */
@Singleton
public class Measurements implements SchedulingEvents {
    /** Answers and embeddings that ended, by model and outcome ("ok", "failed"); those that clients left do not count. */
    static final String REQUESTS = "puna.requests";

    /** Tokens of prompts, by model. */
    static final String PROMPT_TOKENS = "puna.tokens.prompt";

    /** Tokens of prompts that were found in a cache, by model. */
    static final String CACHED_TOKENS = "puna.tokens.prompt.cached";

    /** Tokens of answers, by model. */
    static final String GENERATED_TOKENS = "puna.tokens.generated";

    /** Tokens that were guessed ahead and verified, by model. */
    static final String GUESSED_TOKENS = "puna.tokens.guessed";

    /** Those of them that came true and so are tokens of answers, by model. */
    static final String ACCEPTED_TOKENS = "puna.tokens.guessed.accepted";

    /** Time from the request to the engine until the first piece of the answer, by model. */
    static final String FIRST_PIECE = "puna.first.piece";

    /** How many sequences a step served while an answer was made, on average, by model. */
    static final String TOGETHER = "puna.step.sequences";

    /** The longest time between two pieces of an answer, by model; a client that reads slowly lengthens it. */
    static final String LONGEST_GAP = "puna.longest.gap";

    /** Time a load took, by model. */
    static final String LOAD = "puna.load";

    /** Loads that failed, by model. */
    static final String LOAD_FAILURES = "puna.load.failures";

    /** Requests that wait for a model. */
    static final String QUEUE = "puna.queue.length";

    /** Models in memory. */
    static final String LOADED = "puna.models.loaded";

    /** Requests that hold a model: those it works on and those it is about to. */
    static final String ACTIVE = "puna.sequences.active";

    private static final String MODEL = "model";
    private static final String OUTCOME = "outcome";

    private static final Duration[] BUCKETS = Stream.of(10, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000, 30_000)
            .map(Duration::ofMillis)
            .toArray(Duration[]::new);

    private final MeterRegistry registry;

    Measurements(MeterRegistry registry) {
        this.registry = registry;
    }

    @Override
    public void loaded(String model, Duration took) {
        timer(LOAD, "Time that loading a model took", model).record(took);
    }

    @Override
    public void loadFailed(String model) {
        counter(LOAD_FAILURES, "Loads that failed", model).register(registry).increment();
    }

    @Override
    public void firstPiece(String model, Duration after) {
        timer(FIRST_PIECE, "Time until the first piece of an answer", model).record(after);
    }

    @Override
    public void answered(String model, int promptTokens, int cachedTokens, int generatedTokens) {
        ended(model, "ok");
        promptTokens(model, promptTokens);
        counter(CACHED_TOKENS, "Tokens of prompts that were found in a cache", model)
                .register(registry)
                .increment(cachedTokens);
        counter(GENERATED_TOKENS, "Tokens of answers", model).register(registry).increment(generatedTokens);
    }

    @Override
    public void streamed(String model, double together, Duration longestGap) {
        DistributionSummary.builder(TOGETHER)
                .description("How many sequences a step served")
                .tag(MODEL, model)
                .register(registry)
                .record(together);
        timer(LONGEST_GAP, "The longest time between two pieces of an answer", model)
                .record(longestGap);
    }

    @Override
    public void guessed(String model, int tokens, int accepted) {
        counter(GUESSED_TOKENS, "Tokens guessed ahead", model)
                .register(registry)
                .increment(tokens);
        counter(ACCEPTED_TOKENS, "Tokens guessed ahead that came true", model)
                .register(registry)
                .increment(accepted);
    }

    @Override
    public void embedded(String model, int promptTokens) {
        ended(model, "ok");
        promptTokens(model, promptTokens);
    }

    @Override
    public void failed(String model) {
        ended(model, "failed");
    }

    private void ended(String model, String outcome) {
        counter(REQUESTS, "Answers and embeddings that ended", model)
                .tag(OUTCOME, outcome)
                .register(registry)
                .increment();
    }

    private void promptTokens(String model, int tokens) {
        counter(PROMPT_TOKENS, "Tokens of prompts", model).register(registry).increment(tokens);
    }

    private static Counter.Builder counter(String name, String description, String model) {
        return Counter.builder(name).description(description).tag(MODEL, model);
    }

    private Timer timer(String name, String description, String model) {
        return Timer.builder(name)
                .description(description)
                .tag(MODEL, model)
                .serviceLevelObjectives(BUCKETS)
                .register(registry);
    }
}
