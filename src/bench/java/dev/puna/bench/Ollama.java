// SPDX-License-Identifier: Apache-2.0
package dev.puna.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** The real Ollama, on a store that Puna has filled: the two have one format. */
record Ollama(RunningServer server, int threads) implements OllamaApi {

    static Ollama startOn(Setting setting, Path program, Path store) throws IOException, InterruptedException {
        var server = RunningServer.start(
                List.of(program.toString(), "serve"),
                Map.of(
                        "OLLAMA_HOST",
                        "127.0.0.1:PORT",
                        "OLLAMA_MODELS",
                        store.toString(),
                        "OLLAMA_NUM_PARALLEL",
                        "8",
                        "HOME",
                        Files.createTempDirectory("bench-home").toString()),
                "/api/version");
        return new Ollama(server, setting.threads());
    }
}
