// SPDX-License-Identifier: Apache-2.0
package dev.puna.cli.store;

import dev.puna.cli.CliContext;
import dev.puna.store.PruneAges;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code puna gc}: what every start of a server does, at once: removes what no model has needed for an hour. */
@Command(
        name = "gc",
        description = "Remove files that no model needs, as a start of the server does",
        customSynopsis = "puna gc",
        footer = StoreCommand.DOC)
public final class CollectCommand extends StoreCommand {
    @Option(names = "--dry-run", description = "Only show what would be removed")
    private boolean dryRun;

    public CollectCommand(CliContext context) {
        super(context);
    }

    @Override
    protected void run(List<String> words) {
        requireExactly(0, words);
        var leftovers = new Leftovers(existingStore().upkeep(), PruneAges.USUAL, out());
        if (dryRun) {
            leftovers.list();
        } else {
            leftovers.remove();
        }
    }
}
