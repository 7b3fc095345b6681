// SPDX-License-Identifier: Apache-2.0
package dev.puna.process;

import static dev.puna.process.TestChildren.command;
import static dev.puna.process.TestChildren.exitOf;
import static dev.puna.process.TestChildren.linesOf;
import static dev.puna.process.TestChildren.runs;
import static dev.puna.process.TestChildren.shell;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.data.Offset.offset;

import dev.puna.support.TestModels;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@EnabledOnOs(OS.LINUX)
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
@DisplayNameGeneration(ReplaceUnderscores.class)
class ChildProcessTest {
    @BeforeAll
    static void load() {
        ProcessLibrary.load(TestModels.nativeLibraries());
    }

    @Test
    void a_child_tells_what_it_writes_and_its_exit_code() throws Exception {
        var lines = new ArrayList<String>();
        var child = ChildProcess.start(shell("echo one; echo two >&2; printf three; exit 3"), List.of(), lines::add);

        assertThat(exitOf(child)).isEqualTo(new ExitStatus(3, 0));
        assertThat(lines).containsExactly("one", "two", "three");
        assertThat(child.lastLines()).isEqualTo(lines);
        assertThat(child.isAlive()).isFalse();
    }

    @ParameterizedTest
    @CsvSource({"SEGV, 11", "ABRT, 6", "KILL, 9", "TERM, 15"})
    void the_signal_that_ends_a_child_is_told(String name, int number) throws Exception {
        var child = ChildProcess.start(shell("echo before; kill -" + name + " $$; sleep 60"), List.of(), _ -> {});

        assertThat(exitOf(child)).isEqualTo(new ExitStatus(0, number));
        assertThat(child.lastLines()).containsExactly("before");
    }

    @Test
    void a_child_is_sent_signals_as_long_as_it_runs() throws Exception {
        var lines = new ArrayList<String>();
        var ready = new CompletableFuture<Void>();
        var child = ChildProcess.start(
                shell("trap 'echo caught; exit 7' USR1; echo ready; while :; do sleep 0.05; done"), List.of(), line -> {
                    lines.add(line);
                    ready.complete(null);
                });
        ready.get(20, TimeUnit.SECONDS);

        child.signal(10);
        assertThat(exitOf(child)).isEqualTo(new ExitStatus(7, 0));
        assertThat(lines).containsExactly("ready", "caught");
        child.kill();
        child.signal(15);
    }

    @Test
    void a_child_is_killed_at_once() throws Exception {
        var child = ChildProcess.start(command("/bin/sleep", "600"), List.of(), _ -> {});
        assertThat(child.isAlive()).isTrue();
        assertThat(runs(child.pid())).isTrue();

        child.kill();
        assertThat(exitOf(child)).isEqualTo(new ExitStatus(0, 9));
        assertThat(runs(child.pid())).isFalse();
    }

    @Test
    void what_cannot_be_started_is_told_in_a_sentence(@TempDir Path folder) throws Exception {
        var text = Files.writeString(folder.resolve("text"), "no program");

        assertThatIOException()
                .isThrownBy(() -> ChildProcess.start(command("/no/such/program"), List.of(), _ -> {}))
                .withMessage(
                        "cannot start /no/such/program: No such file or directory; check that the file is there, is a"
                                + " program of this machine and may be executed");
        assertThatIOException()
                .isThrownBy(() -> ChildProcess.start(command(text.toString()), List.of(), _ -> {}))
                .withMessageStartingWith("cannot start " + text + ": Permission denied; ");
        text.toFile().setExecutable(true);
        assertThatIOException()
                .isThrownBy(() -> ChildProcess.start(command(text.toString()), List.of(), _ -> {}))
                .withMessageStartingWith("cannot start " + text + ": Exec format error; ");
    }

    @Test
    void a_closed_socket_cannot_be_inherited() throws Exception {
        var pair = LocalSocket.pair();
        pair.ours().close();
        pair.theirs().close();

        assertThatIOException()
                .isThrownBy(() -> ChildProcess.start(shell("exit 0"), List.of(pair.theirs()), _ -> {}))
                .withMessage("this end is closed");
    }

