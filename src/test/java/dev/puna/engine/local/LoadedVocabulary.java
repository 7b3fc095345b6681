// SPDX-License-Identifier: Apache-2.0
package dev.puna.engine.local;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.puna.engine.OutputFormat;
import dev.puna.engine.Prompt;
import dev.puna.engine.prompt.JinjaPrompts;
import dev.puna.engine.prompt.RenderedPrompt;
import dev.puna.llama.LoadedModel;
import dev.puna.llama.NativeMemory;
import dev.puna.llama.TestLlama;
import dev.puna.support.TestModels;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * A model's vocabulary for the tests of one class, before which templates of any model can be rendered: opened once, closed after the
 * last test, when nothing native may be left. Register it as a static field.
 */
final class LoadedVocabulary implements BeforeAllCallback, AfterAllCallback {
    private @Nullable LoadedModel opened;

    @Override
    public void beforeAll(ExtensionContext context) {
        opened = TestLlama.openVocabulary(TestModels.smolLm2());
    }

    @Override
    public void afterAll(ExtensionContext context) {
        if (opened != null) {
            opened.close();
        }
        assertThat(NativeMemory.openOwners()).isZero();
    }

    LoadedModel model() {
        return requireNonNull(opened, "the vocabulary is not open");
    }

    /** The conversation as a Jinja template renders it. */
    RenderedPrompt render(String jinja, Prompt.Conversation conversation) {
        try (var format = model().chatFormat(jinja)) {
            return new JinjaPrompts(NativeEngine.jinja(format), model().vocabulary())
                    .render(conversation, new OutputFormat.Free());
        }
    }
}
