// SPDX-License-Identifier: Apache-2.0
package dev.puna.api.http;

import dev.puna.api.json.JsonObject;

/**
 * The body of a request, read whole whatever its content type. It holds the bytes; nothing changes them afterwards.
 */
public final class JsonBody {
    private final byte[] bytes;

    JsonBody(byte[] bytes) {
        this.bytes = bytes;
    }

    /**
     * The body as the request type {@code struct} of Go's {@code api} package, {@code "ChatRequest"}.
     *
     * @throws dev.puna.failure.InvalidRequest with Go's text if it is missing or no such object
     */
    public JsonObject object(String struct) {
        return JsonObject.read(bytes, struct);
    }
}
