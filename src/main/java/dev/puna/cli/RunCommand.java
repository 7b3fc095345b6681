// SPDX-License-Identifier: Apache-2.0
package dev.puna.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.puna.cli.chat.OneShotPrompt;
import dev.puna.cli.chat.Repl;
import dev.puna.cli.chat.RunOptions;
import dev.puna.cli.chat.Streams;
import dev.puna.cli.client.CommandFailure;
import dev.puna.cli.client.ServerJson;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code puna run MODEL [PROMPT]}: one answer, or a conversation on a terminal. */
@Command(
        name = "run",
        description = "Run a model",
        customSynopsis = "puna run MODEL [PROMPT]",
        footer = {
            "PUNA_EDITOR=Path to editor for interactive prompt editing (Ctrl+G)",
            PunaHost.DOC,
            "PUNA_NOHISTORY=Do not preserve readline history",
        })
final class RunCommand extends ClientCommand {
    @Option(
            names = "--dimensions",
            paramLabel = "int",
            description = "Truncate output embeddings to specified dimension (embedding models only)")
    private int dimensions;

    @Option(names = "--format", paramLabel = "string", description = "Response format (e.g. json)")
    private String format = "";

    @Option(names = "--hidethinking", description = "Hide thinking output (if provided)")
    private boolean hideThinking;

    @Option(names = "--insecure", description = "Use an insecure registry")
    private boolean insecure;

    @Option(names = "--keepalive", paramLabel = "string", description = "Duration to keep a model loaded (e.g. 5m)")
    private String keepAlive = "";

    @Option(names = "--nowordwrap", description = "Don't wrap words to the next line automatically")
    private boolean noWordWrap;

    @Option(
            names = "--think",
            arity = "0..1",
            preprocessor = AttachedValue.class,
            paramLabel = "string[=\"true\"]",
            description = "Enable thinking mode: true/false or high/medium/low for supported models")
    private String think = "";

    @Option(
            names = "--truncate",
            arity = "0..1",
            preprocessor = AttachedValue.class,
            paramLabel = HelpPage.NO_VALUE,
            description = "For embedding models: truncate inputs exceeding context length (default: true)."
                    + " Set --truncate=false to error instead")
    private String truncate = "";

    @Option(names = "--verbose", description = "Show timings for response")
    private boolean verbose;

    RunCommand(CliContext context) {
        super(context);
    }

    @Override
    protected void run(List<String> words) {
        requireSome(words);
        var runOptions = new RunOptions(
                RunOptions.format(""),
                RunOptions.keepAlive(keepAlive),
                RunOptions.think(think),
                hideThinking,
                !noWordWrap,
                verbose);
        var prompt = prompt(words.subList(1, words.size()));
        var model = words.getFirst();
        var preparer = new ModelPreparer(server(), context(), err());
        var facts = preparer.show(model, insecure);
        var streams =
                new Streams(out(), err(), context().outputColumns(), context().errorColumns());
        if (hasCapability(facts, "embedding")) {
            embed(preparer, model, prompt, runOptions, streams);
            return;
        }
        var wanted = runOptions.withFormat(RunOptions.format(format));
        if (isConversation(words)) {
            Repl.onTerminal(preparer.server(), context().folders(), streams).talk(model, wanted, facts);
        } else {
            var sees = hasCapability(facts, "vision") || hasCapability(facts, "audio");
            var thinks = hasCapability(facts, "thinking");
            new OneShotPrompt(preparer.server(), model, thinks ? wanted.thinkingUnlessSaid() : wanted, streams)
                    .generate(prompt, sees);
        }
    }

    private void embed(ModelPreparer preparer, String model, String prompt, RunOptions runOptions, Streams streams) {
        if (prompt.isEmpty()) {
            throw new CommandFailure(
                    "embedding models require input text. Usage: puna run " + model + " \"your text here\"");
        }
        new OneShotPrompt(preparer.server(), model, runOptions, streams)
                .embed(prompt, dimensions, !truncate.equals("false"));
    }

    private boolean isConversation(List<String> words) {
        var terminals = context().terminals();
        return words.size() == 1 && terminals.input() && terminals.output();
    }

    /** What comes in through a pipe stands before what the command line says. */
    private String prompt(List<String> words) {
        var parts = new ArrayList<>(words);
        if (!context().terminals().input()) {
            var piped = readInput();
            if (!piped.isEmpty()) {
                parts.addFirst(piped);
            }
        }
        return String.join(" ", parts);
    }

    private String readInput() {
        try {
            return new String(context().in().readAllBytes(), UTF_8);
        } catch (IOException _) {
            // A process may be started without a standard input.
            return "";
        }
    }

    private static boolean hasCapability(ServerJson facts, String capability) {
        return facts.list("capabilities").stream().map(ServerJson::text).anyMatch(capability::equals);
    }
}
