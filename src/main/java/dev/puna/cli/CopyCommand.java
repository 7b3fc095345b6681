// SPDX-License-Identifier: Apache-2.0
package dev.puna.cli;

import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;

/** {@code puna cp SOURCE DESTINATION}: gives a model a second name. */
@Command(
        name = "cp",
        description = "Copy a model",
        customSynopsis = "puna cp SOURCE DESTINATION",
        footer = PunaHost.DOC)
final class CopyCommand extends ClientCommand {
    CopyCommand(CliContext context) {
        super(context);
    }

    @Override
    protected void run(List<String> words) {
        requireExactly(2, words);
        var status = server().post("/api/copy", Map.of("source", words.get(0), "destination", words.get(1)))
                .text("status");
        if (!status.isEmpty() && !status.equals("success")) {
            err().println(status);
        }
        out().println("copied '" + words.get(0) + "' to '" + words.get(1) + "'");
    }
}
