// SPDX-License-Identifier: Apache-2.0
package dev.puna.engine.prompt;

import dev.puna.chat.Image;
import dev.puna.engine.token.TokenList;
import dev.puna.failure.InvalidRequest;
import java.util.List;

/**
 * A prompt ready for the model.
 *
 * @param text what the tokens say, without the begin token
 * @param tokens fewer than the context takes; none for a template that writes nothing
 * @param stops strings that end the answer: the request's and the template's
 * @param responseFormat the shape of the answer
 * @param images images that the tokens were made of
 * @param truncated whether something was left out to make it fit
 */
public record PreparedPrompt(
        String text,
        TokenList tokens,
        List<String> stops,
        ResponseFormat responseFormat,
        List<Image> images,
        boolean truncated) {

    /** Once more with the answer behind it, and some of it as tokens. */
    private static final long COPIES_OF_TEXT = 3;

    /** Here and in the sequence, four bytes each. */
    private static final long COPIES_OF_TOKENS = 2 * Integer.BYTES;

    public PreparedPrompt {
        stops = List.copyOf(stops);
        images = List.copyOf(images);
    }

    /** What a generation keeps of it: the tokens, and the text only if it is asked for at the end. */
    public PreparedPrompt kept(boolean withText) {
        return new PreparedPrompt(withText ? text : "", tokens, stops, responseFormat, List.of(), truncated);
    }

    /** Bytes of the heap that a generation holds on to for this, or wants at its end to tell the tokens of its text. */
    public long weight() {
        return COPIES_OF_TEXT * text.length()
                + COPIES_OF_TOKENS * tokens.size()
                + responseFormat.callable().weight();
    }

    /** This, if there is something to go on from. */
    public PreparedPrompt checkedForAnswer() {
        if (tokens.size() == 0) {
            throw new InvalidRequest(
                    "the prompt is empty and the model adds no begin token, so there is nothing to go on from");
        }
        return this;
    }
}
