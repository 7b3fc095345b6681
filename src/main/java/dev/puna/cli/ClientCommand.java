// SPDX-License-Identifier: Apache-2.0
package dev.puna.cli;

import static java.util.Objects.requireNonNull;

import dev.puna.cli.client.CommandFailure;
import dev.puna.cli.client.PunaServer;
import dev.puna.cli.text.Progress;
import dev.puna.network.SystemTrust;
import dev.puna.settings.Settings;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** What all commands share: arguments, streams, the server. */
public abstract class ClientCommand implements Callable<Integer> {
    private final CliContext context;

    @Spec
    private CommandSpec spec;

    // picocli asks for it.
    @SuppressWarnings("UnusedVariable")
    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "help for ${COMMAND-NAME}")
    private boolean help;

    @Parameters(arity = "0..*", hidden = true)
    private List<String> arguments = List.of();

    protected ClientCommand(CliContext context) {
        this.context = requireNonNull(context, "context is null");
    }

    /** Checks the number of arguments and does the work. */
    protected abstract void run(List<String> words);

    @Override
    public final Integer call() {
        run(arguments);
        return 0;
    }

    protected final CliContext context() {
        return context;
    }

    protected final PrintWriter out() {
        return spec.commandLine().getOut();
    }

    protected final PrintWriter err() {
        return spec.commandLine().getErr();
    }

    protected final PunaServer server() {
        var environment = context.environment();
        return new PunaServer(Settings.from(environment).host(), new SystemTrust(environment));
    }

    protected final Progress progress() {
        return new Progress(err(), context.errorColumns());
    }

    protected static void requireExactly(int count, List<String> words) {
        if (words.size() != count) {
            throw new CommandFailure("accepts " + count + " arg(s), received " + words.size());
        }
    }

    protected static void requireSome(List<String> words) {
        if (words.isEmpty()) {
            throw new CommandFailure("requires at least 1 arg(s), only received 0");
        }
    }
}
