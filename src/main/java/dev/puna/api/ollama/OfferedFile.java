// SPDX-License-Identifier: Apache-2.0
package dev.puna.api.ollama;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.puna.creation.FileIntake;
import dev.puna.failure.Failure;
import dev.puna.failure.InvalidRequest;
import dev.puna.gguf.Gguf;
import dev.puna.model.Digest;
import dev.puna.store.ModelStore;
import dev.puna.store.file.FileStamp;
import io.vertx.core.http.HttpServerRequest;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URLDecoder;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/**
 * A file of this machine that a client on it offers in place of its bytes: {@code Puna-File} has its path as in a query,
 * {@code Puna-Link: 1} asks for a hard link. Only {@code puna create} does that, and sends the bytes where this is refused.
 *
 * <p>It must come straight from this machine and from no web page. The client has to know the digest, so it learns nothing of a file
 * that it could not read; why a file is refused is not told, so it does not learn either what files there are.
 */
final class OfferedFile {
    static final String FILE = "Puna-File";
    static final String LINK = "Puna-Link";

    /** What proxies and browsers say. */
    private static final List<String> OF_OTHERS = List.of("Origin", "Via", "Forwarded", "X-Forwarded-For", "X-Real-IP");

    private final String offered;
    private final HttpServerRequest request;

    OfferedFile(String offered, HttpServerRequest request) {
        this.offered = offered;
        this.request = request;
    }

    /** Makes the file the blob of that digest, if it has it; says how in one word. */
    String take(Digest digest, ModelStore store) {
        try {
            requireLocal();
            var file = FileStamp.of(Path.of(URLDecoder.decode(offered, UTF_8)).toRealPath())
                    .orElseThrow(() -> new IOException("no regular file"));
            requireWeights(file.file());
            try (var blob = store.beginUpload(digest)) {
                var way = request.getHeader(LINK) == null
                        ? FileIntake.copied(file.file(), blob, _ -> {})
                        : FileIntake.linked(file.file(), blob);
                blob.commit();
                return way.name().toLowerCase(Locale.ROOT);
            }
        } catch (IOException | IllegalArgumentException | Failure _) {
            throw new InvalidRequest("this file is not taken from where it is; send it");
        }
    }

    /** Nothing but weights, so that whoever knows the digest of somebody's secret does not get at it by way of a model. */
    private static void requireWeights(Path file) throws IOException {
        if (!Gguf.isGguf(file)) {
            throw new IOException("no GGUF file");
        }
    }

    private void requireLocal() throws IOException {
        var remote = request.remoteAddress();
        var address = remote == null ? null : remote.hostAddress();
        if (address == null
                || !InetAddress.getByName(address).isLoopbackAddress()
                || OF_OTHERS.stream().anyMatch(header -> request.getHeader(header) != null)) {
            throw new IOException("not from this machine");
        }
    }
}
