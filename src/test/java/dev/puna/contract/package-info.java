// SPDX-License-Identifier: Apache-2.0
/**
 * This server against recorded exchanges of the real one.
 *
 * <p>{@link dev.puna.contract.RecordedCase} reads a recording, sends its request over a socket and takes the answer;
 * {@link dev.puna.contract.Judge} says what differs that a client could mind. The cases of a test build on each other, so they
 * run in the order of their numbers against a store that was empty. Differences on purpose are in {@code golden/known.json}
 * with their reasons.
 */
@NullMarked
package dev.puna.contract;

import org.jspecify.annotations.NullMarked;
