// SPDX-License-Identifier: Apache-2.0
package dev.puna.llama;

import dev.puna.llama.binding.ParserHandle;

/**
 * Takes a model's answer apart while it comes in: thinking, content and tool calls.
 *
 * <p><b>Owns</b> a {@code puna_chat_parser} and needs no model. <b>Threads:</b> one at a time, checked. Each call parses
 * everything again, so feed several tokens at once. <b>Close</b> during a call fails with
 * {@link IllegalStateException}.
 */
public final class AnswerParser implements AutoCloseable {
    private final ParserHandle handle;
    private final Lifecycle lifecycle = Lifecycle.exclusive("AnswerParser");

    private AnswerParser(ParserHandle handle) {
        this.handle = handle;
    }

    /**
     * Opens a parser; a {@link ChatFormat} has been open before, so the library is there.
     *
     * @param parserJson the {@code parser} object of what {@link ChatFormat#apply} gave
     */
    public static AnswerParser open(String parserJson) {
        return new AnswerParser(LlamaBackend.present().library().parser(parserJson));
    }

    /**
     * Appends a piece of the answer.
     *
     * @param utf8 may end inside a character only if it is not the last
     * @return what is new, as a JSON array of the differences that {@code puna_chat_parser_feed} tells
     */
    public String feed(byte[] utf8, boolean last) {
        return lifecycle.use(() -> handle.feed(utf8, last));
    }

    @Override
    public void close() {
        if (lifecycle.close()) {
            handle.close();
        }
    }
}
