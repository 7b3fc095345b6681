// SPDX-License-Identifier: Apache-2.0
package dev.puna.engine.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.puna.conversion.ConversionCase;
import dev.puna.conversion.MergedAdapter;
import dev.puna.engine.ModelFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A converted adapter changes its model as PEFT's definition says: the same as a model whose weights it was added to. */
@Tag("engine")
@DisplayNameGeneration(ReplaceUnderscores.class)
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ConvertedAdapterTest {
    private static final double CLOSE = 0.01;

    /** With which no two experts of Mixtral's weigh the same but for rounding: another of them would be another answer. */
    private static final String PROMPT = "the end";

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"llama-3.2", "llama-2", "qwen2", "mixtral", "falcon-7b", "gptneox"})
    void a_model_with_its_adapter_answers_as_the_merged_one(String name) throws IOException {
        var model = new ConversionCase(name);
        var plain = MergedAdapter.plain(model, Files.createDirectory(folder.resolve("plain")));
        var merged = MergedAdapter.merged(model, Files.createDirectory(folder.resolve("merged")));
        var adapter = MergedAdapter.adapter(model, plain, folder);

        var without = answer(plain, List.of());
        var wanted = answer(merged, List.of());
        var adapted = answer(plain, List.of(adapter));

        assertThat(adapted.text()).isEqualTo(wanted.text());
        assertThat(adapted.logprobs()).hasSameSizeAs(wanted.logprobs()).isNotEmpty();
        for (var index = 0; index < wanted.logprobs().size(); index++) {
            assertThat(adapted.logprobs().get(index).logprob())
                    .isCloseTo(wanted.logprobs().get(index).logprob(), within(CLOSE));
        }
        assertThat(without.logprobs().getFirst().logprob())
                .isNotCloseTo(wanted.logprobs().getFirst().logprob(), within(10 * CLOSE));
    }

    private static EngineTests.Answer answer(Path model, List<Path> adapters) {
        var files = new ModelFiles(List.of(model), adapters, Optional.empty());
        try (var engine = EngineTests.load(files, 128, 1, 64)) {
            return EngineTests.ask(
                    engine,
                    EngineTests.raw(PROMPT).tokens(8).ignoringEos().logprobs(0).request());
        }
    }
}
