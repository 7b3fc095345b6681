// SPDX-License-Identifier: Apache-2.0
package dev.puna.engine;

import static java.util.Objects.requireNonNull;

import dev.puna.model.IntList;
import java.util.List;

/**
 * How likely a token was.
 *
 * @param token its text; bytes that are no whole character read as U+FFFD
 * @param bytes its text as UTF-8 bytes (0 to 255), maybe a part of a character
 * @param logprob natural logarithm of its probability under the unmodified distribution
 * @param alternatives the most likely tokens, itself perhaps among them, each without alternatives
 */
public record TokenLogprob(String token, List<Integer> bytes, double logprob, List<TokenLogprob> alternatives) {

    public TokenLogprob {
        requireNonNull(token, "token is null");
        bytes = IntList.copyOf(bytes);
        alternatives = List.copyOf(alternatives);
    }
}
