// SPDX-License-Identifier: Apache-2.0
package dev.puna.support;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import dev.puna.model.Digest;
import dev.puna.model.MediaTypes;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Pattern;

/** A registry on loopback with what a test puts into it, and with the faults that a test plans. */
public final class FakeRegistry implements AutoCloseable {
    private static final Pattern RANGE = Pattern.compile("bytes=(\\d+)-(\\d+)");

    private final HttpServer server;
    private final Map<String, byte[]> content = new ConcurrentHashMap<>();
    private final List<Fault> faults = new CopyOnWriteArrayList<>();
    private final List<String> requests = new CopyOnWriteArrayList<>();
    private final AtomicLong sent = new AtomicLong();
    private final FakeUploads uploads = new FakeUploads(this);
    private volatile boolean knowsRanges = true;

    /** Answers in place of the registry; false to let it answer. */
    public interface Fault {
        boolean answer(HttpExchange exchange) throws IOException;
    }

    public FakeRegistry() {
        this(Optional.empty());
    }

    /** By TLS, with that certificate. */
    public FakeRegistry(TestCertificate certificate) {
        this(Optional.of(certificate));
    }

    private FakeRegistry(Optional<TestCertificate> certificate) {
        var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        try {
            if (certificate.isPresent()) {
                var secure = HttpsServer.create(address, 0);
                secure.setHttpsConfigurator(
                        new HttpsConfigurator(certificate.get().context()));
                server = secure;
            } else {
                server = HttpServer.create(address, 0);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", this::handle);
        server.start();
    }

    public String host() {
        return "127.0.0.1:" + server.getAddress().getPort();
    }

    public InetSocketAddress address() {
        return server.getAddress();
    }

    /** Every request: its method, path and range. */
    public List<String> requests() {
        return requests;
    }

    public long requestsFor(Digest digest) {
        return requests.stream()
                .filter(request -> request.contains(digest.text()))
                .count();
    }

    /** Bytes of bodies so far. */
    public long sent() {
        return sent.get();
    }

    /** Every request from now on is shown to this first. */
    public void plan(Fault fault) {
        faults.add(fault);
    }

    /** The first so many requests for a path are answered by this. */
    public void planTimes(int times, String path, Fault fault) {
        var left = new AtomicLong(times);
        plan(exchange -> exchange.getRequestURI().getPath().contains(path)
                && left.getAndDecrement() > 0
                && fault.answer(exchange));
    }

    public Digest blob(byte[] bytes) {
        var digest = Digest.of(bytes);
        content.put(digest.text(), bytes);
        return digest;
    }

    /** From now on every answer is the whole. */
    public void forgetRanges() {
        knowsRanges = false;
    }

    /** Stores other bytes than a digest says. */
    public void damage(Digest digest, byte[] bytes) {
        content.put(digest.text(), bytes);
    }

    /** What was pushed under that name, or the bytes of a blob. */
    public Optional<byte[]> content(String key) {
        return Optional.ofNullable(content.get(key));
    }

    /** How models get here. */
    public FakeUploads uploads() {
        return uploads;
    }

    void store(String key, byte[] bytes) {
        content.put(key, bytes);
    }

    public void manifest(String tag, String json) {
        content.put("manifests/" + tag, json.getBytes(UTF_8));
    }

    /** A model of these weights; gives the digests of all its blobs, the configuration last. */
    public List<Digest> model(String tag, byte[]... weights) {
        var digests = new ArrayList<Digest>();
        var layers = new ArrayList<String>();
        for (var bytes : weights) {
            digests.add(blob(bytes));
            layers.add(layer(MediaTypes.MODEL, bytes));
        }
        var config = "{\"model_format\":\"gguf\",\"model_family\":\"llama\"}".getBytes(UTF_8);
        digests.add(blob(config));
        manifest(tag, manifestOf(config, String.join(",", layers)));
        return digests;
    }

    public static String manifestOf(byte[] config, String layers) {
        return "{\"schemaVersion\":2,\"mediaType\":\"%s\",\"config\":%s,\"layers\":[%s]}"
                .formatted(MediaTypes.MANIFEST, layer(MediaTypes.CONFIG, config), layers);
    }

    public static String layer(String mediaType, byte[] bytes) {
        return "{\"mediaType\":\"%s\",\"digest\":\"%s\",\"size\":%d}"
                .formatted(mediaType, Digest.of(bytes).text(), bytes.length);
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            var range = exchange.getRequestHeaders().getFirst("Range");
            requests.add(
                    exchange.getRequestMethod() + " " + exchange.getRequestURI() + (range == null ? "" : " " + range));
            for (var fault : faults) {
                if (fault.answer(exchange)) {
                    return;
                }
            }
            if (!uploads.answer(exchange)) {
                serve(exchange);
            }
        }
    }

    public void serve(HttpExchange exchange) throws IOException {
        var path = exchange.getRequestURI().getPath();
        var bytes = path.contains("/manifests/")
                ? content.get(path.substring(path.indexOf("manifests/")))
                : content.get(path.substring(path.lastIndexOf('/') + 1));
        if (bytes == null) {
            answer(exchange, 404, "{\"errors\":[{\"code\":\"UNKNOWN\"}]}".getBytes(UTF_8));
            return;
        }
        var range = RANGE.matcher(String.valueOf(exchange.getRequestHeaders().getFirst("Range")));
        if (knowsRanges && range.matches()) {
            var from = Integer.parseInt(range.group(1));
            var to = Integer.parseInt(range.group(2));
            exchange.getResponseHeaders().set("Content-Range", "bytes %d-%d/%d".formatted(from, to, bytes.length));
            answer(exchange, 206, Arrays.copyOfRange(bytes, from, to + 1));
        } else {
            answer(exchange, 200, bytes);
        }
    }

    public void answer(HttpExchange exchange, int status, byte[] body) throws IOException {
        if (exchange.getRequestMethod().equals("HEAD")) {
            exchange.getResponseHeaders().set("Content-Length", String.valueOf(body.length));
            exchange.sendResponseHeaders(status, -1);
            return;
        }
        exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
        if (body.length > 0) {
            // In pieces, since the JDK's server copies what it is given at once.
            new ByteArrayInputStream(body).transferTo(exchange.getResponseBody());
            sent.addAndGet(body.length);
        }
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
