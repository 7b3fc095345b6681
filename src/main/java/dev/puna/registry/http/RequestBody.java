// SPDX-License-Identifier: Apache-2.0
package dev.puna.registry.http;

import static java.util.Objects.requireNonNull;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;

/**
 * What is sent with a request.
 *
 * @param length in bytes
 * @param source gives these bytes; asked again when the request is sent again
 */
public record RequestBody(long length, Source source) {
    /** Opens the bytes. */
    public interface Source {
        InputStream open() throws IOException;
    }

    public RequestBody {
        requireNonNull(source, "source is null");
    }

    /** These bytes, which nobody may change. */
    public static RequestBody of(byte[] bytes) {
        return new RequestBody(bytes.length, () -> new ByteArrayInputStream(bytes));
    }
}
