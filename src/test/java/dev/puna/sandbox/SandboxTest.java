// SPDX-License-Identifier: Apache-2.0
package dev.puna.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.puna.process.ProcessLibrary;
import dev.puna.support.TestModels;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A child tries what it must not be able to do. What this system does not enforce is not asked for. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
@DisplayNameGeneration(ReplaceUnderscores.class)
class SandboxTest {
    private static final int EPERM = 1;
    private static final int EACCES = 13;
    private static final int ENOSYS = 38;
    private static final String WORKS = "works-";

    /** Attempts at files that Landlock alone prevents. */
    private static final List<String> OF_LANDLOCK = List.of(
            "read-secret",
            "list-folder",
            "read-passwords",
            "read-parents-environment",
            "open-parents-memory",
            "open-terminals",
            "make-in-temp",
            "make-file",
            "make-folder",
            "make-pipe",
            "make-link",
            "link-model",
            "write-model",
            "append-to-model",
            "write-own-memory-file",
            "lower-oom-score",
            "rename-model",
            "unlink-secret");

    /** Attempts that anybody succeeds in who is not locked up, root or not. */
    private static final List<String> EASY = List.of(
            "connect-tcp",
            "listen-tcp",
            "send-udp",
            "connect-unix",
            "connect-abstract",
            "datagram-from-pair",
            "change-socket",
            "read-secret",
            "list-folder",
            "read-passwords",
            "make-in-temp",
            "make-file",
            "make-folder",
            "make-pipe",
            "make-link",
            "link-model",
            "write-model",
            "change-rights",
            "change-owner",
            "change-times",
            "change-directory",
            "set-user",
            "keep-capabilities",
            "fork",
            "clone-process",
            "signal-parent",
            "signal-all",
            "signal-through-file",
            "limit-parent",
            "weaken-parent",
            "outlive-parent",
            "exec",
            "empty-by-opening",
            "truncate-model",
            "rename-model",
            "unlink-secret");

    @TempDir
    private static Path folder;

    private static Path program;
    private static SandboxReport possible;

    @BeforeAll
    static void compile() {
        possible = Sandbox.expected(ProcessLibrary.load(TestModels.nativeLibraries()));
        program = Attempts.program(folder);
    }

    @Test
    void what_a_child_tries_succeeds_if_it_is_not_locked_up() throws Exception {
        var free = Attempts.of(program, own("free"), Set.of());

        assertThat(free.report().inForce()).isEmpty();
        assertThat(free.results()).containsAllEntriesOf(all(EASY));
        assertThat(free.exit().code()).isZero();
    }

    @Test
    void a_child_that_is_locked_up_can_do_nothing_but_compute() throws Exception {
        var locked = Attempts.of(program, own("locked"), EnumSet.allOf(Restriction.class));

        assertThat(locked.report().inForce()).isEqualTo(possible.inForce());
        assertThat(denied(locked.results()))
                .as("what %s lets through", locked.report().lines())
                .containsAll(locked.results().keySet().stream()
                        .filter(name -> !name.startsWith(WORKS) && !name.equals("end"))
                        .filter(name -> possible.inForce().contains(Restriction.FILES) || !OF_LANDLOCK.contains(name))
                        .toList())
                .containsAll(possible.isComplete() ? EASY : List.of());
        assertThat(working(locked.results())).hasSizeGreaterThan(10).containsOnly(0);
        assertThat(locked.results()).containsEntry("end", 0);
        assertThat(locked.said()).isEqualTo("hello");
        assertThat(locked.exit().code()).isZero();
    }

    @Test
    void landlock_alone_keeps_files_and_processes_away() throws Exception {
        var locked = Attempts.of(program, own("landlock"), EnumSet.complementOf(EnumSet.of(Restriction.SYSTEM_CALLS)));

        if (locked.report().inForce().contains(Restriction.FILES)) {
            assertThat(denied(locked.results())).containsAll(OF_LANDLOCK);
        }
        if (locked.report().inForce().contains(Restriction.TCP)) {
            assertThat(denied(locked.results())).contains("connect-tcp", "listen-tcp");
        }
        if (locked.report().inForce().contains(Restriction.OTHER_PROCESSES)) {
            assertThat(denied(locked.results())).contains("signal-parent", "connect-abstract");
        }
        if (locked.report().inForce().contains(Restriction.TRUNCATION)) {
            assertThat(denied(locked.results())).contains("empty-by-opening", "truncate-model");
        }
        assertThat(working(locked.results())).containsOnly(0);
    }

    @Test
    void without_landlock_the_filter_still_denies_the_network_processes_and_all_writing() throws Exception {
        var wanted = EnumSet.of(Restriction.NO_NEW_PRIVILEGES, Restriction.NO_CAPABILITIES, Restriction.SYSTEM_CALLS);
        var locked = Attempts.of(program, own("filter"), wanted);

        assertThat(locked.report().inForce()).isEqualTo(wanted);
        assertThat(locked.results()).containsAllEntriesOf(all(List.of("read-secret", "list-folder", "read-passwords")));
        assertThat(denied(locked.results()))
                .containsAll(EASY.stream()
                        .filter(name -> !name.startsWith("read-") && !name.equals("list-folder"))
                        .toList());
        assertThat(locked.report().sentence())
                .contains("without files, truncation, tcp, device commands, other processes (it was not asked for)");
        assertThat(working(locked.results())).containsOnly(0);
    }

