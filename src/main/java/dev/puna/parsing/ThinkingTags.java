// SPDX-License-Identifier: Apache-2.0
package dev.puna.parsing;

/**
 * What a model writes around its reasoning.
 *
 * @param open before it, for instance {@code <think>}
 * @param close after it
 */
public record ThinkingTags(String open, String close) {
    public ThinkingTags {
        if (open.isBlank() || close.isBlank()) {
            throw new IllegalArgumentException("a tag is blank: '" + open + "', '" + close + "'");
        }
    }
}
