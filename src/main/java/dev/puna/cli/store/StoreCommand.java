// SPDX-License-Identifier: Apache-2.0
package dev.puna.cli.store;

import dev.puna.cli.CliContext;
import dev.puna.cli.ClientCommand;
import dev.puna.cli.client.CommandFailure;
import dev.puna.model.ModelName;
import dev.puna.settings.Settings;
import dev.puna.store.ModelStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** What the commands on the store's files share: which store that is, and who may write to it. */
abstract class StoreCommand extends ClientCommand {
    /** The variable that all of them read, as help describes it. */
    static final String DOC = "PUNA_MODELS=The path to the models directory";

    StoreCommand(CliContext context) {
        super(context);
    }

    /** The store as it is; none is a {@link CommandFailure}. */
    final ModelStore existingStore() {
        var folder = folder();
        if (!Files.isDirectory(folder)) {
            throw new CommandFailure("there is no model store at %s: set PUNA_MODELS to the folder that the server uses"
                    .formatted(folder));
        }
        return ModelStore.open(folder);
    }

    /** The store to write to, made if it is missing. */
    final ModelStore writableStore() {
        var folder = folder();
        if (Files.isDirectory(folder)) {
            warnOfOtherOwner(folder);
        }
        return ModelStore.open(folder);
    }

    private Path folder() {
        return Settings.from(context().environment()).models();
    }

    /** A server that runs as another user could not remove what root leaves there. */
    private void warnOfOtherOwner(Path folder) {
        try {
            var owner = Files.getOwner(folder).getName();
            if (System.getProperty("user.name", "").equals("root") && !owner.equals("root")) {
                err().println(
                                "Warning: %s belongs to '%s', who cannot remove what root writes: better run this with 'sudo -u %s'"
                                        .formatted(folder, owner, owner));
            }
        } catch (IOException | UnsupportedOperationException _) {
            // Whoever owns it, writing to it says what is wrong.
        }
    }

    static List<ModelName> names(List<String> words) {
        return words.stream().map(StoreCommand::name).toList();
    }

    static ModelName name(String word) {
        return ModelName.tryParse(word)
                .orElseThrow(() -> new CommandFailure("'%s' is no name of a model".formatted(word)));
    }
}
