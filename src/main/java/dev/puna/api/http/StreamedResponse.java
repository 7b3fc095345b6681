// SPDX-License-Identifier: Apache-2.0
package dev.puna.api.http;

import static java.util.Objects.requireNonNull;

import dev.puna.api.http.framing.Framing;
import dev.puna.api.http.framing.JsonLines;
import dev.puna.api.http.framing.JsonPiece;
import dev.puna.api.http.framing.JsonPieces;
import dev.puna.api.http.framing.WholeJson;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;

/**
 * An answer that comes while it is sent: its items framed, each flushed by itself.
 *
 * <p>Items are asked for one by one, the next when the last is on its way, so that a slow reader slows only its own source;
 * a client that leaves cancels the source. A failure before the first item decides the status; one after it is told as the framing can,
 * under status 200. Cold: nothing happens until the answer is written, and then once. Source: contract 1.0.
 *
 * @param items records, in order
 * @param framing how they become bytes
 * @param errorType content type of an answer that is only an error
 */
public record StreamedResponse(Multi<?> items, Framing framing, String errorType) {
    /** Refuses null. */
    public StreamedResponse {
        requireNonNull(items, "items is null");
        requireNonNull(framing, "framing is null");
        requireNonNull(errorType, "errorType is null");
    }

    /** Each item as a line. */
    public static StreamedResponse lines(Multi<?> items) {
        return new StreamedResponse(items, new JsonLines(ContentTypes.NDJSON), ContentTypes.BARE_JSON);
    }

    /** One object, once it is there. */
    public static StreamedResponse whole(Uni<?> object) {
        return new StreamedResponse(object.toMulti(), new WholeJson(ContentTypes.JSON), ContentTypes.JSON);
    }

    /** The same, spelled as Ollama spells it where it speaks in OpenAI's dialect. */
    public static StreamedResponse wholeBare(Uni<?> object) {
        return new StreamedResponse(object.toMulti(), new WholeJson(ContentTypes.BARE_JSON), ContentTypes.BARE_JSON);
    }

    /** Each item as a server-sent event. */
    public static StreamedResponse events(Multi<?> items, Framing framing) {
        return new StreamedResponse(items, framing, ContentTypes.BARE_JSON);
    }

    /** One object that is written in parts. */
    public static StreamedResponse pieces(Multi<JsonPiece> parts) {
        return new StreamedResponse(parts, new JsonPieces(ContentTypes.JSON), ContentTypes.JSON);
    }

    /**
     * The progress of a job: as lines, or only its last state.
     *
     * @param streams whether the request asks for lines
     */
    public static StreamedResponse progress(Multi<?> items, boolean streams) {
        return streams
                ? lines(items)
                : new StreamedResponse(
                        items.collect().last().toMulti(),
                        new WholeJson(ContentTypes.BARE_JSON),
                        ContentTypes.BARE_JSON);
    }
}
