// SPDX-License-Identifier: Apache-2.0
package dev.puna.cli.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayNameGeneration(ReplaceUnderscores.class)
class ExternalEditorTest {
    @Test
    void the_most_particular_variable_that_says_something_wins() {
        assertThat(ExternalEditor.of(Map.of("EDITOR", "ed", "VISUAL", "emacs", "PUNA_EDITOR", "  ")))
                .isEqualTo(new ExternalEditor("emacs"));
        assertThat(ExternalEditor.of(Map.of("OLLAMA_EDITOR", "nano -w", "EDITOR", "ed")))
                .isEqualTo(new ExternalEditor("nano -w"));
        assertThat(ExternalEditor.of(Map.of())).isEqualTo(new ExternalEditor("vi"));
    }

    @Test
    void what_was_typed_is_there_to_edit_and_what_is_saved_comes_back(@TempDir Path folder) throws Exception {
        var script =
                Files.writeString(folder.resolve("my editor"), "printf ' and\\nmore\\n' >> \"$2\"; test \"$1\" = -w");

        assertThat(new ExternalEditor("sh '" + script + "' -w").edit("Grüße")).isEqualTo("Grüße and\nmore");
    }

    @Test
    void an_editor_that_fails_is_named() {
        assertThatThrownBy(() -> new ExternalEditor("no-such-editor").edit("text"))
                .isInstanceOf(IOException.class)
                .hasMessage("the editor \"no-such-editor\" ended with code 127; set PUNA_EDITOR to another one");
    }
}
