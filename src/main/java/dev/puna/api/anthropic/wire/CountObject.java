// SPDX-License-Identifier: Apache-2.0
package dev.puna.api.anthropic.wire;

/**
 * The answer of {@code /v1/messages/count_tokens}.
 *
 * @param inputTokens tokens that the prompt has
 */
public record CountObject(int inputTokens) {}
