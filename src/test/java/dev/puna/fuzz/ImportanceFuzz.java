// SPDX-License-Identifier: Apache-2.0
package dev.puna.fuzz;

import dev.puna.gguf.WeightPlans;
import dev.puna.model.WeightRules;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Importance matrices of both forms, as the plan of a quantisation reads them. */
final class ImportanceFuzz implements FuzzTarget {
    private static final WeightRules RULES = new WeightRules("matrix", List.of(), "", "", false);

    private final Path file = temporary();

    @Override
    public String name() {
        return "importance";
    }

    @Override
    public void run(byte[] input) throws IOException {
        Files.write(file, input);
        WeightPlans.of("Q4_0", RULES, Optional.of(file));
    }

    private static Path temporary() {
        try {
            var file = Files.createTempFile("fuzz", ".imatrix");
            file.toFile().deleteOnExit();
            return file;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
