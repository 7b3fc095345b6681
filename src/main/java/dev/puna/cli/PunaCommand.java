// SPDX-License-Identifier: Apache-2.0
package dev.puna.cli;

import dev.puna.cli.client.CommandFailure;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code puna} without a command: help, or the version. */
@Command(name = "puna", description = "Large language model runner", customSynopsis = "puna")
final class PunaCommand extends ClientCommand {
    private static final String API_VERSION = "/api/version";

    @Spec
    private CommandSpec spec;

    @Option(
            names = {"-v", "--version"},
            description = "Show version information")
    private boolean version;

    // The recorded help has these two; without a command there is nothing for them to change.
    @SuppressWarnings("UnusedVariable")
    @Option(names = "--nowordwrap", description = "Don't wrap words to the next line automatically")
    private boolean noWordWrap;

    @SuppressWarnings("UnusedVariable")
    @Option(names = "--verbose", description = "Show timings for response")
    private boolean verbose;

    PunaCommand(CliContext context) {
        super(context);
    }

    @Override
    protected void run(List<String> words) {
        if (!words.isEmpty()) {
            throw new CommandFailure(UnknownCommand.sentence(spec.commandLine(), words.getFirst()));
        }
        if (version) {
            tellVersion();
        } else {
            spec.commandLine().usage(out());
        }
    }

    private void tellVersion() {
        var own = PunaVersion.read();
        var serving = ofServer();
        if (serving.isEmpty()) {
            out().println("Warning: could not connect to a running Puna instance");
        } else {
            out().println("puna version is " + serving);
        }
        if (!serving.equals(own)) {
            out().println("Warning: client version is " + own);
        }
    }

    private String ofServer() {
        try {
            var answer = server().get(API_VERSION);
            return List.of("puna", "version").stream()
                    .map(answer::text)
                    .filter(text -> !text.isEmpty())
                    .findFirst()
                    .orElse("");
        } catch (CommandFailure _) {
            return "";
        }
    }
}
