// SPDX-License-Identifier: Apache-2.0
package dev.puna.engine.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import dev.puna.device.Placement;
import dev.puna.engine.Engine;
import dev.puna.engine.EngineSpec;
import dev.puna.engine.Loading;
import dev.puna.engine.ModelFiles;
import dev.puna.failure.Failure;
import dev.puna.failure.InsufficientMemory;
import dev.puna.support.TestModels;
import dev.puna.support.TestRunners;
import dev.puna.support.TinyGguf;
import dev.puna.support.Waiting;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Real control groups and processes, where this user may make groups that bound memory: as root, with groups of version 2. */
@EnabledOnOs(OS.LINUX)
@Timeout(value = 180, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
@DisplayNameGeneration(ReplaceUnderscores.class)
class RealMemoryGroupsTest {
    private static final Duration BOUND = Duration.ofSeconds(60);
    private static final Path ROOT = Path.of("/sys/fs/cgroup");
    private static final long LIMIT = 3L << 30;

    @TempDir
    Path folder;

    private final Path service =
            ROOT.resolve("puna-test-" + ProcessHandle.current().pid());
    private MemoryGroups groups;

    @BeforeEach
    void divide() throws IOException {
        try {
            if (!Files.readString(ROOT.resolve("cgroup.controllers")).contains("memory")) {
                throw new IOException("memory is not theirs");
            }
            Files.writeString(ROOT.resolve("cgroup.subtree_control"), "+memory");
            Files.createDirectory(service);
        } catch (IOException refused) {
            System.err.println("SKIPPED CONTROL GROUP TEST: none of version 2 can bound memory here: " + refused);
            abort(refused.toString());
        }
        groups = MemoryGroups.among(Stream.of(Files.createDirectory(service.resolve("puna-server"))))
                .orElseThrow();
    }

    @AfterEach
    void remove() throws IOException {
        if (Files.exists(service)) {
            Files.delete(service.resolve("puna-server"));
            Waiting.until(BOUND, () -> service.toFile().delete());
        }
    }

    @Test
    void one_ends_what_wants_more_and_is_removed() throws Exception {
        var left = Files.createDirectory(service.resolve("puna-model-1-1"));
        var hungry = new ProcessBuilder("sh", "-c", "read go; exec tail /dev/zero").start();
        try {
            groups.begin();
            var group = groups.hold(hungry.pid(), 64 << 20);
            assertThat(left).doesNotExist();
            assertThat(Files.readString(Path.of("/proc", Long.toString(hungry.pid()), "cgroup")))
                    .contains(group.folder().getFileName().toString());
            groups.begin();
            assertThat(group.folder()).as("one that is in use").exists();

            hungry.outputWriter().append("go\n").close();

            assertThat(hungry.waitFor(BOUND.toSeconds(), TimeUnit.SECONDS)).isTrue();
            assertThat(group.hasKilled()).isTrue();
            group.close();
            assertThat(group.folder()).doesNotExist();
        } finally {
            hungry.destroyForcibly().waitFor();
        }
    }

    @Test
    void a_model_is_in_one_and_ends_for_want_of_memory_when_that_is_full() throws Exception {
        try (var engine = load()) {
            var told = new CompletableFuture<Failure>();
            engine.onDeath(told::complete);
            var group = theOnlyOne();
            // In whole pages.
            var most = LIMIT + Files.size(folder.resolve("m.gguf"));
            assertThat(Long.parseLong(
                            Files.readString(group.resolve("memory.max")).strip()))
                    .isBetween(most - 65_535, most);
            var process = Files.readString(group.resolve("cgroup.procs")).strip();
            assertThat(ProcessHandle.current().children().map(child -> Long.toString(child.pid())))
                    .contains(process);

            Files.writeString(group.resolve("memory.max"), "1048576");

            assertThat(told.get(BOUND.toSeconds(), TimeUnit.SECONDS))
                    .isInstanceOf(InsufficientMemory.class)
                    .hasMessageContaining("ran out of memory and ended with SIGKILL")
                    .hasMessageContaining(
                            "the kernel ended it, as its control group tells; the process of this model may")
                    .hasMessageContaining("3.0 GiB");
            Waiting.until(BOUND, () -> Files.notExists(group));
        }
    }

    @Test
    void a_model_that_is_unloaded_leaves_none() throws Exception {
        Path group;
        try (var engine = load()) {
            group = theOnlyOne();
            assertThat(engine.tokenize("hello", true)).isNotEmpty();
        }

        assertThat(group).doesNotExist();
    }

    private Engine load() throws IOException {
        var libraries = TestModels.nativeLibraries();
        var limit = new MemoryLimit(OptionalLong.of(LIMIT), 0);
        var weights = Files.write(folder.resolve("m.gguf"), TinyGguf.llama(1).toArray());
        var files = new ModelFiles(List.of(weights), List.of(), Optional.empty());
        return new RemoteEngineLoader(TestRunners.of(limit, libraries, Optional.of(groups)), libraries)
                .load(
                        new EngineSpec("m", files, 512, 1, 512, 1, Placement.CPU, true, "f16", "auto", 0),
                        Loading.create());
    }

    private Path theOnlyOne() throws IOException {
        try (var all = Files.list(service)) {
            return all.filter(path -> path.getFileName().toString().startsWith("puna-model-"))
                    .reduce((_, _) -> {
                        throw new AssertionError("there are several");
                    })
                    .orElseThrow();
        }
    }
}
