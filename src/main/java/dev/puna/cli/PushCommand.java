// SPDX-License-Identifier: Apache-2.0
package dev.puna.cli;

import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code puna push MODEL}, for servers that have the route. */
@Command(
        name = "push",
        description = "Push a model to a registry",
        customSynopsis = "puna push MODEL",
        footer = PunaHost.DOC)
final class PushCommand extends ClientCommand {
    @Option(names = "--insecure", description = "Use an insecure registry")
    private boolean insecure;

    PushCommand(CliContext context) {
        super(context);
    }

    @Override
    protected void run(List<String> words) {
        requireExactly(1, words);
        try (var progress = progress()) {
            new Transfer(server(), progress).push(words.getFirst(), insecure);
        }
    }
}
