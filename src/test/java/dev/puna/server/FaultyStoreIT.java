// SPDX-License-Identifier: Apache-2.0
package dev.puna.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.puna.support.PackagedProgram;
import dev.puna.support.PackagedProgram.Ended;
import dev.puna.support.ServedProgram;
import dev.puna.support.TestModels;
import dev.puna.support.TinyGguf;
import dev.puna.support.Unprivileged;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Folders of models that this user may not write, not read, or not make; and a machine that can write nothing else. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class FaultyStoreIT {
    private static final String REMEDY = "; change the rights to it, or set PUNA_MODELS to another folder";

    /** Makes all of the file system read-only but the folder named first, in a name space of its own, and runs the rest. */
    private static final String READ_ONLY = """
            set -e
            store=$1
            shift
            mount --make-rprivate /
            mount --bind "$store" "$store"
            awk '$2 !~ "^/(proc|sys|dev)" { print $2 }' /proc/mounts | while read -r point; do
                [ "$point" = "$store" ] || mount -o remount,bind,ro "$point"
            done
            ! touch /tmp/writable 2>/dev/null
            exec "$@"
            """;

    @TempDir
    Path home;

    private Path models;
    private PackagedProgram puna;

    @BeforeEach
    void prepare() throws IOException {
        models = Files.createDirectory(home.resolve("models"));
        puna = program(models);
    }

    @Test
    void a_store_that_may_only_be_read_runs_its_models_and_refuses_the_rest() throws Exception {
        try (var server = puna.start("serve")) {
            createModel(server);
            assertThat(server.stop().exitCode()).isZero();
        }
        allowAll("r-x------");

        try (var server = puna.through(Unprivileged.starter(home)).start("serve")) {
            awaitReady(server);

            assertThat(puna.run("list").output()).contains("tiny:latest");
            assertThat(puna.run("show", "tiny").exitCode()).isZero();
            assertThat(puna.run("run", "tiny", "hello").exitCode()).isZero();
            refuses(puna.run("cp", "tiny", "other"), "is read-only for this user" + REMEDY);
            refuses(puna.run("rm", "tiny"), "is read-only for this user" + REMEDY);
            var ended = server.stop();
            assertThat(ended.exitCode()).isZero();
            assertThat(ended.errors())
                    .contains("store.readonly folder=" + models)
                    .doesNotContain("\tat ")
                    .doesNotContain("store.prune");
        } finally {
            allowAll("rwx------");
        }
    }

    @Test
    void a_store_in_which_nothing_may_be_found_keeps_the_server_from_starting() throws Exception {
        puna.through(Unprivileged.starter(home));
        for (var unreadable : List.of(models, Files.createDirectory(models.resolve("manifests")))) {
            allow(unreadable, "-wx------");
            try {
                refusesToStart(puna, "cannot read " + unreadable + ": the model store may not be read by this user");
            } finally {
                allow(unreadable, "rwx------");
            }
        }
    }

    @Test
    void a_store_that_may_not_be_made_keeps_the_server_from_starting() throws Exception {
        var starter = Unprivileged.starter(home);
        allow(models, "r-x------");

        refusesToStart(
                program(models.resolve("more/models")).through(starter),
                "cannot create " + models.resolve("more/models") + ": the model store is read-only for this user");
    }

    @Test
    void nothing_but_the_store_has_to_be_writable() throws Exception {
        var starter = List.of("unshare", "-m", "sh", "-c", READ_ONLY, "sh", models.toString());
        if (new ProcessBuilder(List.of("unshare", "-m", "mount", "--make-rprivate", "/"))
                        .start()
                        .waitFor()
                != 0) {
            System.err.println("SKIPPED READ-ONLY ROOT TEST: this user may not mount a file system");
            Assumptions.abort("no mounts");
        }
        try (var server = puna.through(starter).with("HOME", "/nonexistent").start("serve")) {
            puna.through(List.of());
            createModel(server);

            assertThat(puna.run("run", "tiny", "hello").exitCode()).isZero();
            assertThat(server.stop().exitCode()).isZero();
        }
    }

    private static void refuses(Ended ended, String reason) {
        assertThat(ended.exitCode()).isEqualTo(1);
        assertThat(ended.errors()).startsWith("Error: ").contains(reason);
        assertThat(ended.errors().lines()).hasSize(1);
    }

    private static void refusesToStart(PackagedProgram program, String reason) {
        var ended = program.run("serve");

        assertThat(ended.exitCode()).isEqualTo(1);
        assertThat(ended.errors()).isEqualTo("Error: " + reason + REMEDY + System.lineSeparator());
    }

    private void createModel(PackagedProgram.Running server) throws Exception {
        awaitReady(server);
        var gguf = home.resolve("tiny.gguf");
        TinyGguf.llama(1).writeTo(gguf);
        var modelfile = Files.writeString(home.resolve("Modelfile"), "FROM " + gguf + "\n");
        var created = puna.run("create", "tiny", "-f", modelfile.toString());
        assertThat(created.exitCode()).as(created.errors()).isZero();
    }

    private void awaitReady(PackagedProgram.Running server) throws InterruptedException {
        for (var i = 0; puna.run("list").exitCode() != 0; i++) {
            assertThat(server.isAlive() && i < 600).as(server.errors()).isTrue();
            Thread.sleep(100);
        }
    }

    private PackagedProgram program(Path folder) throws IOException {
        return new PackagedProgram(home)
                .with("PUNA_HOST", ServedProgram.freeAddress())
                .with("PUNA_THREADS", "1")
                .with("PUNA_NATIVE_LIBS", TestModels.nativeLibraries().toString())
                .with("PUNA_MODELS", folder.toString());
    }

    private void allowAll(String rights) throws IOException {
        try (var files = Files.walk(models)) {
            for (var file : files.filter(Files::isDirectory).toList()) {
                allow(file, rights);
            }
        }
    }

    private static void allow(Path file, String rights) throws IOException {
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(rights));
    }
}
