// SPDX-License-Identifier: Apache-2.0
package dev.puna.gguf;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.puna.failure.InvalidRequest;
import dev.puna.support.TinyGguf;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Damages a good file in 2,000 ways that are the same in every run. */
class MutatedGgufTest {
    private static final int MUTATIONS = 2000;
    private static final long MOST_BYTES = 4L << 20;
    private static final Duration LONGEST = Duration.ofSeconds(2);
    /** Numbers at which arithmetic goes wrong. */
    private static final long[] EDGES = {
        0,
        1,
        -1,
        0x7f,
        0xff,
        0x7fff_ffff,
        0xffff_ffffL,
        Long.MAX_VALUE,
        Long.MIN_VALUE,
        1L << 40,
        1L << 62,
        16L << 20,
        64L << 20
    };

    @TempDir
    Path folder;

    @Test
    @Timeout(value = 120, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void no_damage_throws_anything_but_a_refusal_or_takes_much_memory_or_time() throws IOException {
        var good = TinyGguf.headerOnly().toArray();
        var path = folder.resolve("model.gguf");
        var accepted = 0;
        for (var seed = 0; seed < MUTATIONS; seed++) {
            Files.write(path, mutated(good, new Random(seed)));
            accepted += isAccepted(path, seed) ? 1 : 0;
        }

        assertThat(accepted).as("mutations that did no harm").isBetween(MUTATIONS / 100, MUTATIONS / 2);
    }

    private static boolean isAccepted(Path path, int seed) {
        var allocatedBefore = allocated();
        var start = System.nanoTime();
        var accepted = true;
        try {
            Gguf.read(path, Gguf.Option.ALL_ARRAYS).facts();
        } catch (InvalidRequest refusal) {
            accepted = false;
            assertThat(refusal.text()).as("seed %d", seed).isNotBlank();
        }
        assertThat(Duration.ofNanos(System.nanoTime() - start))
                .as("seed %d", seed)
                .isLessThan(LONGEST);
        assertThat(allocated() - allocatedBefore).as("seed %d", seed).isLessThan(MOST_BYTES);
        return accepted;
    }

    private static byte[] mutated(byte[] good, Random random) {
        var bytes = good.clone();
        for (var i = random.nextInt(4); i >= 0; i--) {
            var at = random.nextInt(bytes.length - Long.BYTES);
            var edge = EDGES[random.nextInt(EDGES.length)];
            var buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
            switch (random.nextInt(6)) {
                case 0 -> bytes[at] = (byte) random.nextInt();
                case 1 -> bytes[at] ^= (byte) (1 << random.nextInt(Byte.SIZE));
                case 2 -> buffer.putInt(at, (int) edge);
                case 3 -> buffer.putLong(at, edge);
                case 4 -> System.arraycopy(good, random.nextInt(good.length - Long.BYTES), bytes, at, Long.BYTES);
                default -> bytes = withoutOrWithMore(bytes, at, random.nextInt(32));
            }
        }
        return bytes;
    }

    /** Cuts some bytes out, or puts some in. */
    private static byte[] withoutOrWithMore(byte[] bytes, int at, int count) {
        var length =
                count % 2 == 0 ? bytes.length - Math.min(count, bytes.length - at - Long.BYTES) : bytes.length + count;
        var result = Arrays.copyOf(bytes, length);
        var from = Math.min(bytes.length, at + Math.max(0, bytes.length - length));
        var to = at + Math.max(0, length - bytes.length);
        System.arraycopy(bytes, from, result, to, Math.min(bytes.length - from, length - to));
        return result;
    }

    private static long allocated() {
        var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        return threads.getCurrentThreadAllocatedBytes();
    }
}
