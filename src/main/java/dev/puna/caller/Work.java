// SPDX-License-Identifier: Apache-2.0
package dev.puna.caller;

/** What a lease is for. How many leases for the same work a model gives at a time depends on it: {@code TurnPolicy}. */
public enum Work {
    /** A text is generated, in a sequence of its own. */
    GENERATION,
    /** Texts are embedded, or documents ranked. */
    EMBEDDING,
    /** Prompts are rendered, counted, made into tokens or back. */
    TOKENS,
    /** None: the model is to be in memory. Such a lease is closed at once. */
    PRESENCE
}
