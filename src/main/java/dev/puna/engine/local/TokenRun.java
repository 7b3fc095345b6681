// SPDX-License-Identifier: Apache-2.0
package dev.puna.engine.local;

/**
 * Tokens of one sequence, one behind the other, that go through the model in one step.
 *
 * @param sequence whose tokens they are
 * @param from index of the first of them in the sequence
 * @param count how many they are
 * @param firstRow number of the first row of the batch that is sampled from them
 * @param rows from how many of the last of them a row is sampled: none while more of a prompt is to come, else one
 * @param guesses how many tokens that are guessed to follow go with them, with a row each
 */
record TokenRun(Sequence sequence, int from, int count, int firstRow, int rows, int guesses) {
    int end() {
        return from + count;
    }

    /** The number behind that of its last row. */
    int endRow() {
        return firstRow + rows + guesses;
    }

    /** Whether a row is sampled from the token at an index. */
    boolean samples(int index) {
        return index >= end() - rows;
    }
}
