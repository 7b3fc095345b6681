// SPDX-License-Identifier: Apache-2.0
package dev.puna.process;

import static dev.puna.process.TestChildren.command;
import static dev.puna.process.TestChildren.exitOf;
import static dev.puna.process.TestChildren.shell;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import dev.puna.support.TestModels;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.zip.CRC32;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

@EnabledOnOs(OS.LINUX)
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
@DisplayNameGeneration(ReplaceUnderscores.class)
class LocalSocketTest {
    private static final int MANY = 100_000_000;

    private LocalSocket ours;
    private LocalSocket theirs;

    @BeforeAll
    static void load() {
        ProcessLibrary.load(TestModels.nativeLibraries());
    }

    @BeforeEach
    void connect() throws IOException {
        var pair = LocalSocket.pair();
        ours = pair.ours();
        theirs = pair.theirs();
    }

    @AfterEach
    void disconnect() {
        ours.close();
        theirs.close();
    }

    @Test
    void parts_of_all_kinds_arrive_as_one() throws Exception {
        var direct = ByteBuffer.allocateDirect(100_000);
        var large = ByteBuffer.wrap(new byte[300_001]);
        for (var i = 0; i < 300_001; i++) {
            large.put(i, (byte) (i * 7));
            direct.put(i % 100_000, (byte) (i % 100_000 * 3));
        }
        var parts = new ByteBuffer[200];
        for (var i = 0; i < 200; i++) {
            parts[i] = switch (i % 5) {
                case 0 -> large.duplicate().position(i);
                case 1 -> direct.duplicate().position(i).asReadOnlyBuffer();
                case 2 -> ByteBuffer.allocate(0);
                case 3 -> large.slice(i, 5).asReadOnlyBuffer();
                default -> direct.slice(i, 9);
            };
        }
        var expected = new CRC32();
        for (var part : parts) {
            expected.update(part.duplicate());
        }

        var sum = later(() -> sumOf(theirs, Integer.MAX_VALUE));
        ours.write(parts);
        ours.shutdown();
        assertThat(sum.get(60, TimeUnit.SECONDS)).isEqualTo(expected.getValue());
        assertThat(parts).noneMatch(ByteBuffer::hasRemaining);
    }

    @Test
    void a_read_gives_what_there_is_and_no_more_than_is_wanted() throws Exception {
        ours.write(bytes("abcdef"));
        var got = new byte[] {'.', '.', '.', '.', '.', '.'};
        assertThat(theirs.read(got, 1, 2)).isEqualTo(2);
        assertThat(new String(got, UTF_8)).isEqualTo(".ab...");
        assertThat(theirs.read(got, 0, 0)).isZero();
        assertThat(theirs.read(got, 0, 6)).isEqualTo(4);
        assertThat(new String(got, UTF_8)).isEqualTo("cdef..");
    }

    @Test
    void many_bytes_go_both_ways_at_once() throws Exception {
        var message = ByteBuffer.wrap(new byte[1_000_003]);
        for (var i = 0; i < message.capacity(); i++) {
            message.put(i, (byte) ((i * 31) >> 3));
        }
        var sums = List.of(later(() -> sumOf(ours, MANY)), later(() -> sumOf(theirs, MANY)));
        var writers = List.of(later(() -> fill(ours, message)), later(() -> fill(theirs, message)));
        for (var writer : writers) {
            writer.get(100, TimeUnit.SECONDS);
        }

        assertThat(sums.get(0).get(100, TimeUnit.SECONDS)).isEqualTo(sums.get(1).get());
        var expected = new CRC32();
        for (var left = MANY; left > 0; left -= message.capacity()) {
            expected.update(message.array(), 0, Math.min(left, message.capacity()));
        }
        assertThat(sums.get(0).get()).isEqualTo(expected.getValue());
    }

    @Test
    void many_bytes_go_through_a_child() throws Exception {
        var child = ChildProcess.start(shell("exec cat <&3 >&3"), List.of(theirs), _ -> {});
        theirs.close();
        var message = ByteBuffer.wrap(new byte[1_000_003]);
        message.put(12_345, (byte) 1);

        var sum = later(() -> sumOf(ours, 10 * message.capacity()));
        var expected = new CRC32();
        for (var i = 0; i < 10; i++) {
            ours.write(message.duplicate());
            expected.update(message.array());
        }
        assertThat(sum.get(60, TimeUnit.SECONDS)).isEqualTo(expected.getValue());
        ours.close();
        assertThat(exitOf(child)).isEqualTo(new ExitStatus(0, 0));
    }

    @Test
    void writes_of_several_threads_are_not_mixed() throws Exception {
        var writers = List.of(
                later(() -> fillAll(ours, (byte) 1)),
                later(() -> fillAll(ours, (byte) 2)),
                later(() -> fillAll(ours, (byte) 3)));
        var got = new byte[1000];
        for (var i = 0; i < 300; i++) {
            for (var count = 0; count < got.length; ) {
                count += theirs.read(got, count, got.length - count);
            }
            for (var b : got) {
                assertThat(b).isEqualTo(got[0]);
            }
        }
        for (var writer : writers) {
            writer.get(20, TimeUnit.SECONDS);
        }
    }

