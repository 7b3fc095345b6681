// SPDX-License-Identifier: Apache-2.0
package dev.puna.engine.response;

import dev.puna.engine.GenerationEvent;
import dev.puna.engine.TokenLogprob;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Turns the bytes of sampled tokens into the text events of one answer: whole characters, nothing of a stop string, and each
 * token's log probability with the piece that carries its text.
 *
 * <p>Not thread-safe.
 */
public final class ResponseText {

    private final Utf8Assembler characters = new Utf8Assembler();
    private final StopMatcher stops;
    private final RepetitionGuard repetition = new RepetitionGuard();
    private final StringBuilder whole = new StringBuilder();
    private List<TokenLogprob> logprobs = new ArrayList<>();
    private boolean repeating;

    public ResponseText(List<String> stops) {
        this.stops = new StopMatcher(stops);
    }

    /** The event that is due after a token, if any. */
    public Optional<GenerationEvent.Text> add(byte[] piece, Optional<TokenLogprob> logprob) {
        logprob.ifPresent(logprobs::add);
        var decoded = characters.add(piece);
        repeating = repeating || repetition.repeatsTooOften(decoded);
        return event(stops.add(decoded));
    }

    /** The event that is due at the end, if any: what was held back, but nothing of an unfinished character. */
    public Optional<GenerationEvent.Text> finish() {
        var rest = stops.finish();
        return rest.isEmpty() && !stops.stopped() && !logprobs.isEmpty()
                ? Optional.of(new GenerationEvent.Text("", logprobs))
                : event(rest);
    }

    /** Whether the answer must end here: a stop string came, or the model only repeats itself. */
    public boolean ended() {
        return stops.stopped() || repeating;
    }

    /** The stop string that ended the answer; empty if none did. */
    public String stop() {
        return stops.found();
    }

    /** All text so far. */
    public String whole() {
        return whole.toString();
    }

    private Optional<GenerationEvent.Text> event(String text) {
        if (text.isEmpty()) {
            return Optional.empty();
        }
        whole.append(text);
        var carried = logprobs;
        logprobs = carried.isEmpty() ? carried : new ArrayList<>();
        return Optional.of(new GenerationEvent.Text(text, carried));
    }
}
