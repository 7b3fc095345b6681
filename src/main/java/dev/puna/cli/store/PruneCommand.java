// SPDX-License-Identifier: Apache-2.0
package dev.puna.cli.store;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.puna.cli.CliContext;
import dev.puna.cli.client.CommandFailure;
import dev.puna.store.PruneAges;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code puna prune}: removes what no model needs however young it is, interrupted downloads too, if the user says so. */
@Command(
        name = "prune",
        description = "Remove interrupted downloads and all files that no model needs",
        customSynopsis = "puna prune",
        footer = StoreCommand.DOC)
public final class PruneCommand extends StoreCommand {
    @Option(
            names = {"-f", "--force"},
            description = "Do not ask")
    private boolean force;

    public PruneCommand(CliContext context) {
        super(context);
    }

    @Override
    protected void run(List<String> words) {
        requireExactly(0, words);
        if (!force && !context().terminals().input()) {
            throw new CommandFailure("prune asks before it removes anything, and there is nobody to ask: use --force");
        }
        var leftovers = new Leftovers(existingStore().upkeep(), PruneAges.SHORTEST, out());
        if (force || (leftovers.list() && isWanted())) {
            leftovers.remove();
        }
    }

    private boolean isWanted() {
        out().print("Downloads that were interrupted begin anew then. Remove these? [y/N] ");
        out().flush();
        try {
            var answer = new BufferedReader(new InputStreamReader(context().in(), UTF_8)).readLine();
            return answer != null && answer.strip().matches("(?i)y|yes");
        } catch (IOException e) {
            throw new CommandFailure("the answer could not be read: " + e.getMessage(), e);
        }
    }
}
