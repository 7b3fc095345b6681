// SPDX-License-Identifier: Apache-2.0
/**
 * Anthropic's routes below {@code /v1}: resources, and what they answer.
 *
 * <p>A dialect and no more: a resource reads a body ({@code request}) into what {@code inference} is asked for, and writes what that gives
 * as records of {@code wire}. Resources run on worker threads, since they read the store; answers come on the threads of the engine. Entry
 * type: {@link dev.puna.api.anthropic.AnthropicApi}.
 */
@NullMarked
package dev.puna.api.anthropic;

import org.jspecify.annotations.NullMarked;
