// SPDX-License-Identifier: Apache-2.0
package dev.puna.model;

import static java.util.Objects.requireNonNull;

import dev.puna.failure.InvalidRequest;
import java.util.List;

/**
 * What a user says of a quantisation beside its type, in the words of llama-quantize. Refuses what is malformed, too long or too much.
 *
 * @param importance the importance matrix: the digest of a blob or the path of a file; empty for none
 * @param tensors rules for tensors, {@code EXPRESSION=TYPE}; the first that fits counts
 * @param output type of {@code output.weight}, empty for the usual one
 * @param embedding type of {@code token_embd.weight}, empty for the usual one
 * @param pure whether all tensors get the type of the file
 */
public record WeightRules(String importance, List<String> tensors, String output, String embedding, boolean pure) {
    /** Nothing is said. */
    public static final WeightRules NONE = new WeightRules("", List.of(), "", "", false);

    /** Recipes that name each tensor of a large model have about as many. */
    private static final int MOST_TENSORS = 1024;

    private static final int LONGEST = 256;

    public WeightRules {
        requireNonNull(importance, "importance is null");
        requireNonNull(output, "output is null");
        requireNonNull(embedding, "embedding is null");
        tensors = List.copyOf(tensors);
        if (tensors.size() > MOST_TENSORS) {
            throw new InvalidRequest("too many rules for tensor types: " + tensors.size() + " (at most " + MOST_TENSORS
                    + "); one regular expression can stand for many names");
        }
        tensors.forEach(WeightRules::check);
    }

    private static void check(String rule) {
        var sign = rule.indexOf('=');
        if (sign < 1 || sign == rule.length() - 1) {
            throw new InvalidRequest("tensor type '" + rule + "' is malformed: write NAME=TYPE, such as attn_v=q6_k");
        }
        if (rule.length() > LONGEST) {
            throw new InvalidRequest("tensor type '" + rule.substring(0, LONGEST) + "...' is too long: " + rule.length()
                    + " characters (at most " + LONGEST + ")");
        }
        // What is repeated so is built that many times, before it is looked for.
        if (rule.indexOf('{') >= 0) {
            throw new InvalidRequest("tensor type '" + rule + "' has braces: write out what is to be repeated");
        }
        if (rule.chars().anyMatch(Character::isISOControl)) {
            throw new InvalidRequest("a tensor type has a control character in it: write NAME=TYPE");
        }
    }

    /** Whether nothing is said. */
    public boolean isEmpty() {
        return equals(NONE);
    }
}
