// SPDX-License-Identifier: Apache-2.0
package dev.puna.registry.access;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayNameGeneration(ReplaceUnderscores.class)
class OpenSshKeyTest {
    @TempDir
    private Path folder;

    @RepeatedTest(20)
    void what_is_written_is_read_again() throws Exception {
        var key = OpenSshKey.generate();

        var read = OpenSshKey.parse(key.text()).orElseThrow();

        assertThat(read.seed()).isEqualTo(key.seed());
        assertThat(read.point()).isEqualTo(key.point());
    }

    @Test
    void what_is_cut_or_of_another_kind_is_none() throws Exception {
        var text = OpenSshKey.generate().text();

        assertThat(OpenSshKey.parse("")).isEmpty();
        assertThat(OpenSshKey.parse(text.substring(0, 200) + "\n-----END OPENSSH PRIVATE KEY-----\n"))
                .isEmpty();
        assertThat(OpenSshKey.parse(text.replace("OPENSSH", "RSA"))).isEmpty();
    }

    @Test
    void OpenSSH_finds_the_same_public_key_in_it() throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/ssh-keygen")), "there is no ssh-keygen here");
        var key = OpenSshKey.generate();
        var file = folder.resolve("id");
        Files.writeString(file, key.text());
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));

        var process = new ProcessBuilder("/usr/bin/ssh-keygen", "-y", "-f", file.toString()).start();

        assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
        assertThat(new String(process.getInputStream().readAllBytes(), US_ASCII))
                .startsWith(key.publicText().strip());
    }
}
