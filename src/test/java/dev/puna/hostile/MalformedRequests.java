// SPDX-License-Identifier: Apache-2.0
package dev.puna.hostile;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.puna.api.http.OpenApiDocument;
import dev.puna.api.http.OpenApiDocument.Operation;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import java.util.Random;

/**
 * Malformed requests to all routes of the OpenAPI document, the same for the same seed. Nearly all name a model that is not there, so that
 * they cost little. <b>Threads:</b> any.
 */
final class MalformedRequests {
    /** A model that is there, for one request in so many. */
    static final String PRESENT = "tiny";

    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    private static final int WITH_MODEL = 30;
    private static final String ABSENT = "absent";

    /** What keeps an answer short, in the words of all APIs. */
    private static final List<String> SHORT =
            List.of("max_tokens", "max_output_tokens", "n_predict", "max_completion_tokens");

    private static final List<String> DIGESTS = List.of(
            "sha256:" + "0".repeat(64),
            "sha256-" + "f".repeat(64),
            "sha256:..%2f..",
            "sha256:",
            "sha256:" + "A".repeat(64),
            "sha1:00",
            "%00",
            "..");
    private static final List<String> IDS =
            List.of("absent", "tiny", "a/b/c", "..%2f..", "%00", "a:b:c", "%ff", "é", "a".repeat(9_000), ".");

    private final List<Operation> operations;
    private final List<String> names;

    private MalformedRequests(OpenApiDocument document) {
        operations = document.operations();
        names = List.copyOf(document.fieldNames());
    }

    static MalformedRequests read() throws IOException {
        return new MalformedRequests(OpenApiDocument.read());
    }

    /** Each as a method and a path. */
    List<String> routes() {
        return operations.stream().map(Operation::toString).toList();
    }

    /**
     * One request.
     *
     * @param route its number in {@link #routes}
     * @param host that the server goes by
     */
    MalformedRequest of(int route, long seed, String host) {
        var random = new Random(seed * 1_000_003 + route);
        var operation = operations.get(route);
        var path = operation
                .path()
                .replace("{digest}", HostileModels.pick(DIGESTS, random))
                .replace("{id}", HostileModels.pick(IDS, random));
        var made = made(operation, path, new MalformedHeads(host, random), random);
        if (random.nextInt(9) == 0) {
            made = made.cut(random.nextInt(made.bytes().length + 1));
        }
        return random.nextInt(9) == 0 ? made.left() : made;
    }

    private MalformedRequest made(Operation operation, String path, MalformedHeads heads, Random random) {
        var route = operation.toString();
        var method = operation.method();
        var kind = random.nextInt(100);
        if (kind < 50) {
            return new MalformedRequest(
                    route, "body", heads.plain(method, path, body(operation, random)), 1, true, false);
        } else if (kind < 62) {
            return new MalformedRequest(
                    route, "chunks", heads.chunked(method, path, body(operation, random)), 9, false, false);
        } else if (kind < 70) {
            return new MalformedRequest(
                    route, "length", heads.length(method, path, body(operation, random)), 9, false, false);
        } else if (kind < 82) {
            return new MalformedRequest(
                    route, "headers", heads.headers(method, path, body(operation, random)), 9, false, false);
        } else if (kind < 90) {
            return new MalformedRequest(
                    route, "line", heads.line(method, path, body(operation, random)), 9, false, false);
        } else if (kind < 95) {
            return new MalformedRequest(route, "smuggled", heads.smuggled(method, path), 1, false, false);
        }
        var all = new ByteArrayOutputStream();
        var count = 2 + random.nextInt(4);
        for (var i = 0; i < count; i++) {
            all.writeBytes(heads.plain(method, path, body(operation, random)));
        }
        return new MalformedRequest(route, "pipelined", all.toByteArray(), count, false, false);
    }

    private byte[] body(Operation operation, Random random) {
        var example = operation.body().path("example");
        if (!example.isObject()) {
            return random.nextInt(3) == 0
                    ? new MalformedBodies(names, random).of(NODES.objectNode())
                    : "blob".getBytes(UTF_8);
        }
        var good = (ObjectNode) example.deepCopy();
        var model = random.nextInt(WITH_MODEL) == 0 ? PRESENT : ABSENT;
        for (var name : List.of("model", "source", "from", "name")) {
            if (good.has(name)) {
                good.put(name, model);
            }
        }
        if (operation.path().equals("/api/create") || operation.path().equals("/api/delete")) {
            good.put("model", "made");
        }
        SHORT.forEach(name -> good.put(name, 2));
        good.set("options", NODES.objectNode().put("num_predict", 2));
        good.put("stream", random.nextBoolean());
        return new MalformedBodies(names, random).of(good);
    }
}
