// SPDX-License-Identifier: Apache-2.0
package dev.puna.llama;

import dev.puna.failure.NativeFailure;
import dev.puna.llama.binding.ParserHandle;
import dev.puna.llama.guard.DeepStack;
import dev.puna.llama.guard.Nesting;
import dev.puna.parsing.IncrementalParser;

/**
 * Takes a model's answer apart while it comes in: thinking, content and tool calls.
 *
 * <p><b>Owns</b> a {@code puna_chat_parser} and needs no model. <b>Threads:</b> one at a time, checked. Each call parses
 * everything again, so feed several tokens at once. <b>Close</b> during a call fails with
 * {@link IllegalStateException}.
 */
public final class ChatParser implements IncrementalParser {
    /** What an ordinary thread's stack holds several times. */
    private static final int SHALLOW = 100;

    /** What {@link DeepStack} holds. */
    private static final int DEEPEST = 10_000;

    private final ParserHandle handle;
    private final Nesting nesting = new Nesting();
    private final NativeLifecycle lifecycle = NativeLifecycle.exclusive("AnswerParser");

    private ChatParser(ParserHandle handle) {
        this.handle = handle;
    }

    /**
     * Opens a parser; a {@link ChatFormat} has been open before, so the library is there.
     *
     * @param parserJson the {@code parser} object of what {@link ChatFormat#apply} gave
     */
    public static ChatParser open(String parserJson) {
        return new ChatParser(LlamaBackend.present().library().parser(parserJson));
    }

    @Override
    public String feed(byte[] utf8, boolean last) {
        return lifecycle.use(() -> {
            nesting.add(utf8);
            if (nesting.deepest() > DEEPEST) {
                throw new NativeFailure("cannot parse the model's answer: its brackets are nested too deeply");
            }
            return nesting.opened() > SHALLOW ? DeepStack.call(() -> handle.feed(utf8, last)) : handle.feed(utf8, last);
        });
    }

    @Override
    public void close() {
        lifecycle.close(handle::close);
    }
}
