// SPDX-License-Identifier: Apache-2.0
package dev.puna.fuzz;

import dev.puna.gguf.AdapterChecks;
import dev.puna.gguf.CanonicalGguf;
import dev.puna.gguf.Gguf;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/** Files of weights: their headers, the checks for models and adapters, and the forms they are written anew in. */
final class GgufFuzz implements FuzzTarget {
    /** How much longer a file may become that is aligned anew: tensors are few, and each gets less than a block more. */
    private static final int LONGEST_GROWTH = 1 << 20;

    private final Path file = temporary();

    @Override
    public String name() {
        return "gguf";
    }

    @Override
    public void run(byte[] input) throws IOException {
        Files.write(file, input);
        Gguf.isGguf(file);
        var read = Gguf.read(file, Gguf.Option.ALL_ARRAYS, Gguf.Option.STRUCTURE_ONLY);
        read.split();
        read.facts();
        read.sampling();
        var model = Gguf.read(file);
        AdapterChecks.check(model, List.of(model));
        CanonicalGguf.of(file, model).ifPresent(canonical -> {
            var length = new AtomicLong();
            canonical.writeTo(bytes -> length.addAndGet(bytes.remaining()));
            if (length.get() > 64L * input.length + LONGEST_GROWTH) {
                throw new AssertionError("a file of " + input.length + " bytes is written anew in " + length);
            }
        });
    }

    @Override
    public Bounds bounds() {
        // A buffer of 1 MiB to copy tensors through.
        return new Bounds(Duration.ofSeconds(1), 64L << 20);
    }

    private static Path temporary() {
        try {
            var file = Files.createTempFile("fuzz", ".gguf");
            file.toFile().deleteOnExit();
            return file;
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
