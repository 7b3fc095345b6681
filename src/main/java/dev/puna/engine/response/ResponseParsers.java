// SPDX-License-Identifier: Apache-2.0
package dev.puna.engine.response;

import dev.puna.engine.prompt.ResponseFormat;

/** Makes the readers of one engine's answers, which share the time that reading may take. <b>Threads:</b> any. */
public final class ResponseParsers {

    private final ParsingTime time = new ParsingTime(System::nanoTime);

    /** The caller closes it. */
    public ResponseParser open(ResponseFormat form) {
        return switch (form) {
            case ResponseFormat.Plain _ -> new PlainResponseParser();
            case ResponseFormat.Described described ->
                described.plain() ? new PlainResponseParser() : new PegResponseParser(described, time.share());
            case ResponseFormat.Tagged tagged -> new TagResponseParser(tagged);
        };
    }
}
