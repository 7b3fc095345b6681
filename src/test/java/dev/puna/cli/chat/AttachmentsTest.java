// SPDX-License-Identifier: Apache-2.0
package dev.puna.cli.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.puna.cli.client.CommandFailure;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.RandomAccessFile;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayNameGeneration(ReplaceUnderscores.class)
class AttachmentsTest {
    private final StringWriter err = new StringWriter();

    @TempDir
    Path folder;

    @Test
    void paths_of_pictures_leave_the_text_and_their_files_come_with_it() throws IOException {
        var cat = Files.write(folder.resolve("cat.PNG"), new byte[] {1, 2, 3});
        var dog = Files.write(folder.resolve("the dog.webp"), new byte[] {4});

        var found = in("what is " + cat + " and '" + dog.toString().replace(" ", "\\ ") + "' then?");

        assertThat(found.text()).isEqualTo("what is  and  then?");
        assertThat(found.images()).containsExactly("AQID", "BA==");
        assertThat(err.toString()).isEqualTo("Added image '%s'%nAdded image '%s'%n".formatted(cat, dog));
    }

    @Test
    void what_is_no_file_stays_text() throws IOException {
        Files.createDirectory(folder.resolve("folder.png"));

        for (var text : new String[] {
            "see /nowhere/cat.png", "either/or.png?", "an html page/jpg", "see " + folder.resolve("folder.png"), "", "/"
        }) {
            assertThat(in(text)).isEqualTo(new Attachments(text, List.of()));
        }
        assertThat(err.toString()).isEmpty();
    }

    @Test
    void a_file_that_is_too_large_is_refused() throws IOException {
        var huge = folder.resolve("huge.jpg");
        try (var file = new RandomAccessFile(huge.toFile(), "rw")) {
            file.setLength((100L << 20) + 1);
        }

        assertThatThrownBy(() -> in("see " + huge))
                .isInstanceOf(CommandFailure.class)
                .hasMessageContaining("file size exceeds maximum limit (100MB)");
    }

    private Attachments in(String prompt) {
        return Attachments.in(prompt, new PrintWriter(err));
    }
}
