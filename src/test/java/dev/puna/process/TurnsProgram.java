// SPDX-License-Identifier: Apache-2.0
package dev.puna.process;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/**
 * A child that takes turns, which it has as descriptor 3: {@code FOLDER hold} takes one for good; {@code FOLDER count FILE MILLISECONDS}
 * adds ones to the number in a file, which is right only if nobody else does so at the same time, and prints how many, with a pause of
 * so many milliseconds between them if that is a fourth argument.
 */
public final class TurnsProgram {
    private static final int STEP_NANOS = 50_000;

    private TurnsProgram() {}

    public static void main(String[] arguments) throws Exception {
        ProcessLibrary.load(Path.of(arguments[0]));
        var turns = SharedTurns.inherited(3);
        if (arguments[1].equals("hold")) {
            turns.take(() -> {
                System.out.println("held");
                LockSupport.parkNanos(Duration.ofMinutes(2).toNanos());
                return "";
            });
            return;
        }
        System.out.println("ready");
        try (var file = FileChannel.open(Path.of(arguments[2]), StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            System.out.println(count(turns, file, milliseconds(arguments, 3), milliseconds(arguments, 4)));
        }
    }

    private static Duration milliseconds(String[] arguments, int index) {
        return Duration.ofMillis(index < arguments.length ? Long.parseLong(arguments[index]) : 0);
    }

    private static long count(SharedTurns turns, FileChannel file, Duration time, Duration pause) throws IOException {
        // All begin when the file is not empty.
        while (file.size() == 0) {
            LockSupport.parkNanos(100_000);
        }
        var end = System.nanoTime() + time.toNanos();
        var count = 0L;
        while (System.nanoTime() < end) {
            turns.take(() -> add(file));
            count++;
            LockSupport.parkNanos(pause.toNanos());
        }
        return count;
    }

    private static boolean add(FileChannel file) {
        try {
            var number = ByteBuffer.allocate(Long.BYTES);
            file.read(number, 0);
            var until = System.nanoTime() + STEP_NANOS;
            while (System.nanoTime() < until) {
                Thread.onSpinWait();
            }
            file.write(number.putLong(0, number.getLong(0) + 1).flip(), 0);
            return true;
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
