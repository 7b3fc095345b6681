// SPDX-License-Identifier: Apache-2.0
package dev.puna.engine.local;

import dev.puna.device.Placement;
import dev.puna.engine.EngineSpec;
import dev.puna.llama.LoadProgress;
import dev.puna.llama.LoadedModel;
import dev.puna.llama.TestLlama;
import dev.puna.llama.settings.CacheType;
import dev.puna.llama.settings.ContextSettings;
import dev.puna.llama.settings.FlashAttention;
import dev.puna.support.TestModelFiles;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Models with a context, on one thread of the CPU, for tests that go behind an engine. The caller closes them. */
final class NativeModels {
    private NativeModels() {}

    /** {@code length}: tokens of each sequence; {@code batch}: of a step. */
    static EngineSpec spec(Path file, int length, int sequences, int batch) {
        return new EngineSpec(
                "test",
                TestModelFiles.of(List.of(file)),
                length,
                sequences,
                batch,
                1,
                Placement.CPU,
                true,
                "f16",
                "auto",
                0);
    }

    static NativeModel open(EngineSpec spec) {
        return open(spec, spec.cells(), 0);
    }

    /** {@code cells} of the cache; {@code guesses} of a step. */
    static NativeModel open(EngineSpec spec, int cells, int guesses) {
        var model = LoadedModel.open(
                TestLlama.backend(), spec.files().weights(), TestLlama.WHOLE_MODEL, new LoadProgress());
        var context = model.context(new ContextSettings(
                cells,
                spec.sequences(),
                spec.batchSize(),
                spec.batchSize(),
                1,
                1,
                false,
                Optional.empty(),
                CacheType.F16,
                FlashAttention.AUTO,
                guesses));
        return new NativeModel(spec, model, Optional.empty(), context, ProcessHooks.ALONE);
    }
}
