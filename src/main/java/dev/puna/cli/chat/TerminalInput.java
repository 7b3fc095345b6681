// SPDX-License-Identifier: Apache-2.0
package dev.puna.cli.chat;

import static java.util.Objects.requireNonNull;

import dev.puna.cli.client.CommandFailure;
import dev.puna.cli.client.IoReason;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import org.jline.keymap.KeyMap;
import org.jline.reader.EndOfFileException;
import org.jline.reader.LineReader;
import org.jline.reader.LineReaderBuilder;
import org.jline.reader.Reference;
import org.jline.reader.UserInterruptException;
import org.jline.terminal.Attributes;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;

/**
 * Lines edited on a terminal, with a history in a file.
 *
 * <p><b>Owns</b> the terminal's settings until {@link #close}. <b>Threads:</b> one caller; Ctrl-C comes on a thread of
 * the terminal.
 */
final class TerminalInput implements LineInput {
    private static final String EDIT = "edit-in-external-editor";

    private final Terminal terminal;
    private final Attributes usual;
    private final LineReader reader;

    /**
     * Takes over the terminal.
     *
     * @param history file of earlier lines
     * @param editor opened by Ctrl-G with what has been typed
     */
    TerminalInput(Path history, boolean remembers, ExternalEditor editor) {
        try {
            this.terminal = TerminalBuilder.builder().system(true).name("puna").build();
        } catch (IOException e) {
            throw new CommandFailure("the terminal cannot be used: " + IoReason.of(e), e);
        }
        this.usual = terminal.getAttributes();
        this.reader = LineReaderBuilder.builder()
                .terminal(terminal)
                .variable(LineReader.HISTORY_FILE, history)
                .option(LineReader.Option.DISABLE_EVENT_EXPANSION, true)
                .build();
        reader.getWidgets().put(EDIT, () -> edit(editor));
        requireNonNull(reader.getKeyMaps().get(LineReader.MAIN), "no key map")
                .bind(new Reference(EDIT), KeyMap.ctrl('G'));
        remember(remembers);
    }

    @Override
    public Input next(String prompt) {
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
