// SPDX-License-Identifier: Apache-2.0
package dev.puna.registry;

import dev.puna.failure.InvalidRequest;
import dev.puna.failure.RegistryFailure;
import dev.puna.model.Layer;
import dev.puna.model.ModelName;
import dev.puna.registry.UploadState.Range;
import dev.puna.registry.access.RegistryClient;
import dev.puna.registry.access.RegistryClient.Redirects;
import dev.puna.registry.http.RegistryRequest;
import dev.puna.registry.http.RegistryResponse;
import dev.puna.registry.http.RequestBody;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** The requests by which one blob gets into one repository. Source: contract 4, OCI distribution specification 1.1. */
final class UploadSession {
    /** A registry hashes the whole blob before it answers the last request. */
    private static final Duration TO_COMMIT = Duration.ofMinutes(15);

    private static final Pattern TAKEN = Pattern.compile("(?:bytes=)?0-(\\d{1,18})");
    private static final String BYTES = "application/octet-stream";

    private final RegistryClient client;
    private final Repository repository;
    private final Layer layer;

    UploadSession(RegistryClient client, Repository repository, Layer layer) {
        this.client = client;
        this.repository = repository;
        this.layer = layer;
    }

    /** The registry knows nothing of the upload, or makes no sense of it: it has to be begun again. */
    static final class Lost extends IOException {
        private static final long serialVersionUID = 1L;

        Lost(String message) {
            super(message);
        }
    }

    /** Whether the repository has the blob. */
    boolean exists() throws IOException {
        var request = RegistryRequest.of("HEAD", repository.blob(layer.digest()), Map.of());
        try (var response = client.send(request, Redirects.ANYWHERE)) {
            if (response.status() == 404) {
                return false;
            }
            requireDone(response);
            return true;
        }
    }

    /** Begins an upload and says where to; nothing if the registry has the blob in another repository and takes it from there. */
    Optional<URI> begin() throws IOException {
        var source = mountable();
        if (source.isPresent()) {
            var query = "?mount=%s&from=%s".formatted(encoded(layer.digest().text()), encoded(source.get()));
            try (var response = post(repository.uploads().resolve(query))) {
                if (response.status() == 201) {
                    return Optional.empty();
                }
                if (response.status() < 400) {
                    return Optional.of(location(response));
                }
                // Who may not read the other repository may yet write into this one.
                Retries.requireReady(response);
            }
        }
        try (var response = post(repository.uploads())) {
            requireDone(response);
            return Optional.of(location(response));
        }
    }

    private RegistryResponse post(URI address) throws IOException {
        var request = RegistryRequest.of("POST", address, Map.of()).with(RequestBody.of(new byte[0]));
        return client.send(request, Redirects.WITHIN);
    }

    /** The repository that the layer came from, if it is at the same registry. */
    private Optional<String> mountable() {
        try {
            return layer.from()
                    .map(ModelName::parse)
                    .filter(from ->
                            from.host().equalsIgnoreCase(repository.name().host()))
                    .map(from -> from.namespace() + "/" + from.model())
                    .filter(from -> !from.equals(repository.path()));
        } catch (InvalidRequest _) {
            return Optional.empty();
        }
    }

    /** Asks a registry that keeps uploads how much of this one it has. One that does not say is believed to have what it took. */
    void ask(UploadState state) throws IOException {
        var request = RegistryRequest.of("GET", state.location(), Map.of());
        try (var response = client.send(request, Redirects.NONE)) {
            Retries.requireReady(response);
            if (response.status() == 405) {
                return;
            }
            if (response.status() >= 300) {
                throw new Lost(response.refusal());
            }
            next(response).ifPresent(state::moveTo);
            var taken = taken(response, state.inOrder());
            if (taken.isPresent()) {
                state.taken(taken.get());
            }
        }
    }

    /** Sends some bytes; gives the address that they have to be sent to instead, if there is one. */
    Optional<URI> patch(UploadState state, Range range, RequestBody body) throws IOException {
        var headers = Map.of(
                "Content-Type",
                BYTES,
                "Content-Range",
                "%d-%d".formatted(range.from(), range.to() - 1),
                "X-Redirect-Uploads",
                "1");
        var request = RegistryRequest.of("PATCH", state.location(), headers).with(body);
        try (var response = client.send(request, Redirects.NONE)) {
            if (response.isRedirect()) {
                state.redirect();
                response.header("Docker-Upload-Location").ifPresent(text -> state.moveTo(resolved(response, text)));
                return Optional.of(location(response, "Location"));
            }
            if (response.status() == 404 || response.status() == 400 || response.status() == 416) {
                throw new Lost(response.refusal());
            }
            requireDone(response);
            next(response).ifPresent(state::moveTo);
            var taken = taken(response, range.to()).orElse(range.to());
            if (taken <= range.from() || taken > range.to()) {
                throw new Lost("the registry has %d bytes where it should have %d".formatted(taken, range.to()));
            }
            state.taken(taken);
            return Optional.empty();
        }
    }

    /** Sends bytes to where the registry has sent on to. */
    void put(URI target, RequestBody body) throws IOException {
        var request =
                RegistryRequest.of("PUT", target, Map.of("Content-Type", BYTES)).with(body);
        try (var response = client.send(request, Redirects.NONE)) {
            Retries.requireReady(response);
            if (response.status() >= 300) {
                // The address may be good for some time only; the registry is asked for another one.
                throw new IOException(response.refusal());
            }
        }
    }

    /** Makes the blob of what was sent. */
    void commit(UploadState state, String etag) throws IOException {
        var location = state.location().toString();
        var address = URI.create("%s%sdigest=%s&etag=%s"
                .formatted(
                        location,
                        location.contains("?") ? "&" : "?",
                        encoded(layer.digest().text()),
                        etag));
        var request = RegistryRequest.of("PUT", address, Map.of("Content-Type", BYTES))
                .with(RequestBody.of(new byte[0]))
                .within(TO_COMMIT);
        try (var response = client.send(request, Redirects.WITHIN)) {
            if (response.status() == 404 || response.status() == 416) {
                throw new Lost(response.refusal());
            }
            requireDone(response);
        }
    }

    private static void requireDone(RegistryResponse response) throws IOException {
        Retries.requireReady(response);
        if (response.status() >= 300) {
            throw new RegistryFailure(response.refusal());
        }
    }

    /** What {@code Range} says; {@code 0-0} is how registries call nothing, and one byte. */
    private static Optional<Long> taken(RegistryResponse response, long expected) {
        var matcher = TAKEN.matcher(response.header("Range").orElse(""));
        if (!matcher.matches()) {
            return Optional.empty();
        }
        var last = Long.parseLong(matcher.group(1));
        return Optional.of(last == 0 && expected != 1 ? 0 : last + 1);
    }

    private static URI location(RegistryResponse response) {
        return next(response)
                .orElseThrow(() -> new RegistryFailure("the registry takes an upload but does not say where"));
    }

    private static URI location(RegistryResponse response, String header) {
        return resolved(response, response.header(header).orElse(""));
    }

    private static Optional<URI> next(RegistryResponse response) {
        return response.header("Docker-Upload-Location")
                .or(() -> response.header("Location"))
                .map(text -> resolved(response, text));
    }

    private static URI resolved(RegistryResponse response, String text) {
        try {
            return response.address().resolve(text);
        } catch (IllegalArgumentException e) {
            throw new RegistryFailure("the registry wants the upload at what is no address", e);
        }
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
