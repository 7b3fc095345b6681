// SPDX-License-Identifier: Apache-2.0
package dev.puna.cli.chat;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
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
    void paths_of_images_leave_the_text_and_their_files_come_with_it() throws IOException {
        var cat = Files.write(folder.resolve("cat.PNG"), bytes("\u00ff\u00d8\u00ff\u00e0"));
        var dog = Files.write(folder.resolve("the dog.webp"), bytes("RIFF\u0004\0\0\0WEBPVP8 "));

        var found = in("what is " + cat + " and '" + dog.toString().replace(" ", "\\ ") + "' then?");

        assertThat(found.text()).isEqualTo("what is  and  then?");
        assertThat(found.images()).containsExactly("/9j/4A==", "UklGRgQAAABXRUJQVlA4IA==");
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

    @Test
    void a_file_that_is_no_image_is_refused_whatever_its_name_says() throws IOException {
        for (var content : new String[] {"", "text\n", "GIF89a", "RIFF\0\0\0\0AVI "}) {
            var fake = Files.write(folder.resolve("fake.png"), bytes(content));

            assertThatThrownBy(() -> in("see " + fake))
                    .isInstanceOf(CommandFailure.class)
                    .hasMessageContaining(fake + "': invalid file type");
        }
    }

    @Test
    void a_image_named_twice_comes_twice() throws IOException {
        var cat = Files.write(folder.resolve("cat.png"), bytes("\u0089PNG\r\n\u001a\n"));

        var found = in("is " + cat + " like " + cat + "?");

        assertThat(found.text()).isEqualTo("is  like ?");
        assertThat(found.images()).hasSize(2);
    }

    private static byte[] bytes(String content) {
        return content.getBytes(ISO_8859_1);
    }

    private Attachments in(String prompt) {
        return Attachments.in(prompt, new PrintWriter(err));
    }
}
