// SPDX-License-Identifier: Apache-2.0
package dev.puna.contract.badinput;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** The most memory this process, which the server is a part of, ever held (Linux: proc(5), VmHWM). */
final class PeakMemory {
    /** What heap and caches may take anyway: the heap of the tests ends at 1 GiB. */
    private static final long USUAL_KIB = 1_500L << 10;

    private final long before = peak();

    /** The peak has not grown by more than what any request may cost. */
    void staysBounded() {
        assertThat(peak() - before).as("growth of the peak in KiB").isLessThan(USUAL_KIB);
    }

    private static long peak() {
        try (Stream<String> lines = Files.lines(Path.of("/proc/self/status"))) {
            return lines.filter(line -> line.startsWith("VmHWM:"))
                    .map(line -> line.replaceAll("\\D", ""))
                    .mapToLong(Long::parseLong)
                    .findFirst()
                    .orElse(0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
