// SPDX-License-Identifier: Apache-2.0
package dev.puna.registry.http;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One answer of a registry, or of a host that it sends on to. <b>Owns</b> the body, and with it the connection until it is closed.
 *
 * @param address who answered
 * @param status HTTP status
 * @param headers finds one by its name in whatever case
 * @param body what comes after the headers, as it was sent
 */
public record RegistryResponse(URI address, int status, Function<String, @Nullable String> headers, InputStream body)
        implements AutoCloseable {
    private static final int LONGEST_ERROR = 2_000;

    public Optional<String> header(String name) {
        return Optional.ofNullable(headers.apply(name));
    }

    public boolean isRedirect() {
        return status >= 300 && status < 400 && header("Location").isPresent();
    }

    /** The whole body, of at most {@code longest} bytes. */
    public byte[] read(int longest) throws IOException {
        var content = body.readNBytes(longest + 1);
        if (content.length > longest) {
            throw new IOException("the answer is longer than " + longest + " bytes");
        }
        return content;
    }

    /** Status and beginning of the body, for people. */
    public String refusal() throws IOException {
        var text = new String(body.readNBytes(LONGEST_ERROR), StandardCharsets.UTF_8).strip();
        return status + ": " + text;
    }

    @Override
    public void close() {
        try {
            body.close();
        } catch (IOException _) {
            // Nobody needs the rest.
        }
    }
}
