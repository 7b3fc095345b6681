// SPDX-License-Identifier: Apache-2.0
package dev.puna.cli.chat;

import static java.util.Objects.requireNonNull;

import dev.puna.cli.client.CommandFailure;
import dev.puna.cli.client.ServerJson;
import dev.puna.go.GoDuration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * How an answer is wanted, as the flags of {@code run} and {@code /set} say it.
 *
 * @param format JSON of the request's {@code format}: {@code "json"} or a schema; empty for free text
 * @param keepAlive the request's {@code keep_alive}; empty for the server's own
 * @param think the request's {@code think}: true, false or a level; empty for the model's own
 * @param hidesThinking whether reasoning is not printed
 * @param wrapsWords whether lines break between words on a terminal
 * @param verbose whether timings follow an answer
 */
public record RunOptions(
        Optional<ServerJson> format,
        Optional<String> keepAlive,
        Optional<Object> think,
        boolean hidesThinking,
        boolean wrapsWords,
        boolean verbose) {

    public RunOptions {
        requireNonNull(format, "format is null");
        requireNonNull(keepAlive, "keepAlive is null");
        requireNonNull(think, "think is null");
    }

    /** Reads the value of {@code --format}; the text of the refusal is the recorded one. */
    public static Optional<ServerJson> format(String text) {
        if (text.isEmpty()) {
            return Optional.empty();
        }
        if (text.equals("json")) {
            return Optional.of(new ServerJson("json"));
        }
        return Optional.of(ServerJson.read(text)
                .orElseThrow(() -> new CommandFailure(
                        "json: error calling MarshalJSON for type json.RawMessage: " + JsonMistake.in(text))));
    }

    /** Reads the value of {@code --keepalive}; negative means for ever. */
    public static Optional<String> keepAlive(String text) {
        if (text.isEmpty()) {
            return Optional.empty();
        }
        var duration = GoDuration.parse(text);
        return Optional.of(duration.isNegative() ? "-1s" : GoDuration.format(duration));
    }

    /** Reads the value of {@code --think}. */
    public static Optional<Object> think(String text) {
        return switch (text) {
            case "" -> Optional.empty();
            case "true" -> Optional.of(true);
            case "false" -> Optional.of(false);
            case "high", "medium", "low", "max" -> Optional.of(text);
            default ->
                throw new CommandFailure(
                        "invalid value for --think: \"" + text + "\" (must be true, false, high, medium, low, or max)");
        };
    }

    /** The fields of a request that every answer needs. */
    Map<String, Object> request(String model) {
        var request = new LinkedHashMap<String, Object>();
        request.put("model", model);
        format.ifPresent(json -> request.put("format", json));
        keepAlive.ifPresent(duration -> request.put("keep_alive", duration));
        think.ifPresent(wanted -> request.put("think", wanted));
        return request;
    }

    /** For a model that can think: it does, unless something else was asked for. */
    public RunOptions thinkingUnlessSaid() {
        return think.isPresent() ? this : withThink(Optional.of(true));
    }

    public RunOptions withFormat(Optional<ServerJson> newFormat) {
        return new RunOptions(newFormat, keepAlive, think, hidesThinking, wrapsWords, verbose);
    }

    public RunOptions withThink(Optional<Object> newThink) {
        return new RunOptions(format, keepAlive, newThink, hidesThinking, wrapsWords, verbose);
    }

    public RunOptions withWrappedWords(boolean wraps) {
        return new RunOptions(format, keepAlive, think, hidesThinking, wraps, verbose);
    }

    public RunOptions withTimings(boolean told) {
        return new RunOptions(format, keepAlive, think, hidesThinking, wrapsWords, told);
    }
}
