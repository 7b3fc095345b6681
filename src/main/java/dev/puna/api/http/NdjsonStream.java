// SPDX-License-Identifier: Apache-2.0
package dev.puna.api.http;

import static java.util.Objects.requireNonNull;

import io.smallrye.mutiny.Multi;
import java.util.stream.Collector;

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

    /**
     * A generation: as lines, or folded into one object.
     *
     * @param streams whether the request asks for lines
     * @param whole folds the items of an answer that is not streamed
     */
    public static <T> NdjsonStream of(Multi<T> items, boolean streams, Collector<? super T, ?, ?> whole) {
        return streams
                ? new NdjsonStream(items, ContentTypes.NDJSON, ContentTypes.BARE_JSON, true)
                : new NdjsonStream(items.collect().with(whole).toMulti(), ContentTypes.JSON, ContentTypes.JSON, false);
    }

    /**
     * The progress of a job: as lines, or only its last state.
     *
     * @param streams whether the request asks for lines
     */
    public static NdjsonStream progress(Multi<?> items, boolean streams) {
        return streams
                ? new NdjsonStream(items, ContentTypes.NDJSON, ContentTypes.BARE_JSON, true)
                : new NdjsonStream(
                        items.collect().last().toMulti(), ContentTypes.BARE_JSON, ContentTypes.BARE_JSON, false);
    }
}
