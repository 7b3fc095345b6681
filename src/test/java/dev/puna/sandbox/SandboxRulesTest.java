// SPDX-License-Identifier: Apache-2.0
package dev.puna.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayNameGeneration(ReplaceUnderscores.class)
class SandboxRulesTest {
    private static final Path PROGRAM = Path.of("/usr/bin/puna");
    private static final Path LIBRARIES = Path.of("/usr/lib/puna");
    private static final Path MODEL = Path.of("/usr/share/ollama/.ollama/models/blobs/sha256-1");

    @TempDir
    private Path folder;

    @Test
    void a_model_is_read_and_nothing_of_the_store_beside_it() {
        var rules = SandboxRules.forModel(PROGRAM, LIBRARIES, List.of(MODEL));

        assertThat(rules.readable()).contains(MODEL, LIBRARIES);
        assertThat(rules.writable()).isEmpty();
        assertThat(rules.readable())
                .noneMatch(path -> !path.equals(MODEL) && MODEL.startsWith(path))
                .noneMatch(path -> Path.of("/home/user/notes").startsWith(path))
                .noneMatch(path -> Path.of("/root/notes").startsWith(path))
                .noneMatch(path -> Path.of("/var/lib/puna/models/blobs").startsWith(path))
                .noneMatch(path -> Path.of("/etc/shadow").startsWith(path))
                .noneMatch(path -> Path.of("/tmp/file").startsWith(path))
                .noneMatch(path -> Path.of("/dev/sda").startsWith(path));
        assertThat(rules.usable()).contains(Path.of("/dev/null")).allMatch(path -> path.toString()
                .matches("/dev/(null|zero|u?random|nv(idia.*|map|gpu|host-.*)|dri/renderD.*|kfd|dxg|mali.*)"));
    }

    @Test
    void whoever_writes_weights_has_one_folder_and_no_devices() {
        var rules = SandboxRules.forWeights(PROGRAM, LIBRARIES, List.of(MODEL), folder);

        assertThat(rules.writable()).containsExactly(folder);
        assertThat(rules.usable()).allMatch(path -> path.toString().matches("/dev/(null|zero|u?random)"));
    }

    @Test
    void a_jvm_reads_its_own_files_also_those_that_a_distribution_keeps_elsewhere() throws Exception {
        var elsewhere = Files.createDirectories(folder.resolve("etc/java"));
        var home = Files.createDirectories(folder.resolve("jdk/conf/security"))
                .resolve("../..")
                .normalize();
        var settings = Files.createFile(elsewhere.resolve("java.security"));
        Files.createSymbolicLink(home.resolve("conf/security/java.security"), settings);
        Files.createSymbolicLink(home.resolve("broken"), folder.resolve("nowhere"));

        var rules = SandboxRules.forModel(PROGRAM, LIBRARIES, List.of()).on(home, List.of(Path.of("/app/puna.jar")));

        assertThat(rules.program()).isEqualTo(home.resolve("bin/java"));
        assertThat(rules.readable()).contains(home, settings.toRealPath(), Path.of("/app/puna.jar"));
    }
}
