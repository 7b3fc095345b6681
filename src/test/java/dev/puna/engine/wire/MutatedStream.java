// SPDX-License-Identifier: Apache-2.0
package dev.puna.engine.wire;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;

/** What one end should say, changed in ways that a seed decides: frames in another order, and other frames, and damaged ones. */
public final class MutatedStream {
    /** Where the number of the call is in a frame. */
    private static final int CALL = 5;

    private static final int[] TEMPTING = {
        -1, 0, 1, 0x7f, 0x80, 0xffff, 1 << 20, 1 << 28, 1 << 30, Integer.MAX_VALUE, Integer.MIN_VALUE
    };

    private static final long SEED = Long.getLong("puna.wire.seed", 15);

    private final Random random;
    private final RandomValues values;

    public MutatedStream(long seed) {
        random = new Random(seed);
        values = new RandomValues(seed, 4);
    }

    /** One stream of bytes. */
    @FunctionalInterface
    public interface Trial {
        /** Something to count. */
        int of(long seed, byte[] bytes);
    }

    /**
     * Tries so many streams that are nearly these messages, and tells which it was that failed.
     *
     * @param calls as of {@link #of}
     * @return the sum of what was counted
     */
    public static int tryEach(int mutations, List<?> messages, Class<?> direction, int calls, Trial trial) {
        var sum = 0;
        for (var seed = SEED; seed < SEED + mutations; seed++) {
            var bytes = new MutatedStream(seed).of(messages, direction, calls);
            try {
                sum += trial.of(seed, bytes);
            } catch (AssertionError | RuntimeException broken) {
                throw new AssertionError(
                        "-Dpuna.wire.mutations=1 -Dpuna.wire.seed=%d: %s"
                                .formatted(seed, HexFormat.of().formatHex(bytes)),
                        broken);
            }
        }
        return sum;
    }

    /**
     * Bytes that are nearly these messages.
     *
     * @param direction of messages that may be among them
     * @param calls numbers that those are given, from 0 to that
     */
    public byte[] of(List<?> messages, Class<?> direction, int calls) {
        var frames = new ArrayList<byte[]>();
        messages.forEach(message -> frames.add(Frames.of(message)));
        for (var times = random.nextInt(4); times > 0; times--) {
            var at = random.nextInt(frames.size());
            switch (random.nextInt(8)) {
                case 0 -> frames.add(at, frames.get(random.nextInt(frames.size())));
                case 1 -> Collections.swap(frames, at, random.nextInt(frames.size()));
                case 2 -> {
                    if (frames.size() > 1) {
                        frames.remove(at);
                    }
                }
                case 3, 4 -> frames.add(at, withCall(Frames.of(values.of(direction)), random.nextInt(calls + 1)));
                case 5 -> frames.set(at, withCall(frames.get(at).clone(), random.nextInt(calls + 1)));
                case 6 -> frames.set(at, damaged(frames.get(at).clone()));
                default -> frames.set(at, Arrays.copyOf(frames.get(at), random.nextInt(frames.get(at).length + 9)));
            }
        }
        var bytes = new ByteArrayOutputStream();
        frames.forEach(bytes::writeBytes);
        var all = bytes.toByteArray();
        return random.nextInt(4) == 0 ? Arrays.copyOf(all, random.nextInt(all.length + 1)) : all;
    }

    private static byte[] withCall(byte[] frame, long call) {
        if (frame.length >= Protocol.HEADER) {
            ByteBuffer.wrap(frame).order(ByteOrder.LITTLE_ENDIAN).putLong(CALL, call);
        }
        return frame;
    }

    private byte[] damaged(byte[] frame) {
        if (frame.length == 0) {
            return frame;
        }
        var at = random.nextInt(frame.length);
        if (random.nextBoolean() || at + Integer.BYTES > frame.length) {
            frame[at] ^= (byte) (1 << random.nextInt(8));
        } else {
            tempt(frame, at, random);
        }
        return frame;
    }

    /** Puts a number that may be believed, or overflow, where four bytes are. */
    static void tempt(byte[] frame, int at, Random random) {
        ByteBuffer.wrap(frame).order(ByteOrder.LITTLE_ENDIAN).putInt(at, TEMPTING[random.nextInt(TEMPTING.length)]);
    }
}
