// SPDX-License-Identifier: Apache-2.0
package dev.puna.api.anthropic.request;

import static java.util.Objects.requireNonNull;

import dev.puna.api.json.JsonObject;
import dev.puna.inference.ChatCompletion;
import java.util.List;

/**
 * How an answer comes.
 *
 * @param model the model's name as the client wrote it
 * @param stream whether in events
 * @param stops the stop sequences of which the client wants to know which one came
 * @param roughTokens what the prompt's tokens are taken for where a stream begins, before they are counted
 */
public record Delivery(String model, boolean stream, List<String> stops, int roughTokens) {
    private static final int CHARACTERS_OF_A_TOKEN = 4;

    public Delivery {
        requireNonNull(model, "model is null");
        stops = List.copyOf(stops);
    }

    static Delivery read(JsonObject json, ChatCompletion completion) {
        var characters = completion.messages().stream()
                        .mapToLong(message -> message.content().length())
                        .sum()
                + completion.tools().stream()
                        .mapToLong(tool -> tool.json().length())
                        .sum();
        return new Delivery(
                json.string("model"),
                json.bool("stream", false),
                json.strings("stop_sequences"),
                Math.clamp(characters / CHARACTERS_OF_A_TOKEN, 1, Integer.MAX_VALUE));
    }
}
