// SPDX-License-Identifier: Apache-2.0
package dev.puna.bench;

import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/** This build, with a store of its own into which the model is put. */
record PunaUnderTest(RunningServer server, Path store, int threads) implements OllamaApi {

    static PunaUnderTest start(Setting setting) throws IOException, InterruptedException {
        return startOn(setting, Files.createTempDirectory("bench-store"));
    }

    static PunaUnderTest startOn(Setting setting, Path store) throws IOException, InterruptedException {
        return startOn(setting, store, Map.of());
    }

    static PunaUnderTest startOn(Setting setting, Path store, Map<String, String> more)
            throws IOException, InterruptedException {
        var environment = new HashMap<>(Map.of(
                "PUNA_HOST",
                "127.0.0.1:PORT",
                "PUNA_MODELS",
                store.toString(),
                "XDG_CACHE_HOME",
                store + "-cache",
                "PUNA_THREADS",
                Integer.toString(setting.threads())));
        environment.putAll(more);
        var server = RunningServer.start(List.of(setting.launcher().toString(), "serve"), environment, "/api/version");
        return new PunaUnderTest(server, store, setting.threads());
    }

    static PunaUnderTest startWith(Setting setting, Path model) throws IOException, InterruptedException {
        return startWith(setting, model, Map.of());
    }

    /** The same with more in its environment. */
    static PunaUnderTest startWith(Setting setting, Path model, Map<String, String> more)
            throws IOException, InterruptedException {
        var puna = startOn(setting, Files.createTempDirectory("bench-store"), more);
        puna.create("bench", model);
        return puna;
    }

    /** Makes a model of a file. */
    void create(String name, Path model) throws IOException, InterruptedException {
        var digest = upload(model);
        server.post(
                "/api/create",
                "{\"model\":\"" + name + "\",\"stream\":false,\"files\":{\"model.gguf\":\"" + digest + "\"}}");
    }

    /** Sends a file, and returns its digest. */
    String upload(Path file) throws IOException, InterruptedException {
        var digest = "sha256:" + sha256(file);
        var upload = HttpRequest.newBuilder(URI.create(server.base + "/api/blobs/" + digest))
                .POST(BodyPublishers.ofFile(file))
                .build();
        try (var client = HttpClient.newHttpClient()) {
            client.send(upload, BodyHandlers.discarding());
        }
        return digest;
    }

    /** Returns when the model is no longer listed as being in memory. */
    void unload() throws IOException, InterruptedException {
        server.post("/api/generate", "{\"model\":\"bench\",\"keep_alive\":0}");
        while (server.get("/api/ps").contains("bench")) {
            Thread.sleep(2);
        }
    }

    static String sha256(Path file) throws IOException {
        try (var hashed = new DigestInputStream(Files.newInputStream(file), MessageDigest.getInstance("SHA-256"))) {
            hashed.transferTo(OutputStream.nullOutputStream());
            return HexFormat.of().formatHex(hashed.getMessageDigest().digest());
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
