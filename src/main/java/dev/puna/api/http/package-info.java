// SPDX-License-Identifier: Apache-2.0
/**
 * What every route shares: request bodies, answers, streams of lines, failures as statuses, who may ask, and which paths there
 * are.
 *
 * <p>Resources take a {@link dev.puna.api.http.JsonBody}, throw {@link dev.puna.failure.Failure}s, and return a record (one
 * JSON object) or a {@link dev.puna.api.http.StreamedResponse}; nothing in them names a status, a header or a content type.
 * Resources run on worker threads, streams are written by the event loop.
 */
@NullMarked
package dev.puna.api.http;

import org.jspecify.annotations.NullMarked;
