// SPDX-License-Identifier: Apache-2.0
/**
 * JSON of {@code /v1/responses}: the answer, its items, and the events of a stream.
 *
 * <p>Records only, their components in the order in which the fields are written. No logic and no framework but Jackson's annotations.
 * What a request sent and its answer repeats is JSON text that has been checked. Entry types: {@link
 * dev.puna.api.openai.responses.wire.ResponseObject}, {@link dev.puna.api.openai.responses.wire.ResponseEvent}.
 */
@NullMarked
package dev.puna.api.openai.responses.wire;

import org.jspecify.annotations.NullMarked;
