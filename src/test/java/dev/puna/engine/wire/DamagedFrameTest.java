// SPDX-License-Identifier: Apache-2.0
package dev.puna.engine.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever is done to frames, what is read is a message or a {@link ProtocolException}, with little memory. */
@DisplayNameGeneration(ReplaceUnderscores.class)
@Timeout(600)
class DamagedFrameTest {
    /** A million by hand. */
    private static final int MUTATIONS = Integer.getInteger("puna.wire.mutations", 10_000);

    private static final long SEED = Long.getLong("puna.wire.seed", 15);
    private static final int VALUES = 5;

    /** Bytes of objects that may be made of a byte that came, and for buffers, traces and sentences. */
    private static final int EACH = 40;

    private static final int ONCE = 3 << 20;

    static Stream<Class<?>> messages() {
        return RoundTripTest.messages();
    }

    static Stream<Class<?>> directions() {
        return RoundTripTest.directions();
    }

    @ParameterizedTest
    @MethodSource("messages")
    void a_frame_that_is_cut_off_anywhere_is_refused(Class<?> type) {
        for (var seed = 0; seed < VALUES; seed++) {
            var message = new RandomValues(seed, 6).of(type);
            var frame = Frames.of(message);
            for (var length = 1; length < frame.length; length++) {
                var cut = Arrays.copyOf(frame, length);
                assertThatThrownBy(() -> Frames.read(cut, Frames.direction(message)))
                        .isInstanceOf(ProtocolException.class)
                        .hasMessageContaining("in the middle of a message");
            }
        }
    }

    @ParameterizedTest
    @MethodSource("messages")
    void a_body_that_ends_too_early_or_too_late_is_refused(Class<?> type) {
        for (var seed = 0; seed < VALUES; seed++) {
            var message = new RandomValues(seed, 6).of(type);
            var frame = Frames.of(message);
            for (var length = Protocol.HEADER; length < frame.length; length++) {
                var cut = withLength(Arrays.copyOf(frame, length));
                assertThatThrownBy(() -> Frames.read(cut, Frames.direction(message)))
                        .isInstanceOf(ProtocolException.class);
            }
            var longer = withLength(Arrays.copyOf(frame, frame.length + 1));
            assertThatThrownBy(() -> Frames.read(longer, Frames.direction(message)))
                    .isInstanceOf(ProtocolException.class)
                    .hasMessage("a message has 1 bytes too many");
        }
    }

    @ParameterizedTest
    @MethodSource("directions")
    void damaged_frames_are_messages_or_refused(Class<?> direction) {
        var random = new Random(SEED);
        var values = new RandomValues(SEED, 12);
        var refused = 0;
        for (var i = 0; i < MUTATIONS; i++) {
            var frame = Frames.of(values.of(direction));
            var damaged = damaged(frame, random);
            try {
                refused += read(damaged, direction) ? 0 : 1;
            } catch (RuntimeException | AssertionError e) {
                throw new AssertionError(
                        "mutation %d of seed %d: %s"
                                .formatted(i, SEED, java.util.HexFormat.of().formatHex(damaged)),
                        e);
            }
        }
        assertThat(refused).isBetween(MUTATIONS / 4, MUTATIONS - MUTATIONS / 50);
    }

    /** Whether it was a message; such a one can be sent on. */
    private static boolean read(byte[] bytes, Class<?> direction) {
        var before = allocated();
        try {
            var messages = Frames.read(bytes, direction);
            assertThat(allocated() - before).isLessThan(ONCE + (long) EACH * bytes.length);
            assertThat(Frames.read(Frames.of(messages.toArray()), direction)).hasSameSizeAs(messages);
            return true;
        } catch (IOException e) {
            assertThat(allocated() - before).isLessThan(ONCE + (long) EACH * bytes.length);
            assertThat(e).isInstanceOf(ProtocolException.class);
            return false;
        }
    }

    private static long allocated() {
        return ((ThreadMXBean) ManagementFactory.getThreadMXBean()).getCurrentThreadAllocatedBytes();
    }

    private static byte[] damaged(byte[] frame, Random random) {
        var bytes = frame.clone();
        for (var times = random.nextInt(1, 4); times > 0; times--) {
            // Mostly behind the header, of which most changes are found at once.
            var from = bytes.length > Protocol.HEADER && random.nextInt(8) > 0 ? Protocol.HEADER : 0;
            var at = random.nextInt(from, bytes.length);
            switch (random.nextInt(5)) {
                case 0 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
                case 1 -> bytes[at] = (byte) random.nextInt();
                case 2 -> {
                    if (at + Integer.BYTES <= bytes.length) {
                        MutatedStream.tempt(bytes, at, random);
                    }
                }
                case 3 -> bytes = withLength(without(bytes, at));
                default -> bytes = withLength(Arrays.copyOf(bytes, bytes.length + random.nextInt(1, 20)));
            }
        }
        return bytes;
    }

    private static byte[] without(byte[] bytes, int at) {
        if (at < Protocol.HEADER) {
            return bytes;
        }
        var shorter = Arrays.copyOf(bytes, bytes.length - 1);
        System.arraycopy(bytes, at + 1, shorter, at, shorter.length - at);
        return shorter;
    }

    private static byte[] withLength(byte[] frame) {
        ByteBuffer.wrap(frame).order(ByteOrder.LITTLE_ENDIAN).putInt(0, frame.length - Protocol.HEADER);
        return frame;
    }
}
