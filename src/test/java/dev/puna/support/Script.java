// SPDX-License-Identifier: Apache-2.0
package dev.puna.support;

import static java.util.Objects.requireNonNull;

import dev.puna.chat.ToolCall;
import dev.puna.engine.FinishReason;
import dev.puna.engine.GenerationEvent;
import dev.puna.engine.GenerationEvent.Finished;
import dev.puna.engine.GenerationEvent.Reasoning;
import dev.puna.engine.GenerationEvent.Text;
import dev.puna.engine.GenerationEvent.ToolUse;
import dev.puna.engine.Usage;
import dev.puna.failure.Failure;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a {@link ScriptedEngine} answers, whoever asks.
 *
 * @param events in order; with a failure or without an end, no {@link Finished} is among them
 * @param between time before each event; zero sends them as fast as they are asked for
 * @param failure what comes after the events instead of the end
 * @param endless whether the events start over for ever
 */
public record Script(List<GenerationEvent> events, Duration between, Optional<Failure> failure, boolean endless) {
    public Script {
        events = List.copyOf(events);
        requireNonNull(between, "between is null");
        requireNonNull(failure, "failure is null");
    }

    /** An answer in pieces that ends by itself, each piece a token, after a prompt of 3 tokens. */
    public static Script answering(String... pieces) {
        return ending(FinishReason.STOP, pieces);
    }

    public static Script ending(FinishReason reason, String... pieces) {
        var events = new ArrayList<>(texts(pieces));
        events.add(finished(reason, pieces.length));
        return new Script(events, Duration.ZERO, Optional.empty(), false);
    }

    /** Exactly these events and nothing after them. */
    public static Script of(GenerationEvent... events) {
        return new Script(List.of(events), Duration.ZERO, Optional.empty(), false);
    }

    /** Pieces without end, over and over, until the subscriber leaves or the engine is closed. */
    public static Script endlessly(String... pieces) {
        return new Script(texts(pieces), Duration.ZERO, Optional.empty(), true);
    }

    /** Some pieces (or none), then a failure. */
    public static Script failing(Failure failure, String... pieces) {
        return new Script(texts(pieces), Duration.ZERO, Optional.of(failure), false);
    }

    /** The same with a pause before each event. */
    public Script every(Duration pause) {
        return new Script(events, pause, failure, endless);
    }

    public static GenerationEvent text(String piece) {
        return new Text(piece, List.of());
    }

    public static GenerationEvent reasoning(String piece) {
        return new Reasoning(piece, List.of());
    }

    public static GenerationEvent call(String name, String arguments) {
        return new ToolUse(new ToolCall("", 0, name, arguments));
    }

    /** The end, after 3 tokens of prompt and as many of answer as given; prompt 30 ms, answer 10 ms a token. */
    public static GenerationEvent finished(FinishReason reason, int tokens) {
        var usage = new Usage(
                3, 0, Duration.ofMillis(30), tokens, Duration.ofMillis(10).multipliedBy(tokens), 0, 2 * tokens);
        return new Finished(reason, usage, List.of(1, 2, 3), false);
    }

    private static List<GenerationEvent> texts(String... pieces) {
        return List.of(pieces).stream().map(Script::text).toList();
    }
}
