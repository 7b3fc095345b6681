// SPDX-License-Identifier: Apache-2.0
package dev.puna.engine.response;

import com.fasterxml.jackson.databind.JsonNode;
import dev.puna.chat.ToolDefinition;
import dev.puna.engine.prompt.ResponseFormat;
import dev.puna.parsing.IncrementalParser;
import dev.puna.parsing.LenientCalls;
import java.util.function.BiPredicate;
import java.util.function.Function;

/** Makes the readers of one engine's answers, which share the time that reading may take. <b>Threads:</b> any. */
public final class ResponseParsers {

    private final ParsingTime time = new ParsingTime(System::nanoTime);
    private final Function<String, ? extends IncrementalParser> opening;
    private final BiPredicate<ToolDefinition, JsonNode> takes;
    private final boolean lenient;

    /**
     * @param opening opens a parser of a format, given as {@link ResponseFormat.Described#parserJson}
     * @param takes whether a tool takes an object of arguments
     * @param lenient whether calls count that are written otherwise than the model's template says
     */
    public ResponseParsers(
            Function<String, ? extends IncrementalParser> opening,
            BiPredicate<ToolDefinition, JsonNode> takes,
            boolean lenient) {
        this.opening = opening;
        this.takes = takes;
        this.lenient = lenient;
    }

    /** The caller closes it. */
    public ResponseParser open(ResponseFormat responseFormat) {
        var parser = parser(responseFormat);
        var callable = responseFormat.callable();
        if (callable.isEmpty()) {
            return parser;
        }
        var inJson = responseFormat instanceof ResponseFormat.Tagged tagged && tagged.callsInJson();
        var all = lenient || inJson
                ? new LenientResponseParser(
                        parser, new LenientCalls(callable.tools(), inJson ? (tool, arguments) -> true : takes))
                : parser;
        return callable.parallel() ? all : new FirstCallParser(all);
    }

    private ResponseParser parser(ResponseFormat responseFormat) {
        return switch (responseFormat) {
            case ResponseFormat.Plain _ -> new PlainResponseParser();
            case ResponseFormat.Described described ->
                described.plain() ? new PlainResponseParser() : new PegResponseParser(described, opening, time.share());
            case ResponseFormat.Tagged tagged -> new TagResponseParser(tagged);
        };
    }
}
