// SPDX-License-Identifier: Apache-2.0
package dev.puna.bench;

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
