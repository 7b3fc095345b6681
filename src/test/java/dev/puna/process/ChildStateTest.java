// SPDX-License-Identifier: Apache-2.0
package dev.puna.process;

import static dev.puna.process.TestChildren.becomes;
import static dev.puna.process.TestChildren.command;
import static dev.puna.process.TestChildren.exitOf;
import static dev.puna.process.TestChildren.java;
import static dev.puna.process.TestChildren.linesOf;
import static dev.puna.process.TestChildren.runs;
import static dev.puna.process.TestChildren.shell;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import dev.puna.support.CCompiler;
import dev.puna.support.TestModels;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** What a program finds when it begins, and what ends it. */
@EnabledOnOs(OS.LINUX)
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
@DisplayNameGeneration(ReplaceUnderscores.class)
class ChildStateTest {
    private static final String SOURCES = "$(ls native-libs/process/*.c | grep -v /test)";

    private static final String LIST_DESCRIPTORS = """
            #include <fcntl.h>
            #include <stdio.h>
            int main(void) {
                for (int i = 0; i < 65536; i++) {
                    if (fcntl(i, F_GETFD) >= 0) {
                        printf("%d ", i);
                    }
                }
                return 0;
            }
            """;

    /** Address space, a file, memory in pieces of 8 MiB until there is no more. */
    private static final String TAKE_MEMORY = """
            #include <stdio.h>
            #include <stdlib.h>
            #include <sys/mman.h>
            #include <unistd.h>
            int main(void) {
                void * space = mmap(NULL, 1L << 36, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
                puts(space == MAP_FAILED ? "not reserved" : "reserved");
                FILE * file = tmpfile();
                int size = 256 << 20;
                void * content = file && ftruncate(fileno(file), size) == 0
                    ? mmap(NULL, size, PROT_READ, MAP_SHARED, fileno(file), 0) : MAP_FAILED;
                puts(content == MAP_FAILED ? "not mapped" : "mapped");
                int had = 0;
                for (; had < 1024 && malloc(8 << 20); had += 8) {}
                printf("had %d MiB\\n", had >= 40 && had <= 64 ? 48 : had);
                return 0;
            }
            """;

    /** Opens files as 3 to 8, and as 0 to 2 nothing; gives them to a child the other way round, which writes its numbers into them. */
    private static final String GIVE_REVERSED = """
            #define _GNU_SOURCE
            #include "puna_process.h"
            #include <stdio.h>
            #include <stdlib.h>
            #include <sys/mman.h>
            #include <sys/wait.h>
            #include <unistd.h>
            int main(void) {
                int screen = dup2(1, 100);
                for (int i = 0; i < 3; i++) {
                    close(i);
                }
                for (int i = 3; i < 9; i++) {
                    int file = memfd_create("test", 0);
                    if (file != i) {
                        dup2(file, i);
                        close(file);
                    }
                }
                char * arguments[] = { "sh", "-c", "for i in 3 4 5 6 7 8; do echo $i >&$i; done; read x || exit 9", NULL };
                char * environment[] = { NULL };
                int32_t given[] = { 8, 7, 6, 5, 4, 3 };
                struct puna_plan plan = { .program = "/bin/sh", .arguments = arguments, .environment = environment,
                                          .descriptors = given, .descriptor_count = 6 };
                struct puna_child child;
                int result = puna_spawn(&plan, &child);
                int status = 0;
                waitpid(child.pid, &status, 0);
                dprintf(screen, "%d %d\\n", result, WEXITSTATUS(status));
                for (int i = 3; i < 9; i++) {
                    char text[10];
                    int length = (int) pread(i, text, sizeof text, 0);
                    dprintf(screen, "%d got %.*s", i, length, text);
                }
                return 0;
            }
            """;

    @TempDir
    Path folder;

    @BeforeAll
    static void load() {
        ProcessLibrary.load(TestModels.nativeLibraries());
    }

    @Test
    void a_child_has_its_descriptors_and_none_of_the_sockets_of_this_process() throws Exception {
        var program =
                CCompiler.in(folder).program(LIST_DESCRIPTORS, "descriptors").toString();
        var pair = LocalSocket.pair();
        try (var server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
                var client = new Socket(server.getInetAddress(), server.getLocalPort());
                var accepted = server.accept();
                var file = Files.newInputStream(Path.of("/etc/passwd"));
                var turns = SharedTurns.create()) {
            assertThat(linesOf(command(program))).containsExactly("0 1 2 ");
            assertThat(linesOf(command(program), pair.theirs(), turns)).containsExactly("0 1 2 3 4 ");
            assertThat(accepted.isConnected() && client.isConnected() && file.available() > 0)
                    .isTrue();
        }
        pair.theirs().close();
        pair.ours().close();
    }

    @Test
    void descriptors_are_given_in_their_order_whatever_their_numbers_are() throws Exception {
        var program = Files.writeString(folder.resolve("reversed.c"), GIVE_REVERSED);
        var built = folder.resolve("reversed");
        assertThat(linesOf(shell("cc -Inative-libs/process -o " + built + " " + program + " " + SOURCES)))
                .isEmpty();

        assertThat(linesOf(command(built.toString())))
                .containsExactly("0 9", "3 got 8", "4 got 7", "5 got 6", "6 got 5", "7 got 4", "8 got 3");
    }

