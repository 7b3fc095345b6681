// SPDX-License-Identifier: Apache-2.0
package dev.puna.engine.prompt;

import dev.puna.failure.ContextExceeded;
import dev.puna.failure.InvalidRequest;
import java.util.Arrays;
import java.util.OptionalInt;
import java.util.function.IntFunction;
import java.util.function.IntToLongFunction;
import java.util.function.IntUnaryOperator;

/** What happens to a prompt that is longer than the context. Source: contract 1.4. Pure. */
public final class PromptLimits {
    /** What an image is taken for until it is known. Source: contract 1.4. */
    public static final int TOKENS_OF_AN_IMAGE = 768;

    /** Of a prompt of so many contexts nobody needs to know how many tokens it has. */
    private static final int FAR_TOO_LONG = 8;

    /** Tokens of a conversation that are counted in a second or a few, whatever the context. */
    private static final long COUNTED_ANYWAY = 1 << 18;

    private final int contextLength;

    public PromptLimits(int contextLength) {
        this.contextLength = contextLength;
    }

    /** Tokens of the longest prompt that fits: it leaves room for at least one token of an answer. */
    public int mostTokens() {
        return contextLength - 1;
    }

    /** Whether a prompt of so many tokens fits. */
    public boolean fits(int promptTokens) {
        return promptTokens <= mostTokens();
    }

    /**
     * Cuts the middle out of a prompt: its first tokens are kept, and of its end as much as half the rest of the context takes.
     *
     * @param first gives so many of its first tokens
     * @param last gives so many of its last tokens
     */
    public int[] cutMiddle(IntFunction<int[]> first, IntFunction<int[]> last, int keep) {
        var limit = contextLength - Math.max((contextLength - keep) / 2, 1);
        var cut = Arrays.copyOf(first.apply(keep), limit);
        System.arraycopy(last.apply(limit - keep), 0, cut, keep, limit - keep);
        return cut;
    }

    /**
     * Refuses a conversation of which it can be seen without rendering it all that it is too long.
     *
     * @param turns its turns
     * @param tokensWithout counts what is left without so many
     */
    public void refuseFarTooLong(Turns turns, IntToLongFunction tokensWithout) {
        var counted = (long) FAR_TOO_LONG * contextLength;
        if (turns.left(0) <= Math.max(FAR_TOO_LONG * counted, COUNTED_ANYWAY)) {
            return;
        }
        var dropped = 0;
        while (dropped < turns.droppable() && turns.left(dropped) > counted) {
            dropped++;
        }
        var tokens = dropped == 0 ? 0 : tokensWithout.applyAsLong(dropped);
        if (tokens > mostTokens()) {
            throw moreThanFit((int) tokens);
        }
    }

    /**
     * How many tokens a prompt has that is too long by far, so that nobody needs to know exactly.
     *
     * @param tokensUpTo counts its tokens, or some of them which are more than it is given
     */
    public OptionalInt countFarTooLong(IntUnaryOperator tokensUpTo) {
        var counted = (int) Math.min((long) FAR_TOO_LONG * contextLength, Integer.MAX_VALUE - 1);
        var tokens = tokensUpTo.applyAsInt(counted);
        return tokens > counted ? OptionalInt.of(tokens) : OptionalInt.empty();
    }

    /** How many tokens at the start survive: those asked for and the begin token, but never more than half the context. */
    public static int tokensToKeep(int numKeep, boolean addsBos, int contextLength) {
        var most = contextLength / 2;
        var asked = numKeep < 0 ? most : Math.min(numKeep, most);
        return Math.min(asked + (addsBos ? 1 : 0), most);
    }

    /** What is said of a prompt that was not to be cut. */
    public ContextExceeded tooLongWithoutTruncation(int promptTokens) {
        return new ContextExceeded(promptTokens, true, contextLength);
    }

    /** The same where only some of the tokens were counted. */
    public ContextExceeded moreThanFit(int someTokens) {
        return new ContextExceeded(someTokens, false, contextLength);
    }

    public static InvalidRequest tooLongWithoutShift() {
        return new InvalidRequest(
                "the prompt is longer than the context length currently available to the model; shorten the"
                        + " prompt, adjust the context length in settings, or use a model with a longer context length");
    }
}
