// SPDX-License-Identifier: Apache-2.0
/**
 * How what becomes of a request for text turns into an answer, in whichever dialect of {@code /v1}: whole, or in events.
 *
 * <p>Each dialect has its own {@link dev.puna.api.answer.Answer}, which makes records of the events of a generation; {@link
 * dev.puna.api.answer.Answers} asks for them one by one. Resources call, on worker threads; events come on the threads of the engine.
 */
@NullMarked
package dev.puna.api.answer;

import org.jspecify.annotations.NullMarked;
