// SPDX-License-Identifier: Apache-2.0
package dev.puna.llama;

import dev.puna.llama.binding.ChatHandle;

/**
 * A parsed Jinja chat template.
 *
 * <p><b>Owns</b> a {@code puna_chat}. <b>Borrows</b> the model, which cannot close before it. <b>Threads:</b> any number
 * at once. <b>Close</b> while a call is under way fails with {@link IllegalStateException}.
 */
public final class ChatFormat implements AutoCloseable {
    private final ChatHandle handle;
    private final Lifecycle model;
    private final ChatFormatCapabilities capabilities;
    private final Lifecycle lifecycle = Lifecycle.shared("ChatFormat");

    ChatFormat(ChatHandle handle, Lifecycle model) {
        this.handle = handle;
        this.model = model;
        this.capabilities = ChatFormatCapabilities.from(Json.parse(handle.capabilitiesJson()));
    }

    public ChatFormatCapabilities capabilities() {
        return capabilities;
    }

    /**
     * Renders a conversation.
     *
     * @param inputsJson the inputs of {@code puna_chat_apply} in puna_shim.h: messages, tools and options
     * @return its result: the prompt, grammar, stops and the parser's parameters
     */
    public String apply(String inputsJson) {
        return lifecycle.use(() -> handle.apply(inputsJson));
    }

    @Override
    public void close() {
        if (lifecycle.close()) {
            try {
                handle.close();
            } finally {
                model.leave();
            }
        }
    }
}
