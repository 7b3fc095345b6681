// SPDX-License-Identifier: Apache-2.0
package dev.puna.api.ollama;

import dev.puna.api.http.JsonBody;
import dev.puna.api.ollama.request.NamedModel;
import dev.puna.api.ollama.wire.StatusLine;
import dev.puna.failure.InvalidRequest;
import dev.puna.failure.NotFound;
import dev.puna.go.GoQuote;
import dev.puna.store.Copied;
import dev.puna.store.ModelStore;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import java.util.regex.Pattern;

/** {@code POST /api/copy}. Source: contract 1.8, addendum 3.5. */
@Path("/api/copy")
public final class CopyResource {
    private static final Pattern IN_THE_CLOUD = Pattern.compile("(?i)(:|:[^:/]*-)cloud$");

    private final ModelStore store;

    CopyResource(ModelStore store) {
        this.store = store;
    }

    /** Gives a model a second name. */
    @POST
    public StatusLine copy(JsonBody body) {
        var request = body.object("CopyRequest");
        var sent = request.string("source");
        if (IN_THE_CLOUD.matcher(sent).find()) {
            throw new InvalidRequest("source %s is invalid".formatted(GoQuote.quoted(sent)));
        }
        var source = NamedModel.parse(sent, "source");
        var destination = NamedModel.parse(request.string("destination"), "destination");
        var copied = store.copy(source, destination)
                .orElseThrow(() -> new NotFound("model %s not found".formatted(GoQuote.quoted(sent))));
        return StatusLine.of(copied.left().isEmpty() ? "success" : warning(copied));
    }

    private static String warning(Copied copied) {
        return "Warning: discarded %s (not pulled locally); copy contains %s"
                .formatted(String.join(", ", copied.left()), String.join(", ", copied.kept()));
    }
}
