// SPDX-License-Identifier: Apache-2.0
package dev.puna.api.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.puna.settings.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayNameGeneration(ReplaceUnderscores.class)
class RequestLogTest {
    private static final byte[] BODY = "{\"model\":\"x\"}".getBytes(UTF_8);

    private static final Route CHAT = Route.of("/api/chat", "POST").withLog();

    @TempDir
    Path folder;

    @Test
    void a_request_to_a_model_is_kept_with_a_command_that_sends_it_again() throws IOException {
        var log = new RequestLog(folder, Settings.from(Map.of()));

        log.add(CHAT, BODY);
        log.add(Route.of("/api/show", "POST"), BODY);

        assertThat(names()).containsExactly("000001-api-chat.json", "000001-api-chat.sh");
        assertThat(folder.resolve("000001-api-chat.json")).hasBinaryContent(BODY);
        assertThat(folder.resolve("000001-api-chat.sh"))
                .content()
                .contains("curl 'http://127.0.0.1:11434/api/chat' --data-binary '@" + folder);
    }

    @Test
    void a_folder_that_cannot_be_written_to_keeps_nobody_from_being_answered() {
        new RequestLog(folder.resolve("missing"), Settings.from(Map.of())).add(CHAT, BODY);

        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void nothing_is_kept_unless_the_settings_say_so() throws IOException {
        RequestLog.of(Settings.from(Map.of())).add(CHAT, BODY);

        assertThat(names()).isEmpty();
    }

    private List<String> names() throws IOException {
        try (var files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }
}
