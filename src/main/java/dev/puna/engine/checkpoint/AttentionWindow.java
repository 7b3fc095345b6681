// SPDX-License-Identifier: Apache-2.0
package dev.puna.engine.checkpoint;

/**
 * How far back the layers of sliding-window attention see, and so how much of a sequence must be left in their cache before it can be
 * cut.
 *
 * <p>llama.cpp gives the cells of such layers to others once they are outside of the window, and leaves them out when it saves a
 * sequence, while those of the other layers stay. Decoding from an earlier token then goes wrong without a sign. Source:
 * {@code llama-kv-cache.cpp}, {@code find_slot} and {@code state_write}.
 *
 * @param length tokens, the one that looks back included; 0 if no layer has a window
 */
public record AttentionWindow(int length) {

    /**
     * Whether the next token of a sequence can be computed at a position.
     *
     * @param first position from which on all layers hold every token; -1 if there are none
     */
    public boolean covers(int first, int position) {
        return length == 0 || position == 0 || (first >= 0 && first <= Math.max(0, position - length + 1));
    }

    /** The first position that all layers of a saved sequence hold that ends before {@code end}. */
    public int firstSaved(int first, int end) {
        return length == 0 ? first : Math.max(first, end - length);
    }
}
