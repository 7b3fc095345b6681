// SPDX-License-Identifier: Apache-2.0
package dev.puna.scheduling.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.puna.device.Placement;
import dev.puna.engine.EngineSpec;
import dev.puna.engine.Loading;
import dev.puna.engine.local.NativeEngineLoader;
import dev.puna.gguf.Gguf;
import dev.puna.support.TestModelFiles;
import dev.puna.support.TestModels;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is expected is held against what llama.cpp has allocated. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class MemoryEstimateTest {
    @ParameterizedTest
    @CsvSource({"512, 1, 512, f16", "4096, 8, 512, f16", "8192, 1, 512, q8_0", "512, 2, 2048, f16"})
    void smollm2_takes_hardly_more_than_expected(int context, int sequences, int batch, String cache) {
        compare(TestModels.smolLm2(), context, sequences, batch, cache);
    }

    @ParameterizedTest
    @CsvSource({"512, 1, 512, f16", "8192, 8, 512, f16", "512, 1, 2048, f16"})
    void gemma_takes_hardly_more_than_expected(int context, int sequences, int batch, String cache) {
        compare(TestModels.gemma(), context, sequences, batch, cache);
    }

    private static void compare(Path file, int context, int sequences, int batch, String cache) {
        var weights = ModelWeights.of(TestModelFiles.of(List.of(file)), List.of(Gguf.read(file)));
        var spec = new EngineSpec(
                "m", weights.files(), context, sequences, batch, 1, Placement.CPU, true, cache, "auto", 0);
        var expected = new MemoryEstimate(weights, spec).with(Placement.CPU);
        try (var engine = new NativeEngineLoader(TestModels.nativeLibraries()).load(spec, Loading.create())) {
            var real = engine.memory();
            assertThat((double) real.total())
                    .as("%s, for which %s was expected", real, expected)
                    .isBetween(0.5 * expected.host(), 1.03 * expected.host());
        }
    }
}
