// SPDX-License-Identifier: Apache-2.0
package dev.puna.cli;

import dev.puna.cli.convert.ConvertCommand;
import dev.puna.cli.convert.FileQuantizer;
import dev.puna.cli.store.CollectCommand;
import dev.puna.cli.store.ExportCommand;
import dev.puna.cli.store.ImportCommand;
import dev.puna.cli.store.PruneCommand;
import dev.puna.cli.store.VerifyCommand;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import picocli.CommandLine;

/** The commands put together, with the habits of the command line that they follow. */
public final class CommandTree {
    /** By their names and aliases, in the order of the help page. */
    private static final Map<String, Function<CliContext, ClientCommand>> COMMANDS = commands();

    private CommandTree() {}

    /**
     * Runs one command in this process and returns its exit code.
     *
     * @param devices looks for them, if the command is the one that lists them
     * @param quantizer writes a file anew, if the command is the one that converts models
     */
    public static int run(DeviceListing devices, FileQuantizer quantizer, String... words) {
        var context = CliContext.ofThisProcess(devices, quantizer);
        try {
            return of(context, words).execute(words);
        } finally {
            context.out().flush();
            context.err().flush();
        }
    }

    /** Shows why the server does not start, as a command shows why it failed. */
    public static void complain(String sentence) {
        var errors = CliContext.ofThisProcess(_ -> "{}", (_, _, _, _, _) -> {}).err();
        errors.println("Error: " + sentence);
        errors.flush();
    }

    /** The command that the words name, or all of them: describing those that are not asked for takes longer than most run. */
    static CommandLine of(CliContext context, String... words) {
        var tree = new CommandLine(new PunaCommand(context));
        var wanted = words.length == 0 ? null : COMMANDS.get(words[0]);
        if (wanted == null || words[0].equals("help")) {
            COMMANDS.values().stream()
                    .distinct()
                    .map(command -> command.apply(context))
                    .forEach(tree::addSubcommand);
        } else {
            tree.addSubcommand(wanted.apply(context));
        }
        HelpPage.describe(tree);
        return tree.setOut(context.out())
                .setErr(context.err())
                .setParameterExceptionHandler(new ParameterErrors())
                .setExecutionExceptionHandler(new ExecutionErrors())
                .setExpandAtFiles(false)
                .setOverwrittenOptionsAllowed(true);
    }

    private static Map<String, Function<CliContext, ClientCommand>> commands() {
        var commands = new LinkedHashMap<String, Function<CliContext, ClientCommand>>();
        commands.put("serve", ServeCommand::new);
        commands.put("create", CreateCommand::new);
        commands.put("show", ShowCommand::new);
        commands.put("run", RunCommand::new);
        commands.put("stop", StopCommand::new);
        commands.put("pull", PullCommand::new);
        commands.put("push", PushCommand::new);
        commands.put("list", ListCommand::new);
        commands.put("ps", PsCommand::new);
        commands.put("cp", CopyCommand::new);
        commands.put("rm", RemoveCommand::new);
        commands.put("export", ExportCommand::new);
        commands.put("import", ImportCommand::new);
        commands.put("verify", VerifyCommand::new);
        commands.put("gc", CollectCommand::new);
        commands.put("prune", PruneCommand::new);
        commands.put("convert", ConvertCommand::new);
        commands.put("devices", DevicesCommand::new);
        commands.put("help", HelpCommand::new);
        commands.put("ls", commands.get("list"));
        commands.put("start", commands.get("serve"));
        return commands;
    }
}
