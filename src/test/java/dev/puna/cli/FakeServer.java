// SPDX-License-Identifier: Apache-2.0
package dev.puna.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.puna.cli.client.ServerJson;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A server that answers what the test says and remembers what it was asked; on a free port of the loopback address. */
public final class FakeServer implements AutoCloseable {
    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Map<String, Answer> answers = new ConcurrentHashMap<>();
    private final List<Request> requests = new CopyOnWriteArrayList<>();

    /** What the server was asked: {@code "POST /api/show"} and the body. */
    public record Request(String line, String body) {
        public ServerJson json() {
            return ServerJson.read(body).orElseThrow();
        }
    }

    /** Writes an answer. */
    public interface Answer {
        void write(HttpExchange exchange) throws IOException;
    }

    public FakeServer() throws IOException {
        this(0);
    }

    FakeServer(int port) throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        server.setExecutor(threads);
        server.createContext("/", this::handle);
        server.start();
        on("HEAD /", exchange -> exchange.sendResponseHeaders(200, -1));
    }

    public int port() {
        return server.getAddress().getPort();
    }

    public FakeServer on(String line, Answer answer) {
        answers.put(line, answer);
        return this;
    }

    public FakeServer on(String line, int status, String body) {
        return on(line, exchange -> {
            exchange.getResponseHeaders().add("Content-Type", "application/json; charset=utf-8");
            var bytes = body.getBytes(UTF_8);
            exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
            if (bytes.length > 0) {
                exchange.getResponseBody().write(bytes);
            }
        });
    }

    /** A stream of objects, a line each. */
    public FakeServer streams(String line, String... objects) {
        return on(line, exchange -> {
            exchange.getResponseHeaders().add("Content-Type", "application/x-ndjson");
            exchange.sendResponseHeaders(200, 0);
            for (var object : objects) {
                exchange.getResponseBody().write((object + "\n").getBytes(UTF_8));
                exchange.getResponseBody().flush();
            }
        });
    }

    public List<Request> requests() {
        return requests;
    }

    public Request last(String line) {
        return requests.stream()
                .filter(request -> request.line().equals(line))
                .reduce((_, last) -> last)
                .orElseThrow();
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            var line =
                    exchange.getRequestMethod() + " " + exchange.getRequestURI().getPath();
            requests.add(new Request(line, new String(exchange.getRequestBody().readAllBytes(), UTF_8)));
            var answer = answers.get(line);
            if (answer == null) {
                var text = "404 page not found".getBytes(UTF_8);
                exchange.sendResponseHeaders(404, exchange.getRequestMethod().equals("HEAD") ? -1 : text.length);
                if (!exchange.getRequestMethod().equals("HEAD")) {
                    exchange.getResponseBody().write(text);
                }
            } else {
                answer.write(exchange);
            }
        }
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
