// SPDX-License-Identifier: Apache-2.0
package dev.puna.api.http;

import dev.puna.api.json.JsonObject;
import dev.puna.api.json.Room;

/**
 * The body of a request, read whole whatever its content type. It holds the bytes until they are asked for, which is once;
 * nothing changes them afterwards.
 */
public final class JsonBody {
    private byte[] bytes;
    private final Room room;

    JsonBody(byte[] bytes, Room room) {
        this.bytes = bytes;
        this.room = room;
    }

    /**
     * The body as the request type {@code struct} of Go's {@code api} package, {@code "ChatRequest"}.
     *
     * @throws dev.puna.failure.InvalidRequest with Go's text if it is missing or no such object
     */
    public JsonObject object(String struct) {
        var whole = bytes;
        // The framework keeps its parameters until the answer is out.
        bytes = new byte[0];
        return JsonObject.read(whole, struct, room);
    }
}
