// SPDX-License-Identifier: Apache-2.0
package dev.puna.cli.chat;

import static java.util.Objects.requireNonNull;

import dev.puna.cli.client.CommandFailure;
import dev.puna.cli.client.IoReason;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Optional;
import org.jline.keymap.KeyMap;
import org.jline.reader.EndOfFileException;
import org.jline.reader.LineReader;
import org.jline.reader.LineReaderBuilder;
import org.jline.reader.Reference;
import org.jline.reader.UserInterruptException;
import org.jline.reader.impl.DefaultHighlighter;
import org.jline.terminal.Attributes;
import org.jline.terminal.Size;
import org.jline.terminal.Sized;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;
import org.jline.utils.AttributedString;

/**
 * Lines edited on a terminal, with a history in a file.
 *
 * <p><b>Owns</b> the terminal's settings until {@link #close}. <b>Threads:</b> one caller; Ctrl-C comes on a thread of
 * the terminal.
 */
final class TerminalInput implements LineInput {
    /** Behind each further line of a text that was pasted. */
    private static final String MORE = "... ";

    private static final Sized USUAL = Size.of(80, 24);
    private static final char NO_BREAK_SPACE = '\u00a0';

    private static final String EDIT = "edit-in-external-editor";

    private final Terminal terminal;
    private final Attributes usual;
    private final LineReader reader;
    private String placeholder = "";

    /**
     * Takes over a terminal.
     *
     * @param history file of earlier lines; none keeps them while the program runs
     * @param editor opened by Ctrl-G with what has been typed
     */
    TerminalInput(Terminal terminal, Optional<Path> history, boolean remembers, ExternalEditor editor) {
        this.terminal = requireNonNull(terminal, "terminal is null");
        this.usual = terminal.getAttributes();
        if (terminal.getColumns() <= 0 || terminal.getRows() <= 0) {
            // Containers and remote shells may not know their size at first.
            terminal.setSize(USUAL);
        }
        this.reader = LineReaderBuilder.builder()
                .terminal(terminal)
                .variable(LineReader.SECONDARY_PROMPT_PATTERN, MORE)
                .highlighter(new DefaultHighlighter() {
                    @Override
                    public AttributedString highlight(LineReader typing, String typed) {
                        typing.setTailTip(typed.isEmpty() ? placeholder : "");
                        return super.highlight(typing, typed);
                    }
                })
                .option(LineReader.Option.DISABLE_EVENT_EXPANSION, true)
                .build();
        history.ifPresent(file -> reader.setVariable(LineReader.HISTORY_FILE, file));
        reader.setAutosuggestion(LineReader.SuggestionType.TAIL_TIP);
        // JLine leaves tips away from a line's first display.
        reader.getWidgets().put(LineReader.CALLBACK_INIT, () -> {
            reader.callWidget(LineReader.REDISPLAY);
            return true;
        });
        reader.getWidgets().put(EDIT, () -> edit(editor));
        requireNonNull(reader.getKeyMaps().get(LineReader.MAIN), "no key map")
                .bind(new Reference(EDIT), KeyMap.ctrl('G'));
        remember(remembers);
    }

    /** The terminal of this process. */
    static Terminal ofThisProcess() {
        try {
            // To learn about grapheme clusters JLine would ask the terminal and lose what has been typed until it
            // answers.
            return TerminalBuilder.builder()
                    .system(true)
                    .name("puna")
                    .graphemeCluster(false)
                    .build();
        } catch (IOException e) {
            throw new CommandFailure("the terminal cannot be used: " + IoReason.of(e), e);
        }
    }

    @Override
    public Input next(String prompt, String placeholder) {
        // JLine takes words at spaces off a tip, as if it told the arguments of a command.
        this.placeholder = placeholder.replace(' ', NO_BREAK_SPACE);
        try {
            return new Input.Line(reader.readLine(prompt));
        } catch (UserInterruptException _) {
            return new Input.Interrupted();
        } catch (EndOfFileException _) {
            return new Input.End();
        }
    }

    @Override
    public boolean untilInterrupted(Runnable task) {
        var answer = new Interruptible(task);
        var before = terminal.handle(Terminal.Signal.INT, _ -> answer.interrupt());
        try {
            return answer.run();
        } finally {
            terminal.handle(Terminal.Signal.INT, before);
        }
    }

    @Override
    public void remember(boolean wanted) {
        reader.setVariable(LineReader.DISABLE_HISTORY, !wanted);
    }

    private boolean edit(ExternalEditor editor) {
        var buffer = reader.getBuffer();
        var whileReading = terminal.getAttributes();
        try {
            terminal.setAttributes(usual);
            var text = editor.edit(buffer.toString());
            buffer.clear();
            buffer.write(text);
        } catch (IOException e) {
            reader.printAbove(e.getMessage());
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } finally {
            terminal.setAttributes(whileReading);
        }
        reader.callWidget(LineReader.REDRAW_LINE);
        reader.callWidget(LineReader.REDISPLAY);
        return true;
    }

    @Override
    public void close() {
        try {
            terminal.close();
        } catch (IOException e) {
            throw new UncheckedIOException("the terminal could not be given back: " + IoReason.of(e), e);
        }
    }
}
