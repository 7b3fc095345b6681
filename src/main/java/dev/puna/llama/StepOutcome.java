// SPDX-License-Identifier: Apache-2.0
package dev.puna.llama;

/** What became of a step that did not fail. */
public enum StepOutcome {
    /** The rows of the batch are filled. */
    DONE,
    /** The cache has no room for the batch, none of which was applied: free cells or send less, and try again. */
    NO_ROOM,
    /** Somebody raised the abort flag: parts of the batch may have been applied, so cut their sequences back. */
    ABORTED
}
