// SPDX-License-Identifier: Apache-2.0
/**
 * What every route shares: request bodies, answers, streams, failures as statuses, and the gates that a request passes at the edge.
 *
 * <p>Each API is a bean {@link dev.puna.api.http.HttpApi}, which says its routes and what its errors look like. A new check of requests,
 * of keys or limits, is a {@code Gate} in the list of {@code Edge}.
 *
 * <p>Resources take a {@link dev.puna.api.http.JsonBody}, throw {@link dev.puna.failure.Failure}s, and return a record (one
 * JSON object) or a {@link dev.puna.api.http.StreamedResponse}; nothing in them names a status, a header or a content type.
 * Resources run on worker threads, streams are written by the event loop.
 */
@NullMarked
package dev.puna.api.http;

import org.jspecify.annotations.NullMarked;
