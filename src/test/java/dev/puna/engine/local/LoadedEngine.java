// SPDX-License-Identifier: Apache-2.0
package dev.puna.engine.local;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.puna.engine.Engine;
import dev.puna.engine.local.EngineTests.Answer;
import dev.puna.llama.NativeMemory;
import dev.puna.support.TestModels;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * A real model for the tests of one class: loaded once before the first, closed after the last, when nothing native may be left.
 * Register it as a static field.
 */
final class LoadedEngine implements BeforeAllCallback, AfterAllCallback {
    private final int contextLength;
    private final int sequences;
    private @Nullable Engine loaded;

    /** {@code contextLength} in tokens, for each of {@code sequences} that run at the same time. */
    LoadedEngine(int contextLength, int sequences) {
        this.contextLength = contextLength;
        this.sequences = sequences;
    }

    @Override
    public void beforeAll(ExtensionContext context) {
        loaded = EngineTests.load(TestModels.smolLm2(), contextLength, sequences);
    }

    @Override
    public void afterAll(ExtensionContext context) {
        if (loaded != null) {
            loaded.close();
        }
        assertThat(NativeMemory.openOwners()).isZero();
    }

    Engine engine() {
        return requireNonNull(loaded, "the model is not loaded");
    }

    Answer ask(EngineTests.Question question) {
        return EngineTests.ask(engine(), question.request());
    }
}
