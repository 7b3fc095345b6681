// SPDX-License-Identifier: Apache-2.0
package dev.puna.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/** A server under test and how it is spoken to. Prompts go in as they are; answers are greedy. */
interface Peer extends AutoCloseable {

    ObjectMapper JSON = new ObjectMapper();

    RunningServer server();

    /** Free text if the schema is empty, otherwise JSON that satisfies it. */
    RunningServer.Stream generate(String prompt, int tokens, String schema) throws IOException, InterruptedException;

    default RunningServer.Stream generate(String prompt, int tokens) throws IOException, InterruptedException {
        return generate(prompt, tokens, "");
    }

    void embed(List<String> texts) throws IOException, InterruptedException;

    @Override
    default void close() {
        server().close();
    }

    /** This build, with a store of its own into which the model is put. */
    record Puna(RunningServer server, Path store) implements Peer {

        static Puna start(Setting setting) throws IOException, InterruptedException {
            return startOn(setting, Files.createTempDirectory("bench-store"));
        }

        static Puna startOn(Setting setting, Path store) throws IOException, InterruptedException {
            var server = RunningServer.start(
                    List.of(setting.launcher().toString(), "serve"),
                    Map.of(
                            "PUNA_HOST", "127.0.0.1:PORT",
                            "PUNA_MODELS", store.toString(),
                            "PUNA_THREADS", Integer.toString(setting.threads())),
                    "/api/version");
            return new Puna(server, store);
        }

        static Puna startWith(Setting setting, Path model) throws IOException, InterruptedException {
            var puna = start(setting);
            var digest = "sha256:" + sha256(model);
            var upload = HttpRequest.newBuilder(URI.create(puna.server.base + "/api/blobs/" + digest))
                    .POST(BodyPublishers.ofFile(model))
                    .build();
            try (var client = HttpClient.newHttpClient()) {
                client.send(upload, BodyHandlers.discarding());
            }
            puna.server.post(
                    "/api/create",
                    "{\"model\":\"bench\",\"stream\":false,\"files\":{\"model.gguf\":\"" + digest + "\"}}");
            return puna;
        }

        @Override
        public RunningServer.Stream generate(String prompt, int tokens, String schema)
                throws IOException, InterruptedException {
            var request = request(prompt, tokens);
            if (!schema.isEmpty()) {
                request.set("format", JSON.readTree(schema));
            }
            return server.stream("/api/generate", request.toString(), "\"done\":false");
        }

        @Override
        public void embed(List<String> texts) throws IOException, InterruptedException {
            var request = JSON.createObjectNode().put("model", "bench");
            texts.forEach(request.putArray("input")::add);
            server.post("/api/embed", request.toString());
        }

        private static ObjectNode request(String prompt, int tokens) {
            var request = JSON.createObjectNode()
                    .put("model", "bench")
                    .put("prompt", prompt)
                    .put("raw", true);
            request.putObject("options").put("num_predict", tokens).put("temperature", 0);
            return request;
        }

        private static String sha256(Path file) throws IOException {
            try {
                return HexFormat.of()
                        .formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file)));
            } catch (NoSuchAlgorithmException impossible) {
                throw new IllegalStateException(impossible);
            }
        }
    }

    /** llama.cpp's own server on the same libraries. */
    record LlamaServer(RunningServer server) implements Peer {

        static LlamaServer start(Setting setting, Path model, List<String> more)
                throws IOException, InterruptedException {
            var threads = Integer.toString(setting.threads());
            var command = new ArrayList<>(List.of(
                    setting.peers().resolve("llama-server").toString(),
                    "-m",
                    model.toString(),
                    "--host",
                    "127.0.0.1",
                    "--port",
                    "PORT",
                    "-t",
                    threads,
                    "-tb",
                    threads));
            command.addAll(more);
            return new LlamaServer(RunningServer.start(command, Map.of(), "/health"));
        }

        @Override
        public RunningServer.Stream generate(String prompt, int tokens, String schema)
                throws IOException, InterruptedException {
            var request = JSON.createObjectNode()
                    .put("prompt", prompt)
                    .put("n_predict", tokens)
                    .put("temperature", 0)
                    .put("stream", true)
                    .put("cache_prompt", true);
            if (!schema.isEmpty()) {
                request.set("json_schema", JSON.readTree(schema));
            }
            return server.stream("/completion", request.toString(), "\"stop\":false");
        }

        @Override
        public void embed(List<String> texts) throws IOException, InterruptedException {
            var request = JSON.createObjectNode();
            texts.forEach(request.putArray("input")::add);
            server.post("/v1/embeddings", request.toString());
        }
    }
}
