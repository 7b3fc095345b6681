// SPDX-License-Identifier: Apache-2.0
package dev.puna.llama.binding;

import dev.puna.llama.binding.generated.Native;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * A {@code puna_chat_parser}: the incremental parser of one answer.
 *
 * <p><b>Owns</b> it. <b>Threads:</b> one at a time.
 */
public final class ParserHandle implements AutoCloseable {
    private final Arena arena;
    private final MemorySegment parser;

    private ParserHandle(Arena arena, MemorySegment parser) {
        this.arena = arena;
        this.parser = parser;
    }

    static ParserHandle open(String json) {
        try (var call = new CallFrame()) {
            var parser = Native.puna_chat_parser_init(call.text(json), call.error());
            if (parser.address() == 0) {
                throw call.failure("make a parser of", "answers", "the shim returned none", "");
            }
            var arena = Arena.ofShared();
            return new ParserHandle(arena, Ownership.bind(parser, arena, Native::puna_chat_parser_free));
        }
    }

    public String feed(byte[] utf8, boolean last) {
        try (var call = new CallFrame()) {
            return call.result(
                    Native.puna_chat_parser_feed(parser, call.bytes(utf8), utf8.length, last ? 1 : 0, call.error()),
                    "parse",
                    "the model's answer",
                    "");
        }
    }

    @Override
    public void close() {
        arena.close();
    }
}
