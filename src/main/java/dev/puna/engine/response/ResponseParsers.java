// SPDX-License-Identifier: Apache-2.0
package dev.puna.engine.response;

import dev.puna.engine.prompt.ResponseFormat;
import dev.puna.parsing.IncrementalParser;
import java.util.function.Function;

/** Makes the readers of one engine's answers, which share the time that reading may take. <b>Threads:</b> any. */
public final class ResponseParsers {

    private final ParsingTime time = new ParsingTime(System::nanoTime);
    private final Function<String, ? extends IncrementalParser> opening;

    /** @param opening opens a parser of a format, given as {@link ResponseFormat.Described#parserJson} */
    public ResponseParsers(Function<String, ? extends IncrementalParser> opening) {
        this.opening = opening;
    }

    /** The caller closes it. */
    public ResponseParser open(ResponseFormat responseFormat) {
        return switch (responseFormat) {
            case ResponseFormat.Plain _ -> new PlainResponseParser();
            case ResponseFormat.Described described ->
                described.plain() ? new PlainResponseParser() : new PegResponseParser(described, opening, time.share());
            case ResponseFormat.Tagged tagged -> new TagResponseParser(tagged);
        };
    }
}
