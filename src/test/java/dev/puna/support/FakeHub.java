// SPDX-License-Identifier: Apache-2.0
package dev.puna.support;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import dev.puna.model.Digest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;

/**
 * What Hugging Face adds to a registry: repositories with files of any kind, of which the large ones lie where it sends on to. A fake
 * registry answers for it.
 */
public final class FakeHub {
    /** The revision that every repository has. */
    public static final String COMMIT = "0123456789abcdef0123456789abcdef01234567";

    private static final ObjectMapper JSON = new ObjectMapper();

    private final FakeRegistry registry;
    private final String repository;
    private final Map<String, byte[]> files = new TreeMap<>();

    /**
     * @param repository the only one there is, with its owner
     */
    public FakeHub(FakeRegistry registry, String repository) {
        this.registry = registry;
        this.repository = repository;
        registry.plan(this::answer);
    }

    /** Adds every file of a directory. */
    public void addAll(Path directory) throws IOException {
        try (var found = Files.walk(directory)) {
            for (var file : found.filter(Files::isRegularFile).toList()) {
                add(directory.relativize(file).toString(), Files.readAllBytes(file));
            }
        }
    }

    public void add(String name, byte[] content) {
        files.put(name, content);
        if (isLarge(name)) {
            registry.blob(content);
        }
    }

    public void remove(String name) {
        files.remove(name);
    }

    public byte[] file(String name) {
        return files.getOrDefault(name, new byte[0]);
    }

    private static boolean isLarge(String name) {
        return name.endsWith(".safetensors") || name.endsWith(".bin");
    }

    private boolean answer(HttpExchange exchange) throws IOException {
        var path = exchange.getRequestURI().getPath();
        var resolved = "/" + repository + "/resolve/" + COMMIT + "/";
        if (path.startsWith("/v2/" + repository + "/manifests/")) {
            registry.answer(
                    exchange,
                    400,
                    "{\"error\":\"Repository is not GGUF or is not compatible with llama.cpp\"}".getBytes(UTF_8));
        } else if (exchange.getRequestURI()
                .toString()
                .equals("/api/models/" + repository + "/revision/main?blobs=true")) {
            registry.answer(exchange, 200, list());
        } else if (path.startsWith(resolved) && files.containsKey(path.substring(resolved.length()))) {
            resolve(exchange, path.substring(resolved.length()));
        } else {
            return false;
        }
        return true;
    }

    private void resolve(HttpExchange exchange, String name) throws IOException {
        var content = file(name);
        if (isLarge(name)) {
            exchange.getResponseHeaders()
                    .set("Location", "/storage/" + Digest.of(content).text());
            registry.answer(exchange, 302, new byte[0]);
        } else {
            registry.answer(exchange, 200, content);
        }
    }

    private byte[] list() throws IOException {
        var root = JSON.createObjectNode().put("id", repository).put("sha", COMMIT);
        var siblings = root.putArray("siblings");
        files.forEach((name, content) -> {
            var file = siblings.addObject().put("rfilename", name).put("size", content.length);
            if (isLarge(name)) {
                file.put("blobId", "f".repeat(40));
                file.putObject("lfs")
                        .put("sha256", Digest.of(content).hex())
                        .put("size", content.length)
                        .put("pointerSize", 130);
            } else {
                file.put("blobId", gitHash(content));
            }
        });
        return JSON.writeValueAsBytes(root);
    }

    private static String gitHash(byte[] content) {
        try {
            var hash = MessageDigest.getInstance("SHA-1");
            hash.update(("blob " + content.length + "\0").getBytes(UTF_8));
            return HexFormat.of().formatHex(hash.digest(content));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