    @Test
    void commands_that_the_system_could_not_be_told_are_refused() {
        assertThatIllegalArgumentException().isThrownBy(() -> new ChildCommand(List.of(), Map.of()));
        assertThatIllegalArgumentException().isThrownBy(() -> command("/bin/echo", "a\0b"));
        assertThatIllegalArgumentException().isThrownBy(() -> new ChildCommand(List.of("/x"), Map.of("A=B", "c")));
        assertThatIllegalArgumentException().isThrownBy(() -> new ChildCommand(List.of("/x"), Map.of("A", "c\0")));
    }

    @Test
    void a_child_has_only_the_variables_and_arguments_it_is_given() throws Exception {
        assertThat(linesOf(new ChildCommand(List.of("/usr/bin/env"), Map.of("ONE", "Größe=1"))))
                .containsExactly("ONE=Größe=1");
        assertThat(linesOf(command("/bin/echo", "", "a b", "ü"))).containsExactly(" a b ü");
    }

    @Test
    void a_child_that_stops_writing_is_still_watched() throws Exception {
        var child = ChildProcess.start(shell("exec >&- 2>&-; sleep 0.3; exit 5"), List.of(), _ -> {});
        assertThat(exitOf(child)).isEqualTo(new ExitStatus(5, 0));
    }

    @Test
    void a_child_has_ended_even_if_another_process_still_has_its_output() throws Exception {
        var child = ChildProcess.start(shell("sleep 600 & echo $!; exit 0"), List.of(), _ -> {});

        assertThat(exitOf(child)).isEqualTo(new ExitStatus(0, 0));
        ProcessHandle.of(Long.parseLong(child.lastLines().getFirst())).ifPresent(ProcessHandle::destroyForcibly);
    }

    @Test
    void a_child_outlives_the_thread_that_asked_for_it() throws Exception {
        var started = new CompletableFuture<ChildProcess>();
        var thread = Thread.ofPlatform().start(() -> {
            try {
                started.complete(ChildProcess.start(command("/bin/sleep", "600"), List.of(), _ -> {}));
            } catch (Exception e) {
                started.completeExceptionally(e);
            }
        });
        thread.join();

        var child = started.get();
        Thread.sleep(200);
        assertThat(runs(child.pid())).isTrue();
        child.kill();
        exitOf(child);
    }

    @Test
    void a_child_is_started_by_what_follows_the_end_of_another() throws Exception {
        var first = ChildProcess.start(shell("exit 0"), List.of(), _ -> {});
        var second = first.exit().thenCompose(_ -> {
            try {
                return ChildProcess.start(shell("exit 4"), List.of(), line -> {})
                        .exit();
            } catch (Exception e) {
                return CompletableFuture.failedFuture(e);
            }
        });

        assertThat(second.get(20, TimeUnit.SECONDS)).isEqualTo(new ExitStatus(4, 0));
    }

    @Test
    void hundreds_of_starts_leave_nothing_behind() throws Exception {
        exitOf(ChildProcess.start(shell("exit 0"), List.of(), _ -> {}));
        var descriptors = entries("/proc/self/fd");
        var threads = entries("/proc/self/task");
        for (var i = 0; i < 200; i++) {
            var pair = LocalSocket.pair();
            var child = ChildProcess.start(shell("echo line; exit 1"), List.of(pair.theirs()), _ -> {});
            pair.theirs().close();
            assertThat(exitOf(child)).isEqualTo(new ExitStatus(1, 0));
            pair.ours().close();
            if (i % 10 == 0) {
                assertThatIOException().isThrownBy(() -> ChildProcess.start(command("/nowhere"), List.of(), _ -> {}));
            }
        }

        assertThat(entries("/proc/self/fd")).isCloseTo(descriptors, offset(5L));
        assertThat(entries("/proc/self/task")).isCloseTo(threads, offset(5L));
        assertThat(ProcessHandle.current().children().filter(child -> !runs(child.pid())))
                .isEmpty();
    }

    private static long entries(String folder) throws Exception {
        try (var files = Files.list(Path.of(folder))) {
            return files.count();
        }
    }
}
