// SPDX-License-Identifier: Apache-2.0
package dev.puna.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * What a process holds at one moment, as Linux tells it.
 *
 * @param resident MiB of memory, with what it shares with others
 * @param anonymous MiB of memory that is its own: no files
 */
record Vitals(double resident, double anonymous, int threads, int descriptors) {

    static final Vitals NONE = new Vitals(0, 0, 0, 0);

    /** Those of a process; {@link #NONE} if it is gone meanwhile. */
    static Vitals of(ProcessHandle process) throws IOException {
        var folder = Path.of("/proc", Long.toString(process.pid()));
        try (var descriptors = Files.list(folder.resolve("fd"))) {
            var lines = Files.readAllLines(folder.resolve("status"));
            return new Vitals(
                    number(lines, "VmRSS:") / 1024.0,
                    number(lines, "RssAnon:") / 1024.0,
                    (int) number(lines, "Threads:"),
                    (int) descriptors.count());
        } catch (NoSuchFileException gone) {
            return NONE;
        }
    }

    /** How much a figure grows from the first of these moments to the last, by the line that fits all of them best. */
    static double growth(List<Vitals> moments, ToDoubleFunction<Vitals> figure) {
        var middle = (moments.size() - 1) / 2.0;
        var product = 0.0;
        var squares = 0.0;
        for (var i = 0; i < moments.size(); i++) {
            product += (i - middle) * figure.applyAsDouble(moments.get(i));
            squares += (i - middle) * (i - middle);
        }
        return squares == 0 ? 0 : product / squares * (moments.size() - 1);
    }

    /** A process that was just gone has no such lines. */
    private static long number(List<String> lines, String name) {
        return lines.stream()
                .filter(line -> line.startsWith(name))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                .findFirst()
                .orElse(0);
    }
}
