// SPDX-License-Identifier: Apache-2.0
package dev.puna.api.http.framing;

import static java.util.Objects.requireNonNull;

import dev.puna.api.json.RecordJson;
import java.util.Optional;

/**
 * One JSON object, which is the answer.
 *
 * @param contentType as the route spells it
 */
public record WholeJson(String contentType) implements Framing {
    public WholeJson {
        requireNonNull(contentType, "contentType is null");
    }

    @Override
    public boolean grows() {
        return false;
    }

    @Override
    public byte[] item(Object item) {
        return RecordJson.bytes(item);
    }

    @Override
    public Optional<byte[]> error(Object body, boolean afterItems) {
        return Optional.of(RecordJson.bytes(body));
    }
}
