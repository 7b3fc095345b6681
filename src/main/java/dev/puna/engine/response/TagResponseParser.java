// SPDX-License-Identifier: Apache-2.0
package dev.puna.engine.response;

import dev.puna.engine.GenerationEvent;
import dev.puna.engine.TokenLogprob;
import dev.puna.engine.prompt.ResponseFormat;
import dev.puna.parsing.CallsInThought;
import dev.puna.parsing.ResponsePart;
import dev.puna.parsing.TagCallProbe;
import dev.puna.parsing.ThinkingParser;
import dev.puna.parsing.ToolCallParser;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Reads an answer by the tags that were found in a Go template: first the thought, in the rest calls of tools. Some models call
 * before they close the thought: calls in one after which nothing comes count, too.
 */
final class TagResponseParser implements ResponseParser {

    private final Optional<ThinkingParser> thinking;
    private final Optional<ToolCallParser> calls;
    private final List<TokenLogprob> logprobs = new ArrayList<>();
    private final CallsInThought thoughts;

    TagResponseParser(ResponseFormat.Tagged responseFormat) {
        this.thinking = responseFormat.thinking().map(tags -> new ThinkingParser(tags, responseFormat.insideThought()));
        var tools = responseFormat.callable().tools();
        this.calls = tools.isEmpty() || responseFormat.callsInJson()
                ? Optional.empty()
                : responseFormat.toolTag().map(tag -> new ToolCallParser(tag, tools));
        this.thoughts = new CallsInThought(
                calls.isPresent() ? responseFormat.toolTag().stream().toList() : List.of(),
                () -> new TagCallProbe(responseFormat.toolTag().orElseThrow(), tools));
    }

    @Override
    public List<GenerationEvent> read(GenerationEvent.Text more) {
        logprobs.addAll(more.logprobs());
        var batch = new EventBatch(List.copyOf(logprobs));
        read(more.piece(), batch);
        return given(batch);
    }

    @Override
    public List<GenerationEvent> end() {
        var batch = new EventBatch(List.copyOf(logprobs));
        thinking.ifPresent(parser -> parser.end().forEach(part -> afterThinking(part, batch)));
        calls.ifPresent(parser -> parser.end().forEach(part -> add(part, batch)));
        batch.all(thoughts.end());
        batch.finish();
        return given(batch);
    }

    @Override
    public void close() {
        thoughts.close();
    }

    private void read(String piece, EventBatch batch) {
        if (thinking.isEmpty()) {
            afterThinking(new ResponsePart.Content(piece), batch);
        } else {
            thinking.get().add(piece).forEach(part -> afterThinking(part, batch));
        }
    }

    private void afterThinking(ResponsePart part, EventBatch batch) {
        if (part instanceof ResponsePart.Content(var piece) && calls.isPresent()) {
            calls.get().add(piece).forEach(found -> add(found, batch));
        } else {
            add(part, batch);
        }
    }

    private void add(ResponsePart part, EventBatch batch) {
        batch.all(thoughts.add(part));
    }

    private List<GenerationEvent> given(EventBatch batch) {
        logprobs.clear();
        logprobs.addAll(batch.left());
        return batch.events();
    }
}
