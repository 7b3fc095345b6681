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
        var request = request(prompt, tokens);
        if (!schema.isEmpty()) {
            request.set("format", JSON.readTree(schema));
        }
        return server().stream("/api/generate", request.toString(), "\"done\":false");
    }

    /** Ollama itself has no such option, and says no word about it. */
    @Override
    default int answer(String prompt, int tokens) throws IOException, InterruptedException {
        var request = request(prompt, tokens);
        request.withObject("/options").put("ignore_eos", true);
        var stream = server().stream("/api/generate", request.toString(), "\"done\":false");
        return JSON.readTree(stream.end()).path("eval_count").asInt();
    }

    private ObjectNode request(String prompt, int tokens) {
        var request = request().put("prompt", prompt).put("raw", true);
        request.withObject("/options").put("num_predict", tokens).put("temperature", 0);
        return request;
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
