// SPDX-License-Identifier: Apache-2.0
package dev.puna.cli;

import dev.puna.cli.client.CommandFailure;
import dev.puna.cli.client.PunaServer;
import dev.puna.cli.client.Refused;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;

/** {@code puna stop MODEL}: takes a model out of memory. */
@Command(name = "stop", description = "Stop a running model", customSynopsis = "puna stop MODEL", footer = PunaHost.DOC)
final class StopCommand extends ClientCommand {
    StopCommand(CliContext context) {
        super(context);
    }

    @Override
    protected void run(List<String> words) {
        requireExactly(1, words);
        var progress = progress();
        try {
            progress.step("");
            stop(server(), words.getFirst());
        } catch (Refused e) {
            throw e.isNotFound()
                    ? new CommandFailure("couldn't find model \"" + words.getFirst() + "\" to stop", e)
                    : e;
        } finally {
            progress.clear();
        }
    }

    /** Asks for nothing and to be kept no time, which unloads the model. */
    static void stop(PunaServer server, String model) {
        server.stream("/api/generate", Map.of("model", model, "keep_alive", 0), _ -> {});
    }
}
