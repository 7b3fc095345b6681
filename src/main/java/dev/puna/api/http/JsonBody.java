// SPDX-License-Identifier: Apache-2.0
package dev.puna.api.http;

import dev.puna.api.json.JsonObject;

/**
 * The body of a request, read whole whatever its content type. It holds the bytes until they are asked for, which is once;
 * nothing changes them afterwards.
 */
public final class JsonBody {
    private byte[] bytes;
    private final Share share;

    JsonBody(byte[] bytes, Share share) {
        this.bytes = bytes;
        this.share = share;
    }

    /**
     * The body as the request type {@code struct} of Go's {@code api} package, {@code "ChatRequest"}, or of another that is named.
     *
     * @throws dev.puna.failure.InvalidRequest with Go's text if it is missing or no such object
     */
    public JsonObject object(String struct) {
        var whole = bytes;
        // The framework keeps its parameters until the answer is out.
        bytes = new byte[0];
        return JsonObject.read(whole, struct, share);
    }

    /**
     * Lets go of the memory that the request has taken but for some: what was to be made of it has been made. On any thread, once the
     * resource has returned.
     *
     * @param bytes that are still held of the request or of what was made of it
     */
    public void keepOnly(long bytes) {
        share.keepOnly(bytes);
    }
}
