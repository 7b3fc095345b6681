// SPDX-License-Identifier: Apache-2.0
package dev.puna.engine.token;

/**
 * An image, or a slice of one, among the tokens of a sequence.
 *
 * @param start where it begins, counted in tokens
 * @param image which of the request's images it is, or is a part of
 * @param id the same for the same content, and for no other in this engine
 * @param key its content
 * @param shape what it takes
 */
public record ImageSpan(int start, int image, int id, ImageKey key, ImageShape shape) {

    /** What stands in a list of tokens for each of its own: below every token of text. */
    public int token() {
        return -1 - id;
    }

    public int end() {
        return start + shape.tokens();
    }

    /** By how much fewer positions it takes than tokens. */
    int saved() {
        return shape.tokens() - shape.positions();
    }

    ImageSpan movedBy(int tokens) {
        return new ImageSpan(start + tokens, image, id, key, shape);
    }
}
