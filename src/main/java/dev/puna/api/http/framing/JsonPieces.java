// SPDX-License-Identifier: Apache-2.0
package dev.puna.api.http.framing;

import static java.util.Objects.requireNonNull;

import dev.puna.api.json.RecordJson;
import java.util.Optional;

/**
 * One JSON object that is written in {@link JsonPiece}s.
 *
 * @param contentType as the route spells it
 */
public record JsonPieces(String contentType) implements Framing {
    public JsonPieces {
        requireNonNull(contentType, "contentType is null");
    }

    @Override
    public boolean grows() {
        return true;
    }

    @Override
    public byte[] item(Object item) {
        return ((JsonPiece) item).utf8();
    }

    /** One object cannot end in another: it is cut off, and the client sees that. */
    @Override
    public Optional<byte[]> error(Object body, boolean afterItems) {
        return afterItems ? Optional.empty() : Optional.of(RecordJson.line(body));
    }
}
