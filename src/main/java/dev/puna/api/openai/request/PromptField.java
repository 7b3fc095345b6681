// SPDX-License-Identifier: Apache-2.0
package dev.puna.api.openai.request;

import static java.util.Objects.requireNonNull;

import dev.puna.api.json.JsonValue;
import dev.puna.api.request.RequestFields;
import dev.puna.failure.InvalidRequest;
import dev.puna.model.IntList;
import java.util.List;
import java.util.Optional;

/** A prompt as OpenAI's API has it: a text, or the tokens of one. There may be a list of either. */
sealed interface PromptField {

    /** A text. */
    record Text(String text) implements PromptField {
        public Text {
            requireNonNull(text, "text is null");
        }
    }

    /** The tokens of a text. */
    record Tokens(List<Integer> tokens) implements PromptField {
        public Tokens {
            tokens = IntList.copyOf(tokens);
        }
    }

    /** What a token becomes on its way to the model: a number some times more, and its text. */
    int BYTES_OF_A_TOKEN = 24;

    /**
     * All prompts of a request; one is empty only if there is no other.
     *
     * @param most how many there may be
     */
    static List<PromptField> read(Optional<JsonValue> field, int most) {
        if (field.isEmpty()) {
            return List.of(new Text(""));
        }
        var value = field.get();
        if (!value.isList()) {
            return List.of(text(value));
        }
        var areNumbers = value.list("string", JsonValue::isNumber);
        if (areNumbers.isEmpty()) {
            throw new InvalidRequest("prompt is an empty list", "prompt");
        }
        if (areNumbers.getFirst()) {
            return List.of(tokens(value));
        }
        if (areNumbers.size() > most) {
            throw new InvalidRequest(
                    "prompt holds %d prompts; with so many answers to each, a request takes at most %d"
                            .formatted(areNumbers.size(), most),
                    "prompt");
        }
        var prompts = value.list("string", element -> element.isList() ? tokens(element) : text(element));
        requireTexts(prompts);
        return prompts;
    }

    private static PromptField text(JsonValue value) {
        var text = value.string();
        value.plan(RequestFields.COPIES * value.width());
        return new Text(text);
    }

    private static PromptField tokens(JsonValue value) {
        var tokens = value.numbers("[]int", PromptField::token);
        value.plan((long) BYTES_OF_A_TOKEN * tokens.length);
        return new Tokens(new IntList(tokens));
    }

    private static int token(JsonValue value) {
        var number = value.integer();
        if (number < 0 || number > Integer.MAX_VALUE) {
            throw new InvalidRequest("prompt holds %d, which is no token".formatted(number), "prompt");
        }
        return (int) number;
    }

    private static void requireTexts(List<PromptField> prompts) {
        for (var i = 0; i < prompts.size() && prompts.size() > 1; i++) {
            var empty =
                    switch (prompts.get(i)) {
                        case Text(var text) -> text.isEmpty();
                        case Tokens(var tokens) -> tokens.isEmpty();
                    };
            if (empty) {
                throw new InvalidRequest("prompt[%d] is empty".formatted(i), "prompt");
            }
        }
    }
}
