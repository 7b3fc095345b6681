// SPDX-License-Identifier: Apache-2.0
package dev.puna.cli;

import java.util.List;
import picocli.CommandLine;

/** The commands put together, with the habits of the command line that they follow. */
public final class CommandTree {
    private CommandTree() {}

    /** Runs one command in this process and returns its exit code. */
    public static int run(String... words) {
        var surroundings = Surroundings.ofThisProcess();
        try {
            return of(surroundings).execute(words);
        } finally {
            surroundings.out().flush();
            surroundings.err().flush();
        }
    }

    /** Shows why the server does not start, as a command shows why it failed. */
    public static void complain(String sentence) {
        var errors = Surroundings.ofThisProcess().err();
        errors.println("Error: " + sentence);
        errors.flush();
    }

    static CommandLine of(Surroundings surroundings) {
        var tree = new CommandLine(new PunaCommand(surroundings));
        for (var command : commands(surroundings)) {
            tree.addSubcommand(command);
        }
        HelpPage.describe(tree);
        return tree.setOut(surroundings.out())
                .setErr(surroundings.err())
                .setParameterExceptionHandler(new ParameterErrors())
                .setExecutionExceptionHandler(new ExecutionErrors())
                .setExpandAtFiles(false)
                .setOverwrittenOptionsAllowed(true);
    }

    /** In the order of the help page. */
    private static List<Object> commands(Surroundings surroundings) {
        return List.of(
                new ServeCommand(surroundings),
                new CreateCommand(surroundings),
                new ShowCommand(surroundings),
                new RunCommand(surroundings),
                new StopCommand(surroundings),
                new PullCommand(surroundings),
                new PushCommand(surroundings),
                new ListCommand(surroundings),
                new PsCommand(surroundings),
                new CopyCommand(surroundings),
                new RemoveCommand(surroundings),
                new HelpCommand(surroundings));
    }
}
