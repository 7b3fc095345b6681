// SPDX-License-Identifier: Apache-2.0
package dev.puna.schema;

/** What becomes of keywords that a grammar cannot hold. */
enum Strictness {
    /** They are refused: somebody asked for an answer in this form. */
    REFUSING,
    /** They are let go: the schemas of tools describe what their owner checks anyhow, and a chat must not fail over them. */
    LOOSENING
}
