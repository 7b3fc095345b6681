// SPDX-License-Identifier: Apache-2.0
package dev.puna.engine.local;

import static org.assertj.core.api.Assertions.assertThat;

import dev.puna.chat.ToolCall;
import dev.puna.engine.GenerationEvent;
import dev.puna.engine.prompt.RenderedPrompt;
import dev.puna.engine.prompt.ResponseFormat;
import dev.puna.engine.response.ParsingTime;
import dev.puna.engine.response.PegResponseParser;
import dev.puna.engine.response.PlainResponseParser;
import dev.puna.engine.response.ResponseParser;
import dev.puna.llama.ChatParser;
import java.util.ArrayList;
import java.util.List;

/** What a model wrote, put together from the events of the parser that its template gives. */
final class ParsedAnswer {
    private final StringBuilder thought = new StringBuilder();
    private final StringBuilder content = new StringBuilder();
    private final List<ToolCall> calls = new ArrayList<>();

    private ParsedAnswer() {}

    /** Has the answer to a prompt parsed as it comes, piece by piece, with as much time as it takes. */
    static ParsedAnswer of(RenderedPrompt prompt, List<String> pieces) {
        var responseFormat = (ResponseFormat.Described) prompt.responseFormat();
        var clock = new long[1];
        var time = new ParsingTime(() -> clock[0] += 1_000_000_000);
        var answer = new ParsedAnswer();
        try (ResponseParser parser = responseFormat.plain()
                ? new PlainResponseParser()
                : new PegResponseParser(responseFormat, ChatParser::open, time.share())) {
            for (var piece : pieces) {
                parser.read(new GenerationEvent.Text(piece, List.of())).forEach(answer::add);
            }
            parser.end().forEach(answer::add);
        }
        return answer;
    }

    /** The smallest pieces that a text can come in. */
    static List<String> characters(String text) {
        return text.codePoints().mapToObj(Character::toString).toList();
    }

    String thought() {
        return thought.toString().strip();
    }

    String content() {
        return content.toString().strip();
    }

    List<ToolCall> calls() {
        return calls;
    }

    private void add(GenerationEvent event) {
        switch (event) {
            case GenerationEvent.Reasoning reasoning -> thought.append(reasoning.piece());
            case GenerationEvent.Text text -> content.append(text.piece());
            case GenerationEvent.ToolUse use -> {
                assertThat(use.call().index()).isEqualTo(calls.size());
                calls.add(use.call());
            }
            case GenerationEvent.PromptProgress _, GenerationEvent.Finished _ ->
                throw new AssertionError("a parser ends nothing");
        }
    }
}