    @Test
    void many_descriptors_are_given() throws Exception {
        var pairs = new ArrayList<LocalSocket.Pair>();
        for (var i = 0; i < 62; i++) {
            pairs.add(LocalSocket.pair());
        }
        var theirs = pairs.stream().map(LocalSocket.Pair::theirs).toList();

        var child = ChildProcess.start(command("/bin/ls", "/proc/self/fd/63"), theirs.subList(0, 61), _ -> {});
        assertThat(exitOf(child).isSuccess()).isTrue();
        assertThatIOException()
                .isThrownBy(() -> ChildProcess.start(shell("exit 0"), theirs, _ -> {}))
                .withMessage("cannot start /bin/sh: Invalid argument");
        pairs.forEach(pair -> {
            pair.ours().close();
            pair.theirs().close();
        });
    }

    @Test
    void a_child_blocks_and_ignores_no_signal_whatever_its_parent_does() throws Exception {
        var parent = process(
                "trap '' HUP PIPE",
                TestModels.nativeLibraries(),
                "/bin/grep",
                "-E",
                "^Sig(Blk|Ign):",
                "/proc/self/status");
        try (var output = parent.inputReader(UTF_8)) {
            assertThat(output.lines())
                    .containsExactly("SigBlk:\t0000000000000000", "SigIgn:\t0000000000000000", "exit code 0");
        } finally {
            parent.destroyForcibly();
        }
    }

    @Test
    void a_child_begins_without_input_terminal_and_core_dumps() throws Exception {
        assertThat(linesOf(command("/bin/cat"))).isEmpty();
        assertThat(linesOf(shell("ulimit -c; ulimit -Hc"))).containsExactly("0", "0");
        var child = ChildProcess.start(shell("cut -d' ' -f5,6 /proc/$$/stat"), List.of(), _ -> {});
        exitOf(child);
        assertThat(child.lastLines()).containsExactly(child.pid() + " " + child.pid());
    }

    @Test
    void a_child_goes_before_its_parent_when_memory_runs_out() throws Exception {
        var score = Path.of("/proc/self/oom_score_adj");
        var before = Files.readString(score).strip();

        var expected = Math.min(1000, Integer.parseInt(before) + 500);
        assertThat(linesOf(command("/bin/cat", score.toString()))).containsExactly(Integer.toString(expected));
        assertThat(Files.readString(score).strip()).isEqualTo(before);
    }

    @Test
    void a_child_has_the_limits_it_is_given() throws Exception {
        var bounds = new ChildBounds(
                Map.of(
                        ChildBounds.Resource.FILE_SIZE,
                        512L * 8,
                        ChildBounds.Resource.DESCRIPTORS,
                        20L,
                        ChildBounds.Resource.LOCKED_MEMORY,
                        Long.MAX_VALUE),
                ChildLock.NONE);
        var child = ChildProcess.start(shell("ulimit -f; ulimit -n; ulimit -Hn"), List.of(), bounds, _ -> {});

        assertThat(exitOf(child).isSuccess()).isTrue();
        assertThat(child.lastLines()).containsExactly("8", "20", "20");
        assertThat(linesOf(shell("ulimit -n"))).isNotEqualTo(List.of("20"));
    }

    @Test
    void a_child_has_no_more_private_memory_than_it_is_given_and_may_map_and_reserve_more() throws Exception {
        var program = CCompiler.in(folder).program(TAKE_MEMORY, "take").toString();
        var bounds = new ChildBounds(Map.of(ChildBounds.Resource.DATA, 64L << 20), ChildLock.NONE);
        var child = ChildProcess.start(command(program), List.of(), bounds, _ -> {});

        assertThat(exitOf(child).isSuccess()).isTrue();
        assertThat(child.lastLines()).containsExactly("reserved", "mapped", "had 48 MiB");
    }

    @Test
    void children_die_with_their_parent_however_it_ends() throws Exception {
        var parent = process(":", TestModels.nativeLibraries(), "sleep");
        try (var output = parent.inputReader(UTF_8)) {
            var child = Long.parseLong(output.readLine());
            assertThat(runs(child)).isTrue();

            parent.destroyForcibly();
            assertThat(becomes(() -> !runs(child))).isTrue();
        } finally {
            parent.destroyForcibly();
        }
    }

    @Test
    void kernels_without_the_newer_calls_will_do() throws Exception {
        var library = folder.resolve("libpuna-process.so");
        var compiled = linesOf(shell("cc -std=c11 -shared -fPIC -DPUNA_AS_ON_LINUX_4 -o " + library + " " + SOURCES));
        assertThat(compiled).isEmpty();
        var program =
                CCompiler.in(folder).program(LIST_DESCRIPTORS, "descriptors").toString();

        var parent = process(":", folder, program);
        try (var output = parent.inputReader(UTF_8)) {
            assertThat(output.lines()).containsExactly("0 1 2 ", "exit code 0");
        } finally {
            parent.destroyForcibly();
        }
    }

    /** A {@link ParentProgram}, before which a shell does something. */
    private static Process process(String before, Path libraries, String... arguments) throws Exception {
        var command = new ArrayList<>(List.of("/bin/sh", "-c", before + "; exec \"$@\"", "sh"));
        command.addAll(java(ParentProgram.class, libraries, arguments).arguments());
        var process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        process.onExit().orTimeout(60, TimeUnit.SECONDS).exceptionally(_ -> process.destroyForcibly());
        return process;
    }
}
