// SPDX-License-Identifier: Apache-2.0
package dev.puna.api.http;

import static java.util.Objects.requireNonNull;

import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;

/**
 * An answer that grows while it is sent: one JSON object a line, each flushed by itself.
 *
 * <p>Items are asked for one by one, the next when the last is on its way, so that a slow reader slows only its own source;
 * a client that leaves cancels the source. A failure before the first item decides the status; one after it becomes a last
 * line {@code {"error":…}} under status 200. Cold: nothing happens until the answer is written, and then once. Source:
 * contract 1.0.
 *
 * @param items records, in order
 * @param contentType of a good answer
 * @param errorType content type of an answer that is only an error
 * @param lines whether each item is a line; else there is one item and it is the whole body
 */
public record NdjsonStream(Multi<?> items, String contentType, String errorType, boolean lines) {
    /** Refuses null. */
    public NdjsonStream {
        requireNonNull(items, "items is null");
        requireNonNull(contentType, "contentType is null");
        requireNonNull(errorType, "errorType is null");
    }

    /** Each item as a line. */
    public static NdjsonStream lines(Multi<?> items) {
        return new NdjsonStream(items, ContentTypes.NDJSON, ContentTypes.BARE_JSON, true);
    }

    /** One object, once it is there. */
    public static NdjsonStream whole(Uni<?> object) {
        return new NdjsonStream(object.toMulti(), ContentTypes.JSON, ContentTypes.JSON, false);
    }

    /** One object that is written in parts. */
    public static NdjsonStream pieces(Multi<JsonPiece> parts) {
        return new NdjsonStream(parts, ContentTypes.JSON, ContentTypes.JSON, true);
    }

    /**
     * The progress of a job: as lines, or only its last state.
     *
     * @param streams whether the request asks for lines
     */
    public static NdjsonStream progress(Multi<?> items, boolean streams) {
        return streams
                ? lines(items)
                : new NdjsonStream(
                        items.collect().last().toMulti(), ContentTypes.BARE_JSON, ContentTypes.BARE_JSON, false);
    }
}
