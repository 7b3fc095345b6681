// SPDX-License-Identifier: Apache-2.0
package dev.puna.registry.http;

import static java.util.Objects.requireNonNull;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;

/**
 * What is sent with a request.
 *
 * @param length in bytes
 * @param source gives these bytes; asked again when the request is sent again
 * @param grace how long an answer is waited for before anything of the body is sent, for those that may not want it: who sends to a
 *     server that has closed the connection may never see what it has answered
 */
public record RequestBody(long length, Source source, Duration grace) {
    /** Opens the bytes. */
    public interface Source {
        InputStream open() throws IOException;
    }

    public RequestBody {
        requireNonNull(source, "source is null");
        requireNonNull(grace, "grace is null");
    }

    /** These bytes, which nobody may change. */
    public static RequestBody of(byte[] bytes) {
        return new RequestBody(bytes.length, () -> new ByteArrayInputStream(bytes), Duration.ZERO);
    }
}
