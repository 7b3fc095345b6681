// SPDX-License-Identifier: Apache-2.0
package dev.puna.cli;

import dev.puna.cli.client.CommandFailure;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code puna help [COMMAND]}. */
@Command(name = "help", description = "Help about any command", customSynopsis = "puna help [command]")
final class HelpCommand extends ClientCommand {
    @Spec
    private CommandSpec spec;

    HelpCommand(CliContext context) {
        super(context);
    }

    @Override
    protected void run(List<String> words) {
        topic(spec.commandLine().getParent(), words).usage(out());
    }

    private static CommandLine topic(CommandLine tree, List<String> words) {
        if (words.isEmpty()) {
            return tree;
        }
        var command = tree.getSubcommands().get(words.getFirst());
        if (command == null) {
            throw new CommandFailure("unknown help topic \"" + words.getFirst() + "\"; 'puna help' lists the commands");
        }
        return command;
    }
}
