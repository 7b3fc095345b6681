// SPDX-License-Identifier: Apache-2.0
package dev.puna.process;

import static dev.puna.process.TestChildren.becomes;
import static dev.puna.process.TestChildren.exitOf;
import static dev.puna.process.TestChildren.java;
import static dev.puna.process.TestChildren.shell;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.puna.support.TestModels;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@EnabledOnOs(OS.LINUX)
@Timeout(value = 180, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
@DisplayNameGeneration(ReplaceUnderscores.class)
class SharedTurnsTest {
    @TempDir
    Path folder;

    @BeforeAll
    static void load() {
        ProcessLibrary.load(TestModels.nativeLibraries());
    }

    @Test
    void one_process_at_a_time_has_the_turn() throws Exception {
        var counts = counts(3, Duration.ofSeconds(1));

        var file = ByteBuffer.wrap(Files.readAllBytes(folder.resolve("number")));
        assertThat(file.getLong())
                .isEqualTo(counts.stream().mapToLong(Long::longValue).sum());
        assertThat(counts).allMatch(count -> count > 50);
    }

    @Test
    void two_eager_processes_get_about_as_many_turns() throws Exception {
        var counts = counts(2, Duration.ofSeconds(2));

        assertThat((double) counts.get(0) / counts.get(1)).isBetween(0.5, 2.0);
    }

    /** Without the line, who is awake gets the turn again before who waits has woken. */
    @Test
    void who_gives_the_turn_back_is_behind_who_waits() throws Exception {
        var file = Files.write(folder.resolve("number"), new byte[Long.BYTES]);
        try (var turns = SharedTurns.create()) {
            var command = java(TurnsProgram.class, "count", file.toString(), "30000", "20");
            var child = ChildProcess.start(command, List.of(turns), _ -> {});
            assertThat(becomes(() -> number(file) > 0)).isTrue();
            var passed = 0;
            for (var i = 0; i < 10; i++) {
                var before = turns.take(() -> {
                    LockSupport.parkNanos(Duration.ofMillis(200).toNanos());
                    return number(file);
                });
                passed += turns.take(() -> number(file)) > before ? 1 : 0;
            }
            child.kill();
            exitOf(child);
            // A busy machine may keep the child from being there in time.
            assertThat(passed).isGreaterThanOrEqualTo(7);
        }
    }

    private static long number(Path file) {
        try {
            return ByteBuffer.wrap(Files.readAllBytes(file)).getLong();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void the_turn_of_a_killed_process_is_the_next_ones() throws Exception {
        try (var turns = SharedTurns.create()) {
            var held = new CompletableFuture<String>();
            var child = ChildProcess.start(java(TurnsProgram.class, "hold"), List.of(turns), held::complete);
            assertThat(held.get(40, TimeUnit.SECONDS)).isEqualTo("held");
            var taken = CompletableFuture.supplyAsync(
                    () -> turns.take(() -> "ours"), Thread.ofPlatform().daemon()::start);
            Thread.sleep(200);
            assertThat(taken).isNotDone();

            child.kill();
            assertThat(taken.get(20, TimeUnit.SECONDS)).isEqualTo("ours");
            exitOf(child);
        }
    }

    @Test
    void threads_of_one_process_take_turns_too() throws Exception {
        try (var turns = SharedTurns.create()) {
            var inside = new AtomicInteger();
            var threads = new ArrayList<CompletableFuture<Void>>();
            for (var i = 0; i < 4; i++) {
                threads.add(CompletableFuture.runAsync(
                        () -> {
                            for (var n = 0; n < 1000; n++) {
                                turns.take(() -> {
                                    assertThat(inside.incrementAndGet()).isEqualTo(1);
                                    return inside.decrementAndGet();
                                });
                            }
                        },
                        Thread.ofPlatform().daemon()::start));
            }
            for (var thread : threads) {
                thread.get(40, TimeUnit.SECONDS);
            }
        }
    }

    @Test
    void a_turn_ends_with_a_step_that_fails_and_none_begins_within_another() throws Exception {
        try (var turns = SharedTurns.create()) {
            assertThatIllegalStateException()
                    .isThrownBy(() -> turns.take(() -> {
                        throw new IllegalStateException("step");
                    }))
                    .withMessage("step");
            assertThat(turns.<String>take(() -> "next")).isEqualTo("next");
            assertThatIllegalStateException()
                    .isThrownBy(() -> turns.take(() -> turns.take(() -> "")))
                    .withMessage("a turn is taken within a turn");
            assertThat(turns.<String>take(() -> "next")).isEqualTo("next");
        }
    }

    @Test
    void a_child_can_only_lock_with_them() throws Exception {
        try (var turns = SharedTurns.create()) {
            assertThat(exitOf(ChildProcess.start(shell(": >&3"), List.of(turns), _ -> {}))
                            .isSuccess())
                    .isTrue();
            assertThat(exitOf(ChildProcess.start(shell("echo x >&3"), List.of(turns), _ -> {}))
                            .isSuccess())
                    .isFalse();
        }
    }

    @Test
    void closed_turns_are_over() throws Exception {
        var turns = SharedTurns.create();
        assertThat(turns.<Boolean>take(() -> {
                    turns.close();
                    return true;
                }))
                .isTrue();
        turns.close();
        assertThatExceptionOfType(UncheckedIOException.class).isThrownBy(() -> turns.take(() -> ""));
        assertThatIOException()
                .isThrownBy(() -> SharedTurns.inherited(60_000))
                .withMessage("cannot use descriptor 60000 as a lock for processes: Bad file descriptor");
    }

    /** How many turns each of so many processes got that want them all the time. */
    private List<Long> counts(int processes, Duration time) throws Exception {
        var file = Files.createFile(folder.resolve("number"));
        try (var turns = SharedTurns.create()) {
            var children = new ArrayList<ChildProcess>();
            for (var i = 0; i < processes; i++) {
                var command = java(TurnsProgram.class, "count", file.toString(), Long.toString(time.toMillis()));
                children.add(ChildProcess.start(command, List.of(turns), _ -> {}));
            }
            var ready = becomes(
                    () -> children.stream().allMatch(child -> child.lastLines().contains("ready")));
            assertThat(ready).isTrue();
            Files.write(file, new byte[Long.BYTES]);
            var counts = new ArrayList<Long>();
            for (var child : children) {
                assertThat(exitOf(child)).isEqualTo(new ExitStatus(0, 0));
                counts.add(Long.parseLong(child.lastLines().getLast()));
            }
            return counts;
        }
    }
}
