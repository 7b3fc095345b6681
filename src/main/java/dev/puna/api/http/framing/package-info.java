// SPDX-License-Identifier: Apache-2.0
/**
 * How the items of a streamed answer become bytes: one object, lines of JSON, parts of an object, server-sent events.
 *
 * <p>Entry type is {@link dev.puna.api.http.framing.Framing}. Values without state; any thread.
 */
@NullMarked
package dev.puna.api.http.framing;

import org.jspecify.annotations.NullMarked;
