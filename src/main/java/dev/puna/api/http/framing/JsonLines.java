// SPDX-License-Identifier: Apache-2.0
package dev.puna.api.http.framing;

import static java.util.Objects.requireNonNull;

import dev.puna.api.json.RecordJson;
import java.util.Optional;

/**
 * One JSON object a line, an error as the last line. Source: contract 1.0.
 *
 * @param contentType as the API spells it
 */
public record JsonLines(String contentType) implements Framing {
    public JsonLines {
        requireNonNull(contentType, "contentType is null");
    }

    @Override
    public boolean grows() {
        return true;
    }

    @Override
    public byte[] item(Object item) {
        return RecordJson.line(item);
    }

    @Override
    public Optional<byte[]> error(Object body, boolean afterItems) {
        return Optional.of(RecordJson.line(body));
    }
}
