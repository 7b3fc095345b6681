// SPDX-License-Identifier: Apache-2.0
package dev.puna.engine.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import java.io.ByteArrayInputStream;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What is no message is refused with a sentence, before memory is taken for it. */
@DisplayNameGeneration(ReplaceUnderscores.class)
@Timeout(60)
class RefusedFrameTest {
    private static final int MEGABYTE = 1 << 20;

    @Test
    void a_kind_that_nobody_knows() {
        refused(
                ToRunner.class,
                Frames.frame(ToRunnerKind.ALL.size(), 0, new byte[0]),
                "kind " + ToRunnerKind.ALL.size() + ", which nobody knows");
        refused(FromRunner.class, Frames.frame(255, 0, new byte[0]), "kind 255, which nobody knows");
    }

    @Test
    void a_length_that_no_message_of_the_kind_has() {
        refused(ToRunner.class, frame(ToRunnerKind.PING, 65), "kind PING has 65 bytes, and may have 64");
        refused(
                ToRunner.class,
                frame(ToRunnerKind.GENERATE, (1 << 30) + 1),
                "kind GENERATE has 1073741825 bytes, and may have 1073741824");
        refused(ToRunner.class, frame(ToRunnerKind.GENERATE, -1), "kind GENERATE has 4294967295 bytes");
    }

    @Test
    void a_length_that_the_reader_does_not_take() {
        var bytes = Frames.of(new FromRunner.Text(1, "twelve bytes"));
        var reader = new FrameReader(new ByteArrayInputStream(bytes)::read, 15);

        assertThatThrownBy(reader::readFromRunner)
                .isInstanceOf(ProtocolException.class)
                .hasMessageContaining("kind TEXT has 16 bytes, and may have 15");
    }

    @Test
    void a_count_of_more_than_the_message_holds() {
        refused(ToRunner.class, whole(ToRunnerKind.DETOKENIZE, 3, 1, 2), "3 of something follow in 8 bytes");
        refused(
                ToRunner.class,
                whole(ToRunnerKind.DETOKENIZE, 1 << 30, 1, 2),
                "1073741824 of something follow in 8 bytes");
        refused(ToRunner.class, whole(ToRunnerKind.EMBED, 3, 0, 0), "3 of something follow in 8 bytes");
        refused(ToRunner.class, whole(ToRunnerKind.TOKENIZE, -1, 0), "-1 of something follow in 4 bytes");
    }

    @Test
    void a_value_that_is_none() {
        refused(
                ToRunner.class,
                Frames.frame(BodyWriter.place(ToRunnerKind.GENERATE), 1, new byte[] {4}),
                "4 where there are 4 possibilities");
        refused(
                ToRunner.class,
                Frames.frame(BodyWriter.place(ToRunnerKind.TOKENIZE), 5, new byte[] {0, 0, 0, 0, 2}),
                "neither yes nor no");
        var progress = ByteBuffer.allocate(25).order(ByteOrder.LITTLE_ENDIAN).putInt(21, 1_000_000_000);
        refused(
                FromRunner.class,
                Frames.frame(BodyWriter.place(FromRunnerKind.EVENT), 25, progress.array()),
                "a second of 1000000000 nanoseconds");
    }

    @Test
    void a_value_that_the_engine_would_not_take() {
        var path = "a\0b".getBytes(StandardCharsets.UTF_8);
        var body = ByteBuffer.allocate(11)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(1)
                .putInt(3)
                .put(path);

        refused(
                ToRunner.class,
                Frames.frame(BodyWriter.place(ToRunnerKind.QUANTIZE), 11, body.array()),
                "a message makes no sense: Nul character not allowed");
    }

    @Test
    void an_announced_gigabyte_takes_no_memory_before_it_comes() {
        var announced =
                ByteBuffer.allocate(5 + MEGABYTE).order(ByteOrder.LITTLE_ENDIAN).putInt(1, (1 << 30) - 5);
        var bytes = Frames.frame(BodyWriter.place(ToRunnerKind.GENERATE), 1 << 30, announced.array());
        var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        var before = threads.getCurrentThreadAllocatedBytes();

        refused(ToRunner.class, bytes, "in the middle of a message");

        assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(8 * MEGABYTE);
    }

    private static void refused(Class<?> direction, byte[] bytes, String reason) {
        assertThatThrownBy(() -> Frames.read(bytes, direction))
                .isInstanceOf(ProtocolException.class)
                .hasMessageContaining(reason);
    }

    private static byte[] frame(ToRunnerKind kind, int length) {
        return Frames.frame(BodyWriter.place(kind), length, new byte[0]);
    }

    private static byte[] whole(ToRunnerKind kind, int... numbers) {
        var body = ByteBuffer.allocate(numbers.length * Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (var number : numbers) {
            body.putInt(number);
        }
        return Frames.frame(BodyWriter.place(kind), body.capacity(), body.array());
    }
}
