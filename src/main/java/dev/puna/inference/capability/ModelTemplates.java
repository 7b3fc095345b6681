// SPDX-License-Identifier: Apache-2.0
package dev.puna.inference.capability;

import dev.puna.model.TemplateKind;
import java.util.Optional;

/**
 * By which template a model is spoken to. Source: contract 8.
 *
 * @param kind which of its templates counts
 * @param go its Go template, if that one counts
 */
public record ModelTemplates(TemplateKind kind, Optional<String> go) {
    private static final String ONLY_THE_PROMPT = "{{ .Prompt }}";

    /**
     * The Go template of a chat; empty leaves it to the engine, which knows the model's own and a usual one: contract 8.10 has the
     * user's last words instead, the recording {@code chat-debug-render-base} shows ChatML.
     */
    public Optional<String> ofChat() {
        return go;
    }

    /** The Go template of a prompt: a model without any template goes on from the bare text. */
    public Optional<String> ofPrompt() {
        return kind == TemplateKind.NONE ? Optional.of(ONLY_THE_PROMPT) : go;
    }
}
