// SPDX-License-Identifier: Apache-2.0
package dev.puna.parsing;

import static java.util.Objects.requireNonNull;

import dev.puna.chat.ToolCall;

/** What a piece of an answer turned out to be. */
public sealed interface ResponsePart {

    /** Reasoning before the answer. */
    record Thought(String piece) implements ResponsePart {
        public Thought {
            requireNonNull(piece, "piece is null");
        }
    }

    /** The answer itself. */
    record Content(String piece) implements ResponsePart {
        public Content {
            requireNonNull(piece, "piece is null");
        }
    }

    /** A complete call of a tool. */
    record Call(ToolCall call) implements ResponsePart {
        public Call {
            requireNonNull(call, "call is null");
        }
    }
}
