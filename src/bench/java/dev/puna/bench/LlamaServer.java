// SPDX-License-Identifier: Apache-2.0
package dev.puna.bench;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** llama.cpp's own server on the same libraries. */
record LlamaServer(RunningServer server) implements Peer {

    static LlamaServer start(Setting setting, Path model, List<String> more) throws IOException, InterruptedException {
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
        var request = request(prompt, tokens);
        if (!schema.isEmpty()) {
            request.set("json_schema", JSON.readTree(schema));
        }
        return server.stream("/completion", request.toString(), "\"stop\":false");
    }

    @Override
    public int answer(String prompt, int tokens) throws IOException, InterruptedException {
        var request = request(prompt, tokens).put("ignore_eos", true);
        var stream = server.stream("/completion", request.toString(), "\"stop\":false");
        return JSON.readTree(stream.end().substring("data: ".length()))
                .path("tokens_predicted")
                .asInt();
    }

    private static ObjectNode request(String prompt, int tokens) {
        return JSON.createObjectNode()
                .put("prompt", prompt)
                .put("n_predict", tokens)
                .put("temperature", 0)
                .put("stream", true)
                .put("cache_prompt", true);
    }

    @Override
    public void embed(List<String> texts) throws IOException, InterruptedException {
        var request = JSON.createObjectNode();
        texts.forEach(request.putArray("input")::add);
        server.post("/v1/embeddings", request.toString());
    }
}
