// SPDX-License-Identifier: Apache-2.0
/**
 * From sampled tokens to the events of an answer: whole characters, stop strings, and reasoning, content and calls of tools told apart.
 *
 * <p>Called by the decode loop alone, once a token, so nothing here waits; one parser an answer. Entries:
 * {@link dev.puna.engine.response.ResponseText} and {@link dev.puna.engine.response.ResponseParsers}.
 */
@NullMarked
package dev.puna.engine.response;

import org.jspecify.annotations.NullMarked;
