// SPDX-License-Identifier: Apache-2.0
package dev.puna.fuzz;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Every seed of every target, as it is and damaged in ways that are the same in every run. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class SeedsTest {
    static final Path SEEDS = Path.of("src/test/resources/fuzz");
    private static final int MUTATIONS = 100;
    private static final Duration BOUND = Duration.ofMinutes(1);

    /** Times are measured on machines that do other things, too, and before the compiler has seen the code. */
    private static final int PATIENCE = 3;

    @TestFactory
    Stream<DynamicTest> every_seed_is_read_or_refused_within_bounds() {
        return Targets.all().stream()
                .map(target -> dynamicTest(
                        target.name(), () -> Assertions.assertTimeoutPreemptively(BOUND, () -> judge(target))));
    }

    @Test
    void every_folder_of_seeds_has_a_target() throws IOException {
        try (var folders = Files.list(SEEDS)) {
            assertThat(folders.map(folder -> folder.getFileName().toString()))
                    .containsExactlyInAnyOrderElementsOf(
                            Targets.all().stream().map(FuzzTarget::name).toList());
        }
    }

    private static void judge(FuzzTarget target) throws IOException {
        var seeds = seeds(target);
        assertThat(seeds).as("seeds").hasSizeGreaterThanOrEqualTo(3);
        for (var seed : seeds) {
            var input = Files.readAllBytes(seed);
            judge(target, input, seed + " itself");
            for (var i = 0; i < MUTATIONS; i++) {
                judge(target, mutated(input, new Random(i)), seed + " mutated by seed " + i);
            }
        }
    }

    private static void judge(FuzzTarget target, byte[] input, String what) {
        try {
            Judge.judge(target, input, PATIENCE);
        } catch (AssertionError e) {
            throw new AssertionError(what + ": " + e.getMessage(), e);
        }
    }

    private static List<Path> seeds(FuzzTarget target) throws IOException {
        try (var files = Files.list(SEEDS.resolve(target.name()))) {
            return files.sorted().toList();
        }
    }

    private static byte[] mutated(byte[] input, Random random) {
        var bytes = input.clone();
        for (var i = random.nextInt(4); i >= 0 && bytes.length > 0; i--) {
            var at = random.nextInt(bytes.length);
            switch (random.nextInt(5)) {
                case 0 -> bytes[at] = (byte) random.nextInt();
                case 1 -> bytes[at] ^= (byte) (1 << random.nextInt(Byte.SIZE));
                case 2 -> bytes = Arrays.copyOf(bytes, at);
                case 3 -> bytes = doubled(bytes, at, Math.min(bytes.length - at, random.nextInt(64)));
                default -> bytes[at] = input[random.nextInt(input.length)];
            }
        }
        return bytes;
    }

    /** Puts some bytes twice. */
    private static byte[] doubled(byte[] bytes, int at, int count) {
        var result = Arrays.copyOf(bytes, bytes.length + count);
        System.arraycopy(bytes, at, result, at + count, bytes.length - at);
        return result;
    }
}
