// SPDX-License-Identifier: Apache-2.0
package dev.puna.failure;

/** A prompt that was not to be cut has more tokens than the context takes. */
public final class ContextExceeded extends Failure {
    private final int tokens;
    private final boolean exact;
    private final int limit;

    /**
     * Says by how much.
     *
     * @param tokens of the prompt
     * @param exact false if these were only some of its tokens, and more than the context takes
     * @param limit tokens of the context
     */
    public ContextExceeded(int tokens, boolean exact, int limit) {
        super(
                "the prompt has %s%d tokens, and the context takes %d"
                        .formatted(exact ? "" : "more than ", tokens, limit),
                null);
        this.tokens = tokens;
        this.exact = exact;
        this.limit = limit;
    }

    /** Tokens of the prompt, or some of them. */
    public int tokens() {
        return tokens;
    }

    /** Whether all its tokens were counted. */
    public boolean exact() {
        return exact;
    }

    /** Tokens that the context takes. */
    public int limit() {
        return limit;
    }
}