    @Test
    void shutting_down_wakes_who_reads_at_either_end() throws Exception {
        var here = later(() -> ours.read(new byte[10], 0, 10));
        var there = later(() -> theirs.read(new byte[10], 0, 10));
        Thread.sleep(100);
        assertThat(here.isDone() || there.isDone()).isFalse();

        ours.shutdown();
        assertThat(here.get(20, TimeUnit.SECONDS)).isEqualTo(-1);
        assertThat(there.get(20, TimeUnit.SECONDS)).isEqualTo(-1);
        assertThatIOException().isThrownBy(() -> ours.write(bytes("x")));
        assertThatIOException()
                .isThrownBy(() -> theirs.write(bytes("x")))
                .withMessage("cannot write to the other process: it has gone");
        ours.shutdown();
    }

    @Test
    void what_was_written_before_an_end_is_still_read() throws Exception {
        theirs.write(bytes("unread"));
        ours.write(bytes("last"));
        ours.close();
        var got = new byte[10];
        assertThat(theirs.read(got, 0, 10)).isEqualTo(4);
        assertThat(theirs.read(got, 0, 10)).isEqualTo(-1);
    }

    @Test
    void closing_wakes_who_reads_and_who_writes_and_may_be_repeated() throws Exception {
        var read = later(() -> ours.read(new byte[10], 0, 10));
        var written = later(() -> {
            assertThatIOException().isThrownBy(() -> ours.write(ByteBuffer.allocate(50_000_000)));
            return 0;
        });
        Thread.sleep(100);
        ours.close();
        ours.close();

        assertThat(read.get(20, TimeUnit.SECONDS)).isEqualTo(-1);
        written.get(20, TimeUnit.SECONDS);
        assertThat(ours.read(new byte[1], 0, 1)).isEqualTo(-1);
        assertThatIOException().isThrownBy(() -> ours.write(bytes("x"))).withMessage("this end is closed");
        ours.shutdown();
    }

    @Test
    void closing_twice_never_closes_what_was_opened_since() throws Exception {
        ours.close();
        var other = LocalSocket.pair();
        ours.close();
        ours.shutdown();
        other.ours().write(bytes("x"));
        assertThat(other.theirs().read(new byte[1], 0, 1)).isEqualTo(1);
        other.ours().close();
        other.theirs().close();
    }

    @Test
    void writing_to_a_dead_child_fails_and_reading_ends() throws Exception {
        var child = ChildProcess.start(command("/bin/sleep", "600"), List.of(theirs), _ -> {});
        theirs.close();
        ours.write(bytes("unread"));
        child.kill();
        exitOf(child);

        assertThat(ours.read(new byte[1], 0, 1)).isEqualTo(-1);
        assertThatIOException()
                .isThrownBy(() -> ours.write(bytes("x")))
                .withMessage("cannot write to the other process: it has gone");
    }

    @Test
    void threads_that_read_write_and_close_at_once_harm_nobody() throws Exception {
        for (var round = 0; round < 200; round++) {
            var pair = LocalSocket.pair();
            var stop = new AtomicBoolean();
            var moved = new AtomicLong();
            var tasks = List.of(
                    later(() -> use(stop, () -> moved.addAndGet(pair.ours().read(new byte[99], 0, 99)))),
                    later(() -> use(stop, () -> {
                        pair.theirs().write(bytes("some"));
                        return 0;
                    })),
                    later(() -> use(stop, () -> moved.addAndGet(pair.theirs().read(new byte[99], 0, 99)))));
            pair.ours().write(bytes("x"));
            pair.ours().close();
            pair.theirs().close();
            stop.set(true);
            for (var task : tasks) {
                task.get(20, TimeUnit.SECONDS);
            }
        }
    }

    @Test
    void only_a_socket_can_be_inherited_as_one() {
        assertThatIOException()
                .isThrownBy(() -> LocalSocket.inherited(60_000))
                .withMessage("cannot use descriptor 60000 as a socket: Bad file descriptor");
        assertThatIOException()
                .isThrownBy(() -> LocalSocket.inherited(1))
                .withMessage("cannot use descriptor 1 as a socket: Socket operation on non-socket");
    }

    private static int use(AtomicBoolean stop, Callable<? extends Number> use) throws Exception {
        while (!stop.get()) {
            try {
                use.call();
            } catch (IOException _) {
                return 0;
            }
        }
        return 0;
    }

    private static int fillAll(LocalSocket socket, byte value) throws IOException {
        var block = new byte[1000];
        Arrays.fill(block, value);
        for (var i = 0; i < 100; i++) {
            socket.write(ByteBuffer.wrap(block, 0, 400), ByteBuffer.wrap(block, 0, 600));
        }
        return 0;
    }

    private static int fill(LocalSocket socket, ByteBuffer message) throws IOException {
        for (var left = MANY; left > 0; left -= message.capacity()) {
            socket.write(message.duplicate().limit(Math.min(left, message.capacity())));
        }
        return 0;
    }

    /** Of so many bytes, or of all until the end. */
    private static long sumOf(LocalSocket socket, int wanted) throws IOException {
        var sum = new CRC32();
        var buffer = new byte[70_000];
        for (var left = wanted; left > 0; ) {
            var count = socket.read(buffer, 0, Math.min(left, buffer.length));
            if (count < 0) {
                break;
            }
            sum.update(buffer, 0, count);
            left -= count;
        }
        return sum.getValue();
    }

    private static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(UTF_8));
    }

    private static <T> FutureTask<T> later(Callable<T> work) {
        var task = new FutureTask<>(work);
        Thread.ofPlatform().daemon().start(task);
        return task;
    }
}
