// SPDX-License-Identifier: Apache-2.0
package dev.puna.cli;

import dev.puna.cli.client.PunaServer;
import dev.puna.cli.client.Refused;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;

/** {@code puna rm MODEL...}: takes models out of memory and out of the store. */
@Command(
        name = "rm",
        description = "Remove a model",
        customSynopsis = "puna rm MODEL [MODEL...]",
        footer = PunaHost.DOC)
final class RemoveCommand extends ClientCommand {
    RemoveCommand(CliContext context) {
        super(context);
    }

    @Override
    protected void run(List<String> words) {
        requireSome(words);
        var server = server();
        for (var model : words) {
            unload(server, model);
            server.delete("/api/delete", Map.of("model", model));
            out().println("deleted '" + model + "'");
            out().flush();
        }
    }

    private void unload(PunaServer server, String model) {
        var progress = progress();
        try {
            progress.step("");
            StopCommand.stop(server, model);
        } catch (Refused e) {
            if (!e.isNotFound()) {
                progress.clear();
                err().println("Warning: unable to stop model '" + model + "'");
            }
        } finally {
            progress.clear();
        }
    }
}
