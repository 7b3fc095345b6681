// SPDX-License-Identifier: Apache-2.0
package dev.puna.engine;

import dev.puna.failure.InvalidRequest;

/** What happens to a prompt that is longer than the context. Source: contract 1.4. Pure. */
final class PromptLimits {

    private final int contextLength;

    PromptLimits(int contextLength) {
        this.contextLength = contextLength;
    }

    /** Whether a prompt leaves room for at least one token of an answer. */
    boolean fits(int promptTokens) {
        return promptTokens < contextLength;
    }

    /** Cuts the middle out of a prompt: its first tokens are kept, and of its end as much as half the rest of the context takes. */
    int[] cutMiddle(int[] tokens, int keep) {
        var limit = contextLength - Math.max((contextLength - keep) / 2, 1);
        var tail = limit - keep;
        var cut = new int[limit];
        System.arraycopy(tokens, 0, cut, 0, keep);
        System.arraycopy(tokens, tokens.length - tail, cut, keep, tail);
        return cut;
    }

    /** How many tokens at the start survive: those asked for and the begin token, but never more than half the context. */
    static int tokensToKeep(int numKeep, boolean addsBos, int contextLength) {
        var most = contextLength / 2;
        var asked = numKeep < 0 ? most : numKeep;
        return Math.min(asked + (addsBos ? 1 : 0), most);
    }

    InvalidRequest tooLongWithoutTruncation(int promptTokens) {
        return new InvalidRequest(
                ("{\"error\":{\"code\":400,\"message\":\"request (%d tokens) exceeds the available context size"
                                + " (%d tokens), try increasing it\",\"type\":\"exceed_context_size_error\",\"n_prompt_tokens\":%d,\"n_ctx\":%d}}")
                        .formatted(promptTokens, contextLength, promptTokens, contextLength));
    }

    static InvalidRequest tooLongWithoutShift() {
        return new InvalidRequest(
                "the prompt is longer than the context length currently available to the model; shorten the"
                        + " prompt, adjust the context length in settings, or use a model with a longer context length");
    }
}
