// SPDX-License-Identifier: Apache-2.0
package dev.puna.api.ollama;

import dev.puna.api.json.JsonValue;
import dev.puna.api.json.RecordJson;
import dev.puna.chat.Thinking;
import dev.puna.failure.InvalidRequest;
import dev.puna.go.GoQuote;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * The field {@code think} of a request; what an unusual value means depends on the model. Source: contract 1.3, addendum 3.2.
 */
sealed interface ThinkOption {
    String WORDS = "\"high\", \"medium\", \"low\", \"max\", true, or false";

    /** Nothing was said, or a truth. */
    record Plain(Thinking thinking) implements ThinkOption {}

    /** A level's name, of whatever model. */
    record Named(String name) implements ThinkOption {}

    /** Neither a truth nor a text. */
    record Unreadable() implements ThinkOption {}

    static ThinkOption of(JsonValue value) {
        if (value.isBool()) {
            return new Plain(value.bool() ? Thinking.ON : Thinking.OFF);
        }
        return value.isString() ? new Named(value.string()) : new Unreadable();
    }

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
        return controls.map(known -> "; supported values: "
                        + new String(RecordJson.bytes(known.plainValues()), StandardCharsets.UTF_8))
                .orElse("");
    }
}
