// SPDX-License-Identifier: Apache-2.0
package dev.puna.api.ollama;

import dev.puna.failure.Cancelled;
import dev.puna.failure.NotFound;
import dev.puna.go.GoQuote;
import dev.puna.model.Digest;
import dev.puna.store.ModelStore;
import dev.puna.store.PendingBlob;
import io.vertx.core.http.HttpServerRequest;
import jakarta.ws.rs.HEAD;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** {@code /api/blobs/:digest}. Source: contract 1.9. */
@Path("/api/blobs/{digest}")
public final class BlobResource {
    private static final int BUFFER = 1 << 20;

    private final ModelStore store;

    BlobResource(ModelStore store) {
        this.store = store;
    }

    /** Whether the blob is there. */
    @HEAD
    public Response exists(@PathParam("digest") String digest) {
        if (!store.contains(Digest.parse(digest))) {
            throw new NotFound("blob %s not found".formatted(GoQuote.quoted(digest)));
        }
        return Response.ok().build();
    }

    /** Takes in a blob as it comes, however large; nothing is kept of one that breaks off or is not what its name says. */
    @POST
    public Response upload(
            @PathParam("digest") String text,
            @HeaderParam(OfferedFile.FILE) @Nullable String offered,
            @Context HttpServerRequest request,
            InputStream body) {
        var digest = Digest.parse(text);
        if (store.contains(digest)) {
            return Response.ok().build();
        }
        if (offered != null) {
            var way = new OfferedFile(offered, request).take(digest, store);
            return Response.status(Response.Status.CREATED)
                    .header(OfferedFile.FILE, way)
                    .build();
        }
        try (var upload = store.beginUpload(digest)) {
            receive(body, upload);
            upload.commit();
        }
        return Response.status(Response.Status.CREATED).build();
    }

    private static void receive(InputStream body, PendingBlob upload) {
        var buffer = new byte[BUFFER];
        for (var read = read(body, buffer); read > 0; read = read(body, buffer)) {
            upload.write(ByteBuffer.wrap(buffer, 0, read));
        }
    }

    /** Fills the buffer as far as the body goes; 0 at its end. */
    private static int read(InputStream body, byte[] buffer) {
        try {
            return body.readNBytes(buffer, 0, buffer.length);
        } catch (IOException e) {
            throw new Cancelled("the upload broke off: " + e.getMessage());
        }
    }
}
