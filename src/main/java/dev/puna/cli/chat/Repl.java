// SPDX-License-Identifier: Apache-2.0
package dev.puna.cli.chat;

import static java.util.Objects.requireNonNull;

import dev.puna.cli.chat.LineInput.Input;
import dev.puna.cli.client.CommandFailure;
import dev.puna.cli.client.IoReason;
import dev.puna.cli.client.PunaServer;
import dev.puna.cli.client.ServerJson;
import dev.puna.cli.client.UserFolders;
import dev.puna.failure.Failure;
import dev.puna.settings.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** A conversation on a terminal: one prompt after the other until {@code /bye} or Ctrl-D. */
public final class Repl {
    private static final String PROMPT = ">>> ";
    private static final String MORE = "... ";
    private static final String HOW_TO_BEGIN = "Send a message (/? for help)";
    private static final String HOW_TO_END = "Use \"\"\" to end multi-line input";
    private static final String QUOTE = "\"\"\"";

    private final PunaServer server;
    private final Streams streams;
    private final LineInput input;

    Repl(PunaServer server, Streams streams, LineInput input) {
        this.server = requireNonNull(server, "server is null");
        this.streams = requireNonNull(streams, "streams is null");
        this.input = requireNonNull(input, "input is null");
    }

    /** A loop on the terminal of this process; its history lies in the user's state folder. */
    public static Repl onTerminal(PunaServer server, UserFolders folders, Streams streams) {
        var environment = folders.environment();
        return new Repl(
                server,
                streams,
                new TerminalInput(
                        TerminalInput.ofThisProcess(),
                        history(folders.state(), streams),
                        Settings.from(environment).keepsHistory(),
                        ExternalEditor.of(environment)));
    }

    /** The file of the history; nothing, and a warning, where there can be none. */
    private static Optional<Path> history(Path folder, Streams streams) {
        try {
            return Optional.of(Files.createDirectories(folder).resolve("history"));
        } catch (IOException e) {
            streams.err().println("warning: what is typed is not kept: " + IoReason.of(e));
            streams.err().flush();
            return Optional.empty();
        }
    }

    /**
     * Talks until the user leaves.
     *
     * @param facts what the server's {@code show} says of the model
     */
    public void talk(String model, RunOptions runOptions, ServerJson facts) {
        var conversation = new Conversation(model, runOptions);
        conversation.learn(facts);
        var commands = new SlashCommands(server, streams, conversation, input);
        try (input) {
            load(conversation);
            facts.list("messages").forEach(message -> begin(conversation, message));
            while (turn(conversation, commands)) {
                streams.out().flush();
            }
        }
    }

    /** Loads the model before the first question; the wait is shown. */
    private void load(Conversation conversation) {
        var waiting = streams.progress();
        waiting.step("");
        try {
            server.stream("/api/generate", conversation.runOptions().request(conversation.model()), _ -> {});
        } finally {
            waiting.clear();
        }
    }

    private void begin(Conversation conversation, ServerJson message) {
        conversation.begin(message);
        if (message.text("role").equals("user")) {
            streams.out().println(PROMPT + message.text("content"));
        } else if (message.text("role").equals("assistant")) {
            streams.out().println(message.text("content") + "\n");
        }
        streams.out().flush();
    }

    /** One prompt and what follows from it; false at the end. */
    private boolean turn(Conversation conversation, SlashCommands commands) {
        return switch (input.next(PROMPT, HOW_TO_BEGIN)) {
            case Input.End _ -> {
                streams.out().println();
                yield false;
            }
            case Input.Interrupted _ -> {
                streams.out().println("\nUse Ctrl + d or /bye to exit.");
                yield true;
            }
            case Input.Line(var line) -> react(conversation, commands, line);
        };
    }

    private boolean react(Conversation conversation, SlashCommands commands, String line) {
        var words = line.strip();
        if (words.equals("/bye") || words.equals("/exit")) {
            return false;
        }
        try {
            completed(line).filter(text -> !text.isBlank()).ifPresent(text -> {
                if (SlashCommands.isOne(text)) {
                    commands.run(text);
                } else {
                    ask(conversation, text);
                }
            });
        } catch (CommandFailure e) {
            tell(e.sentence());
        } catch (Failure e) {
            tell(e.text());
        }
        return true;
    }

    private void tell(String sentence) {
        streams.err().println("Error: " + sentence);
        streams.err().flush();
    }

    /** The text with what stands between triple quotes completed by more lines; nothing if the user gave up. */
    private Optional<String> completed(String line) {
        var open = line.indexOf(QUOTE);
        var opens = line.startsWith(QUOTE) || (line.startsWith("/set system") && open >= 0);
        if (!opens) {
            return Optional.of(line);
        }
        var text = new StringBuilder(line.substring(0, open));
        var rest = line.substring(open + QUOTE.length());
        while (!rest.stripTrailing().endsWith(QUOTE)) {
            text.append(rest).append('\n');
            if (!(input.next(MORE, HOW_TO_END) instanceof Input.Line(var next))) {
                return Optional.empty();
            }
            rest = next;
        }
        var last = rest.stripTrailing();
        return Optional.of(text.append(last, 0, last.length() - QUOTE.length()).toString());
    }

    private void ask(Conversation conversation, String text) {
        conversation.ask(conversation.sees() ? Attachments.in(text, streams.err()) : new Attachments(text, List.of()));
        var printer = streams.printer(conversation.runOptions());
        var waiting = streams.progress();
        var last = new ServerJson[] {new ServerJson(null)};
        waiting.step("");
        try {
            input.untilInterrupted(() -> server.stream("/api/chat", conversation.request(), chunk -> {
                last[0] = chunk;
                var message = chunk.at("message");
                if (!message.text("thinking").isEmpty()
                        || !message.text("content").isEmpty()) {
                    waiting.clear();
                    printer.print(message.text("thinking"), message.text("content"));
                }
            }));
        } finally {
            waiting.clear();
            printer.endThinking();
            conversation.answer(printer.content(), printer.thinking());
        }
        streams.out().println("\n");
        streams.out().flush();
        if (conversation.runOptions().verbose() && last[0].flag("done")) {
            streams.err().print(Timings.of(last[0]));
            streams.err().flush();
        }
    }
}
