// SPDX-License-Identifier: Apache-2.0
/**
 * JSON as Go's {@code encoding/json} reads and writes it, since that is what clients of this API were written against.
 *
 * <p>Reading: the first value counts and what follows it is ignored; field names are matched without regard to case; unknown
 * fields count for nothing; mistakes get Go's own sentences as {@link dev.puna.failure.InvalidRequest}. Writing: keys in
 * declared order, Go's escapes, numbers and times. No framework but Jackson, no I/O; any thread. Entry types:
 * {@link dev.puna.api.json.JsonObject} and {@link dev.puna.api.json.RecordJson}.
 */
@NullMarked
package dev.puna.api.json;

import org.jspecify.annotations.NullMarked;
