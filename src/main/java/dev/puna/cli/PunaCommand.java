// SPDX-License-Identifier: Apache-2.0
package dev.puna.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** The top of the command line: the list of commands and nothing else. */
@Command(
        name = "puna",
        description = "Runs large language models on this machine.",
        mixinStandardHelpOptions = true,
        versionProvider = PunaVersion.class,
        subcommands = ServeCommand.class)
public final class PunaCommand implements Runnable {
    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        spec.commandLine().usage(spec.commandLine().getOut());
    }
}
