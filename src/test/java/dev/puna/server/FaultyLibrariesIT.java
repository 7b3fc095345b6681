// SPDX-License-Identifier: Apache-2.0
package dev.puna.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.puna.support.PackagedProgram;
import dev.puna.support.ServedProgram;
import dev.puna.support.TestModels;
import dev.puna.support.TinyGguf;
import dev.puna.support.Unprivileged;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One server on a folder of libraries in which something is wrong, then something else, and at last nothing. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class FaultyLibrariesIT {
    private static final String ADVICE = "; run native-libs/prepare, or set PUNA_NATIVE_LIBS to a folder";

    @TempDir
    Path home;

    private Path libraries;
    private Path shim;
    private PackagedProgram puna;

    @BeforeEach
    void prepare() throws IOException {
        libraries = Files.createDirectory(home.resolve("libraries"));
        shim = libraries.resolve("libpuna-shim.so");
        copyLibraries();
        puna = new PackagedProgram(home)
                .through(Unprivileged.starter(home))
                .with("PUNA_HOST", ServedProgram.freeAddress())
                .with("PUNA_THREADS", "1")
                .with("PUNA_NATIVE_LIBS", libraries.toString());
    }

    @Test
    void each_fault_is_one_sentence_and_the_server_goes_on_until_all_is_well() throws Exception {
        var whole = Files.readAllBytes(shim);
        try (var server = puna.start("serve")) {
            createModel(server);

            Files.delete(shim);
            isRefused("libpuna-shim.so is missing" + ADVICE);
            Files.createSymbolicLink(shim, shim);
            isRefused("libpuna-shim.so cannot be read (Too many levels of symbolic links");
            Files.delete(shim);
            Files.write(shim, whole);
            overwrite(18, new byte[] {3, 0});
            isRefused("libpuna-shim.so is for another processor than this machine's" + ADVICE);
            Files.write(
                    shim,
                    "this is no library, though it is long enough for one's header"
                            .repeat(9)
                            .getBytes(UTF_8));
            isRefused("libpuna-shim.so");
            Files.write(shim, new byte[0]);
            isRefused("libpuna-shim.so is cut off" + ADVICE);
            Files.write(shim, whole);
            allow(shim, "---------");
            isRefused("libpuna-shim.so may not be read by this user" + ADVICE);
            allow(shim, "rw-------");
            allow(libraries, "---------");
            isRefused("it may not be read by this user" + ADVICE);
            allow(libraries, "rwx------");
            var aside = Files.move(libraries, home.resolve("aside"));
            Files.createFile(libraries);
            isRefused("it is a file and no folder" + ADVICE);
            Files.delete(libraries);
            isRefused("there is no such folder" + ADVICE);
            Files.move(aside, libraries);
            if (Files.exists(libraries.resolve("CHECKSUMS"))) {
                overwrite(whole.length / 2, "damage".repeat(100).getBytes(UTF_8));
                isRefused("libpuna-shim.so is damaged: it has changed since it was prepared" + ADVICE);
                Files.write(shim, whole);
            }

            assertThat(puna.run("run", "tiny", "hello").exitCode()).isZero();
            var ended = server.stop();
            assertThat(ended.exitCode()).isZero();
            assertThat(ended.errors()).doesNotContain("\tat ").doesNotContain("xception");
        }
    }

    private void isRefused(String reason) {
        var ended = puna.run("run", "tiny", "hello");

        assertThat(ended.exitCode()).as(ended.output()).isEqualTo(1);
        assertThat(ended.errors().lines().filter(line -> line.contains("cannot load")))
                .as(ended.errors())
                .singleElement()
                .asString()
                .startsWith("Error: ")
                .contains(reason);
    }

    private void createModel(PackagedProgram.Running server) throws Exception {
        for (var i = 0; puna.run("list").exitCode() != 0; i++) {
            assertThat(server.isAlive() && i < 600).as(server.errors()).isTrue();
            Thread.sleep(100);
        }
        TinyGguf.llama(1).writeTo(home.resolve("tiny.gguf"));
        var modelfile = Files.writeString(home.resolve("Modelfile"), "FROM " + home.resolve("tiny.gguf") + "\n");
        var created = puna.run("create", "tiny", "-f", modelfile.toString());
        assertThat(created.exitCode()).as(created.errors()).isZero();
    }

    private void copyLibraries() throws IOException {
        try (var files = Files.newDirectoryStream(TestModels.nativeLibraries())) {
            for (var file : files) {
                if (Files.isRegularFile(file)) {
                    Files.copy(file, libraries.resolve(file.getFileName()));
                }
            }
        }
    }

    private void overwrite(int position, byte[] bytes) throws IOException {
        try (var file = FileChannel.open(shim, StandardOpenOption.WRITE)) {
            file.write(ByteBuffer.wrap(bytes), position);
        }
    }

    private static void allow(Path file, String rights) throws IOException {
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(rights));
    }
}
