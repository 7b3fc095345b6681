// SPDX-License-Identifier: Apache-2.0
package dev.puna.support;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import com.sun.net.httpserver.HttpExchange;
import dev.puna.model.Digest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** The writing half of a {@link FakeRegistry}: uploads in parts, in order or by another host, and manifests. */
public final class FakeUploads {
    private final FakeRegistry registry;
    private final AtomicInteger begun = new AtomicInteger();
    private final AtomicLong received = new AtomicLong();
    private final Map<String, Upload> uploads = new ConcurrentHashMap<>();
    private final List<String> commits = new CopyOnWriteArrayList<>();
    private volatile Optional<String> elsewhere = Optional.empty();
    private volatile boolean mounts;

    /**
     * One upload.
     *
     * @param id at the end of its address
     * @param content what has come here
     * @param parts what has come elsewhere, by its position
     */
    private record Upload(String id, ByteArrayOutputStream content, SortedMap<Long, byte[]> parts) {}

    FakeUploads(FakeRegistry registry) {
        this.registry = registry;
    }

    /** Parts are to be sent to this host, below {@code /elsewhere/}. */
    public void redirectTo(String host) {
        elsewhere = Optional.of(host);
    }

    /** Blobs of other repositories are taken from there. */
    public void mount() {
        mounts = true;
    }

    /** Forgets every upload, as registries do with old ones. */
    public void expire() {
        uploads.clear();
    }

    /** Uploads that were begun. */
    public int begun() {
        return begun.get();
    }

    /** Bytes of blobs that have come. */
    public long received() {
        return received.get();
    }

    /** Queries of the requests that ended an upload. */
    public List<String> commits() {
        return commits;
    }

    /** Takes what a host that this registry has sent on to gets. */
    public boolean takeElsewhere(HttpExchange exchange) throws IOException {
        var path = exchange.getRequestURI().getPath();
        if (!path.startsWith("/elsewhere/")) {
            return false;
        }
        var bytes = read(exchange);
        var names = path.substring("/elsewhere/".length()).split("/");
        upload(names[0]).parts().put(Long.parseLong(names[1]), bytes);
        answer(exchange, 200);
        return true;
    }

    /** Takes only the first so many bytes of what comes. */
    public boolean takeSome(HttpExchange exchange, int most) throws IOException {
        var path = exchange.getRequestURI().getPath();
        var upload = upload(path.substring(path.lastIndexOf('/') + 1));
        upload.content().write(read(exchange), 0, most);
        tell(exchange, 202, upload);
        return true;
    }

    boolean answer(HttpExchange exchange) throws IOException {
        var path = exchange.getRequestURI().getPath();
        if (exchange.getRequestMethod().equals("PUT") && path.contains("/manifests/")) {
            registry.store(path.substring(path.indexOf("manifests/")), read(exchange));
            answer(exchange, 201);
            return true;
        }
        if (!path.contains("/blobs/uploads/")) {
            return false;
        }
        var id = path.substring(path.lastIndexOf('/') + 1);
        switch (exchange.getRequestMethod()) {
            case "POST" -> begin(exchange, path);
            case "GET" -> known(exchange, id, upload -> tell(exchange, 204, upload));
            case "PATCH" -> known(exchange, id, upload -> patch(exchange, upload));
            case "PUT" -> known(exchange, id, upload -> commit(exchange, upload));
            default -> answer(exchange, 405);
        }
        return true;
    }

    private interface Answer {
        void give(Upload upload) throws IOException;
    }

    private void known(HttpExchange exchange, String id, Answer answer) throws IOException {
        if (uploads.containsKey(id)) {
            answer.give(upload(id));
        } else {
            exchange.getRequestBody().readAllBytes();
            answer(exchange, 404);
        }
    }

    private Upload upload(String id) {
        return requireNonNull(uploads.get(id), id);
    }

    private void begin(HttpExchange exchange, String path) throws IOException {
        var query = String.valueOf(exchange.getRequestURI().getQuery());
        if (mounts && query.contains("mount=")) {
            answer(exchange, 201);
            return;
        }
        var id = "upload-" + begun.incrementAndGet();
        uploads.put(id, new Upload(id, new ByteArrayOutputStream(), new ConcurrentSkipListMap<>()));
        exchange.getResponseHeaders().set("Location", path + id);
        answer(exchange, 202);
    }

    private void patch(HttpExchange exchange, Upload upload) throws IOException {
        var from = Long.parseLong(
                exchange.getRequestHeaders().getFirst("Content-Range").split("-")[0]);
        if (elsewhere.isPresent()) {
            exchange.getResponseHeaders()
                    .set("Location", "http://%s/elsewhere/%s/%d".formatted(elsewhere.get(), upload.id(), from));
            exchange.getResponseHeaders()
                    .set("Docker-Upload-Location", exchange.getRequestURI().toString());
            answer(exchange, 307);
            return;
        }
        var taken = upload.content();
        if (from != taken.size()) {
            exchange.getRequestBody().readAllBytes();
            tell(exchange, 416, upload);
            return;
        }
        var buffer = new byte[1 << 16];
        for (var count = exchange.getRequestBody().read(buffer);
                count >= 0;
                count = exchange.getRequestBody().read(buffer)) {
            taken.write(buffer, 0, count);
            received.addAndGet(count);
        }
        tell(exchange, 202, upload);
    }

    private void tell(HttpExchange exchange, int status, Upload upload) throws IOException {
        exchange.getResponseHeaders().set("Location", exchange.getRequestURI().toString());
        exchange.getResponseHeaders()
                .set("Range", "0-" + Math.max(0, upload.content().size() - 1));
        answer(exchange, status);
    }

    private void commit(HttpExchange exchange, Upload upload) throws IOException {
        var query = exchange.getRequestURI().getQuery();
        commits.add(query);
        var content = upload.content();
        for (var part : upload.parts().values()) {
            content.write(part);
        }
        var digest = query.replaceFirst(".*digest=(sha256:[0-9a-f]{64}).*", "$1");
        if (!Digest.of(content.toByteArray()).text().equals(digest)) {
            registry.answer(exchange, 400, "{\"errors\":[{\"code\":\"DIGEST_INVALID\"}]}".getBytes(UTF_8));
            return;
        }
        registry.store(digest, content.toByteArray());
        uploads.remove(upload.id());
        answer(exchange, 201);
    }

    private byte[] read(HttpExchange exchange) throws IOException {
        var bytes = exchange.getRequestBody().readAllBytes();
        received.addAndGet(bytes.length);
        return bytes;
    }

    private void answer(HttpExchange exchange, int status) throws IOException {
        registry.answer(exchange, status, new byte[0]);
    }
}
