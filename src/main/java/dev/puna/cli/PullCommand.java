// SPDX-License-Identifier: Apache-2.0
package dev.puna.cli;

import dev.puna.cli.demo.DemoModel;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code puna pull MODEL}, for servers that have the route; {@code demo} is fetched another way. */
@Command(
        name = "pull",
        description = "Pull a model from a registry",
        customSynopsis = "puna pull MODEL",
        footer = PunaHost.DOC)
final class PullCommand extends ClientCommand {
    @Option(names = "--insecure", description = "Use an insecure registry")
    private boolean insecure;

    PullCommand(CliContext context) {
        super(context);
    }

    @Override
    protected void run(List<String> words) {
        requireExactly(1, words);
        try (var progress = progress()) {
            if (DemoModel.isMeantBy(words.getFirst())) {
                new DemoModel(context().folders()).install(server(), progress);
            } else {
                new Transfer(server(), progress).pull(words.getFirst(), insecure);
            }
        }
    }
}
