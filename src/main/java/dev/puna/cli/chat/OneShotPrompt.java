// SPDX-License-Identifier: Apache-2.0
package dev.puna.cli.chat;

import static java.util.Objects.requireNonNull;

import dev.puna.cli.client.PunaServer;
import dev.puna.cli.client.ServerJson;
import dev.puna.cli.text.Progress;
import dev.puna.go.GoFloat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.stream.Collectors;

/** A prompt from the command line and the answer to it. */
public final class OneShotPrompt {
    private final PunaServer server;
    private final String model;
    private final RunOptions runOptions;
    private final Streams streams;
    private ServerJson last = new ServerJson(null);

    public OneShotPrompt(PunaServer server, String model, RunOptions runOptions, Streams streams) {
        this.server = requireNonNull(server, "server is null");
        this.model = requireNonNull(model, "model is null");
        this.runOptions = requireNonNull(runOptions, "runOptions is null");
        this.streams = requireNonNull(streams, "streams is null");
    }

    /**
     * Prints the text that the model generates; an empty prompt only loads the model.
     *
     * @param sees whether paths of images in the prompt stand for these
     */
    public void generate(String prompt, boolean sees) {
        var asked = sees ? Attachments.in(prompt, streams.err()) : new Attachments(prompt, List.of());
        var request = runOptions.request(model);
        request.put("prompt", asked.text());
        if (!asked.images().isEmpty()) {
            request.put("images", asked.images());
        }
        var printer = streams.printer(runOptions);
        var waiting = streams.progress();
        waiting.step("");
        try {
            server.stream("/api/generate", request, chunk -> print(chunk, printer, waiting));
        } finally {
            waiting.clear();
        }
        printer.endThinking();
        if (!prompt.isEmpty()) {
            streams.out().print("\n\n");
            streams.out().flush();
        }
        if (runOptions.verbose() && last.flag("done")) {
            streams.err().print(Timings.of(last));
            streams.err().flush();
        }
    }

    private void print(ServerJson chunk, AnswerPrinter printer, Progress waiting) {
        last = chunk;
        var thought = runOptions.hidesThinking() ? "" : chunk.text("thinking");
        if (!thought.isEmpty() || !chunk.text("response").isEmpty()) {
            waiting.clear();
            printer.print(thought, chunk.text("response"));
        }
    }

    /**
     * Prints the vector of the text as a JSON array.
     *
     * @param dimensions to cut it to; 0 for all
     * @param truncates whether a text that is too long is cut
     */
    public void embed(String text, int dimensions, boolean truncates) {
        var request = new LinkedHashMap<String, Object>();
        request.put("model", model);
        request.put("input", text);
        runOptions.keepAlive().ifPresent(duration -> request.put("keep_alive", duration));
        if (!truncates) {
            request.put("truncate", false);
        }
        if (dimensions > 0) {
            request.put("dimensions", dimensions);
        }
        var waiting = streams.progress();
        waiting.step("");
        ServerJson answer;
        try {
            answer = server.post("/api/embed", request);
        } finally {
            waiting.clear();
        }
        var vectors = answer.list("embeddings");
        if (!vectors.isEmpty()) {
            streams.out().println(array(vectors.getFirst()));
        }
    }

    private static String array(ServerJson vector) {
        return vector.list().stream()
                .map(number -> number.value() instanceof Number value ? GoFloat.json(value.doubleValue()) : "null")
                .collect(Collectors.joining(",", "[", "]"));
    }
}
