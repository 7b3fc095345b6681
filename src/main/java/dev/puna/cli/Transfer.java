// SPDX-License-Identifier: Apache-2.0
package dev.puna.cli;

import static java.util.Objects.requireNonNull;

import dev.puna.cli.client.CommandFailure;
import dev.puna.cli.client.PunaServer;
import dev.puna.cli.client.Refused;
import dev.puna.cli.client.ServerJson;
import dev.puna.cli.text.Progress;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/** Shows how a server goes about a long task: a line for each status, a bar for each file. Used once. */
final class Transfer {
    private static final int DIGEST_START = "sha256:".length();
    private static final int DIGEST_END = DIGEST_START + 12;

    private final PunaServer server;
    private final Progress progress;
    private final Map<String, Progress.Bar> bars = new HashMap<>();

    /** The server is of a version that cannot do this yet. */
    static final class NoRoute extends CommandFailure {
        NoRoute(String verb, Refused cause) {
            super(
                    verb
                            + " models comes with a later version of puna; 'puna create NAME -f Modelfile' makes one from a GGUF"
                            + " file, 'puna run demo' fetches a small one",
                    cause);
        }
    }

    Transfer(PunaServer server, Progress progress) {
        this.server = requireNonNull(server, "server is null");
        this.progress = requireNonNull(progress, "progress is null");
    }

    void pull(String model, boolean insecure) {
        progress.onInterrupt(
                "puna: interrupted; what has come is kept, and 'puna pull %s' goes on from there".formatted(model));
        run("/api/pull", "pulling", request(model, insecure));
    }

    void push(String model, boolean insecure) {
        progress.onInterrupt("puna: interrupted; 'puna push %s' goes on from there where the registry keeps what it has"
                .formatted(model));
        try {
            run("/api/push", "pushing", request(model, insecure));
        } catch (Refused e) {
            if (e.sentence().contains("access denied")) {
                throw new CommandFailure(
                        "you are not authorized to push to this namespace, create the model under a namespace you own",
                        e);
            }
            throw e;
        }
    }

    private static Map<String, Object> request(String model, boolean insecure) {
        var request = new LinkedHashMap<String, Object>(Map.of("model", model));
        if (insecure) {
            request.put("insecure", true);
        }
        return request;
    }

    /** Asks for the task and follows it to its end; {@code verb} stands before a file's digest. */
    private void run(String path, String verb, Map<String, ?> request) {
        try {
            server.stream(path, request, status -> show(verb, status));
        } catch (Refused e) {
            if (e.isWithoutRoute()) {
                throw new NoRoute(verb, e);
            }
            throw e;
        }
    }

    private void show(String verb, ServerJson status) {
        var digest = status.text("digest");
        if (digest.isEmpty()) {
            progress.step(status.text("status"));
            return;
        }
        var shortDigest =
                digest.substring(Math.min(DIGEST_START, digest.length()), Math.min(DIGEST_END, digest.length()));
        bars.computeIfAbsent(digest, _ -> progress.bar(verb + " " + shortDigest, status.number("total")))
                .set(status.number("completed"));
    }
}
