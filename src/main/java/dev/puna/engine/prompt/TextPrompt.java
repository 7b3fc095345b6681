// SPDX-License-Identifier: Apache-2.0
package dev.puna.engine.prompt;

import dev.puna.chat.Image;
import dev.puna.engine.token.TokenList;
import dev.puna.tokenization.TextTokens;
import java.util.List;

/**
 * A rendered prompt whose tokens are made as far as they are looked at. Not thread-safe.
 *
 * @param rendered the text
 * @param images the imageTokens that it names
 * @param tokens those of the text
 */
record TextPrompt(RenderedPrompt rendered, List<Image> images, TextTokens tokens) {
    TextPrompt {
        images = List.copyOf(images);
    }

    /** What is held against the context to see whether turns must be left out; exact if it is not more than {@code most}. */
    long size(int most) {
        var imageTokens = (long) PromptLimits.TOKENS_OF_AN_IMAGE * images.size();
        var exact = tokens.countUpTo(most) + imageTokens;
        return exact <= most ? exact : Math.max(exact, tokens.estimate() + imageTokens);
    }

    /** With the tokens that are left of it. */
    PreparedPrompt prepared(TokenList left, List<String> stops, boolean truncated) {
        return new PreparedPrompt(rendered.text(), left, stops, rendered.responseFormat(), images, truncated);
    }
}
