// SPDX-License-Identifier: Apache-2.0
package dev.puna.bench;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.List;

/** A server of Ollama's API that has a model named {@code bench}. */
interface OllamaApi extends Peer {

    /** That compute. */
    int threads();

    @Override
    default RunningServer.Stream generate(String prompt, int tokens, String schema)
            throws IOException, InterruptedException {
        var request = request().put("prompt", prompt).put("raw", true);
        request.withObject("/options").put("num_predict", tokens).put("temperature", 0);
        if (!schema.isEmpty()) {
            request.set("format", JSON.readTree(schema));
        }
        return server().stream("/api/generate", request.toString(), "\"done\":false");
    }

    @Override
    default void embed(List<String> texts) throws IOException, InterruptedException {
        var request = request();
        texts.forEach(request.putArray("input")::add);
        server().post("/api/embed", request.toString());
    }

    private ObjectNode request() {
        var request = JSON.createObjectNode().put("model", "bench");
        request.putObject("options").put("num_thread", threads());
        return request;
    }
}
