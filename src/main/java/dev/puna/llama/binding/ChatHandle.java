// SPDX-License-Identifier: Apache-2.0
package dev.puna.llama.binding;

import dev.puna.llama.binding.generated.Native;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/**
 * A {@code puna_chat}: a parsed chat template.
 *
 * <p><b>Owns</b> it. <b>Borrows</b> the model, which must outlive it. <b>Threads:</b> any number at once.
 */
public final class ChatHandle implements AutoCloseable {
    private final Arena arena;
    private final String name;
    private final MemorySegment chat;

    private ChatHandle(Arena arena, String name, MemorySegment chat) {
        this.arena = arena;
        this.name = name;
        this.chat = chat;
    }

    static ChatHandle open(ModelHandle model, @Nullable String template) {
        try (var call = new CallFrame()) {
            var chat = Native.puna_chat_init(model.model(), call.text(template), call.error());
            if (chat.address() == 0) {
                throw call.failure(
                        "read the chat template of",
                        model.name(),
                        "the shim returned none",
                        "give the model another template");
            }
            var arena = Arena.ofShared();
            return new ChatHandle(arena, model.name(), Ownership.bind(chat, arena, Native::puna_chat_free));
        }
    }

    public String capabilitiesJson() {
        try (var call = new CallFrame()) {
            return call.result(Native.puna_chat_capabilities(chat), "tell what the chat template can do of", name, "");
        }
    }

    public String apply(String inputsJson) {
        try (var call = new CallFrame()) {
            return call.result(
                    Native.puna_chat_apply(chat, call.text(inputsJson), call.error()),
                    "apply the chat template of",
                    name,
                    "");
        }
    }

    @Override
    public void close() {
        arena.close();
    }
}