    @Test
    void whoever_writes_weights_makes_files_in_one_folder_only() throws Exception {
        var home = own("writer");
        var input = Files.writeString(home.resolve("input"), "weights");
        var output = Files.createDirectory(home.resolve("output"));

        assertThat(copy(input, output.resolve("made"), output).exit().code()).isZero();
        assertThat(output.resolve("made")).hasContent("weights");
        if (possible.inForce().contains(Restriction.FILES)) {
            assertThat(copy(input, home.resolve("made"), output).exit().code()).isNotZero();
            assertThat(home.resolve("made")).doesNotExist();
        }
    }

    @Test
    void whoever_has_a_cache_makes_files_and_folders_in_it_only() throws Exception {
        var home = own("cache");
        var cache = Files.createDirectory(home.resolve("drivers"));

        assertThat(makeFolder(cache.resolve("ab"), cache).exit().code()).isZero();
        assertThat(cache.resolve("ab")).isDirectory();
        if (possible.inForce().contains(Restriction.FILES)) {
            assertThat(makeFolder(home.resolve("ab"), cache).exit().code()).isNotZero();
            assertThat(home.resolve("ab")).doesNotExist();
        }
    }

    @Test
    void a_call_as_32_bit_programs_make_it_ends_the_child() throws Exception {
        var locked = Attempts.run(
                SandboxRules.forModel(program, TestModels.nativeLibraries(), List.of()),
                EnumSet.allOf(Restriction.class),
                List.of(program.toString(), "call"));

        if (System.getProperty("os.arch").equals("amd64")) {
            assertThat(locked.exit().reason()).startsWith("SIGSYS");
        }
    }

    @Test
    void a_program_that_was_not_named_is_not_begun() {
        var rules = SandboxRules.forModel(Path.of("/bin/true"), TestModels.nativeLibraries(), List.of());

        if (possible.inForce().contains(Restriction.FILES)) {
            assertThatIOException()
                    .isThrownBy(() ->
                            Attempts.run(rules, EnumSet.allOf(Restriction.class), List.of(program.toString(), "call")))
                    .withMessageContaining("Permission denied");
        }
    }

    @Test
    void the_process_that_starts_a_child_is_not_locked_up_with_it() throws Exception {
        var before = ownStatus();
        Attempts.run(
                SandboxRules.forModel(program, TestModels.nativeLibraries(), List.of()),
                EnumSet.allOf(Restriction.class),
                List.of(program.toString(), "call"));

        assertThat(ownStatus()).isEqualTo(before).anyMatch(line -> line.startsWith("Seccomp:"));
    }

    @Test
    void a_sandbox_that_is_closed_locks_nobody_up() {
        var sandbox = Sandbox.of(
                ProcessLibrary.load(TestModels.nativeLibraries()), SandboxRules.forModel(program, folder, List.of()));
        sandbox.close();
        sandbox.close();

        assertThatIllegalStateException().isThrownBy(sandbox::prepared);
    }

    private static Attempts copy(Path from, Path to, Path writable) throws Exception {
        var dd = Path.of("/bin/dd");
        return Attempts.run(
                SandboxRules.forWeights(dd, TestModels.nativeLibraries(), List.of(from), writable),
                EnumSet.allOf(Restriction.class),
                List.of(dd.toString(), "if=" + from, "of=" + to));
    }

    private static Attempts makeFolder(Path made, Path cache) throws Exception {
        var mkdir = Path.of("/bin/mkdir");
        return Attempts.run(
                SandboxRules.forModel(mkdir, TestModels.nativeLibraries(), List.of())
                        .writing(List.of(cache)),
                EnumSet.allOf(Restriction.class),
                List.of(mkdir.toString(), made.toString()));
    }

    /** What the kernel says of this process's rights and its filters, for each of its threads. */
    private static List<String> ownStatus() throws Exception {
        try (var threads = Files.newDirectoryStream(Path.of("/proc/self/task"))) {
            var lines = new TreeSet<String>();
            for (var thread : threads) {
                if (Files.exists(thread)) {
                    Files.readAllLines(thread.resolve("status")).stream()
                            .filter(line -> line.matches("(Cap|NoNewPrivs|Seccomp).*"))
                            .forEach(lines::add);
                }
            }
            return List.copyOf(lines);
        }
    }

    private static Path own(String name) throws Exception {
        return Files.createDirectory(folder.resolve(name));
    }

    private static Map<String, Integer> all(List<String> names) {
        return names.stream().collect(Collectors.toMap(name -> name, _ -> 0));
    }

    private static Set<String> denied(Map<String, Integer> results) {
        return results.entrySet().stream()
                .filter(result -> List.of(EPERM, EACCES, ENOSYS).contains(result.getValue()))
                .map(Map.Entry::getKey)
                .collect(Collectors.toSet());
    }

    private static List<Integer> working(Map<String, Integer> results) {
        return results.entrySet().stream()
                .filter(result -> result.getKey().startsWith(WORKS))
                .map(Map.Entry::getValue)
                .toList();
    }
}
