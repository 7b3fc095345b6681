// SPDX-License-Identifier: Apache-2.0
package dev.puna.inference;

import static java.util.Objects.requireNonNull;

import dev.puna.chat.Thinking;
import dev.puna.failure.InvalidRequest;
import dev.puna.go.GoQuote;
import dev.puna.inference.capability.ThinkingControls;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * How much a request asks a model to reason; what an unusual value means depends on the model. Source: contract 1.3, addendum 3.2.
 */
public sealed interface ThinkOption {
    String WORDS = "\"high\", \"medium\", \"low\", \"max\", true, or false";

    /** Nothing was said, or a truth. */
    record Plain(Thinking thinking) implements ThinkOption {
        public Plain {
            requireNonNull(thinking, "thinking is null");
        }
    }

    /** A level's name, of whatever model. */
    record Named(String name) implements ThinkOption {
        public Named {
            requireNonNull(name, "name is null");
        }
    }

    /**
     * How much effort is asked for, in OpenAI's names. Source: contract 1.11, addendum 4.1.
     *
     * @param name of the effort; {@code none} is no thinking
     */
    record Effort(String name) implements ThinkOption {
        private static final String WORDS =
                "\"minimal\", \"low\", \"medium\", \"high\", \"xhigh\", \"ultra\", \"max\", or \"none\"";

        public Effort {
            requireNonNull(name, "name is null");
        }

        private Thinking usual() {
            return switch (name) {
                case "none" -> Thinking.OFF;
                case "minimal", "low" -> Thinking.LOW;
                case "medium" -> Thinking.MEDIUM;
                case "high" -> Thinking.HIGH;
                case "xhigh", "ultra", "max" -> Thinking.MAX;
                default ->
                    throw new InvalidRequest(
                            "invalid reasoning value: " + GoQuote.quoted(name) + " (must be " + WORDS + ")");
            };
        }
    }

    /**
     * A wish that a model which cannot think need not mind. Source: contract 1.12.
     *
     * @param wish what a model that can is asked for
     */
    record IfAble(ThinkOption wish) implements ThinkOption {
        public IfAble {
            requireNonNull(wish, "wish is null");
        }
    }

    /** Neither a truth nor a text. */
    record Unreadable() implements ThinkOption {}

    /** Refuses what means nothing to a model of which no values are known. */
    default void check() {
        resolved(Optional.empty());
    }

    /**
     * How much to reason.
     *
     * @param controls the values that the model is known to have
     */
    default Thinking resolved(Optional<ThinkingControls> controls) {
        return switch (this) {
            case Plain(var thinking) -> thinking;
            case Named(var name)
            when controls.isPresent() && controls.get().fallsBack() ->
                controls.get().named(name);
            case Named(var name) -> usualLevel(name);
            case Effort(var name)
            when controls.isPresent() && controls.get().fallsBack() && !name.equals("none") ->
                controls.get().named(name);
            case Effort effort -> effort.usual();
            case IfAble(var wish) -> wish.resolved(controls);
            case Unreadable() ->
                throw new InvalidRequest("think must be a boolean or string (" + WORDS + ")" + supported(controls));
        };
    }

    private static Thinking usualLevel(String name) {
        return Thinking.ofLevel(name)
                .filter(level -> level != Thinking.XHIGH)
                .orElseThrow(() -> new InvalidRequest(
                        "invalid think value: " + GoQuote.quoted(name) + " (must be " + WORDS + ")"));
    }

    private static String supported(Optional<ThinkingControls> controls) {
        return controls.map(known -> known.plainValues().stream()
                        .map(value -> value instanceof String level ? "\"" + level + "\"" : String.valueOf(value))
                        .collect(Collectors.joining(",", "; supported values: [", "]")))
                .orElse("");
    }
}
