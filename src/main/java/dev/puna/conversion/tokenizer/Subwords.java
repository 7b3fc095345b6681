// SPDX-License-Identifier: Apache-2.0
package dev.puna.conversion.tokenizer;

import java.util.function.IntConsumer;

/** The model of a tokeniser: how a word becomes tokens. */
interface Subwords {
    /** Tells the ids of a word that is not empty. */
    void tokens(String word, IntConsumer ids);
}
