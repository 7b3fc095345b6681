// SPDX-License-Identifier: Apache-2.0
package dev.puna.cli.chat;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.puna.cli.chat.LineInput.Input;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.jline.terminal.Size;
import org.jline.terminal.Sized;
import org.jline.terminal.impl.LineDisciplineTerminal;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@DisplayNameGeneration(ReplaceUnderscores.class)
@Timeout(30)
class TerminalInputTest {
    private static final String PLACEHOLDER = "Send a message (/? for help)";
    private static final ExternalEditor NO_EDITOR = ExternalEditor.of(Map.of());

    private final ByteArrayOutputStream screen = new ByteArrayOutputStream();

    @TempDir
    Path folder;

    @Test
    void a_placeholder_stands_there_until_something_is_typed() throws IOException {
        var line = typed("hi\r");

        assertThat(line).isEqualTo(new Input.Line("hi"));
        assertThat(screen()).containsSubsequence(">>> ", PLACEHOLDER, "h", "i");
    }

    @Test
    void pasted_lines_are_one_message() throws IOException {
        var line = typed("\033[200~one\ntwo\033[201~\r");

        assertThat(line).isEqualTo(new Input.Line("one\ntwo"));
        assertThat(screen()).containsPattern("\\.\\.\\. .*two");
    }

    @Test
    void a_terminal_that_does_not_know_its_size_is_of_the_usual_one() throws IOException {
        assertThat(typed("hi\r", Size.of(0, 0))).isEqualTo(new Input.Line("hi"));
        assertThat(screen()).containsSubsequence(">>> ", PLACEHOLDER);
    }

    @Test
    void what_is_typed_stays_as_it_is() throws IOException {
        assertThat(typed("it's \"C:\\new\\\" !! $HOME \\\r"))
                .isEqualTo(new Input.Line("it's \"C:\\new\\\" !! $HOME \\"));
    }

    @Test
    void ctrl_d_on_an_empty_line_ends_and_ctrl_c_interrupts() throws IOException {
        assertThat(typed("\004")).isEqualTo(new Input.End());
        assertThat(typed("half\003")).isEqualTo(new Input.Interrupted());
    }

    /** What comes of keys that are pressed when the prompt is there. */
    private Input typed(String keys) throws IOException {
        return typed(keys, Size.of(80, 24));
    }

    private Input typed(String keys, Sized size) throws IOException {
        screen.reset();
        var terminal = new LineDisciplineTerminal("test", "xterm", screen, UTF_8);
        terminal.setSize(size);
        try (var input = new TerminalInput(terminal, Optional.of(folder.resolve("history")), false, NO_EDITOR)) {
            Thread.ofVirtual().start(() -> press(keys, terminal));
            return input.next(">>> ", PLACEHOLDER);
        }
    }

    private void press(String keys, LineDisciplineTerminal terminal) {
        try {
            while (!screen().contains(PLACEHOLDER)) {
                Thread.sleep(10);
            }
            terminal.processInputBytes(keys.getBytes(UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private String screen() {
        return screen.toString(UTF_8).replace('\u00a0', ' ');
    }
}
