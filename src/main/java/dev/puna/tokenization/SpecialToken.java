// SPDX-License-Identifier: Apache-2.0
package dev.puna.tokenization;

/**
 * A token that is found in a text before all others.
 *
 * @param text its text, as it stands there
 * @param stripsLeft whether white space before it is dropped
 */
public record SpecialToken(String text, boolean stripsLeft) {}
