// SPDX-License-Identifier: Apache-2.0
package dev.puna.registry.access;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class SecretFileTest {
    @TempDir
    private Path folder;

    @ParameterizedTest
    @CsvSource({
        "rw-------, false",
        "r--------, false",
        "rwx------, false",
        "rw-r-----, true",
        "rw--w----, true",
        "rw----r--, true",
        "rw-rw-rw-, true",
    })
    void a_file_is_open_to_others_by_its_mode(String mode, boolean open) throws IOException {
        var file = Files.writeString(folder.resolve("key"), "secret");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));

        assertThat(SecretFile.isOpenToOthers(file)).isEqualTo(open);
    }
}
