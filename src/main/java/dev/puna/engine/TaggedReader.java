// SPDX-License-Identifier: Apache-2.0
package dev.puna.engine;

import dev.puna.parsing.AnswerPart;
import dev.puna.parsing.ThinkingParser;
import dev.puna.parsing.ToolCallParser;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Reads an answer by the tags that were found in a Go template: first the thought, in the rest calls of tools. Some models call
 * before they close the thought: calls in one after which nothing comes count, too.
 */
final class TaggedReader implements AnswerReader {

    private final Optional<ThinkingParser> thinking;
    private final Optional<ToolCallParser> calls;
    private final List<TokenLogprob> logprobs = new ArrayList<>();
    private final AnswerForm.Tagged form;

    /** The thought, as long as neither content nor a call has come and there is something to call. */
    private final StringBuilder lastThought = new StringBuilder();

    TaggedReader(AnswerForm.Tagged form) {
        this.form = form;
        this.thinking = form.thinking().map(tags -> new ThinkingParser(tags, form.insideThought()));
        this.calls = form.tools().isEmpty()
                ? Optional.empty()
                : form.toolTag().map(tag -> new ToolCallParser(tag, form.tools()));
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
        callsIn(lastThought.toString()).forEach(part -> add(part, batch));
        batch.finish();
        return given(batch);
    }

    @Override
    public void close() {}

    private void read(String piece, EventBatch batch) {
        if (thinking.isEmpty()) {
            afterThinking(new AnswerPart.Content(piece), batch);
        } else {
            thinking.get().add(piece).forEach(part -> afterThinking(part, batch));
        }
    }

    private void afterThinking(AnswerPart part, EventBatch batch) {
        if (part instanceof AnswerPart.Content(var piece) && calls.isPresent()) {
            calls.get().add(piece).forEach(found -> add(found, batch));
        } else {
            add(part, batch);
        }
    }

    private void add(AnswerPart part, EventBatch batch) {
        switch (part) {
            case AnswerPart.Thought(var piece) -> {
                batch.thought(piece);
                if (calls.isPresent()) {
                    lastThought.append(piece);
                }
            }
            case AnswerPart.Content(var piece) -> {
                batch.content(piece);
                if (!piece.isBlank()) {
                    lastThought.setLength(0);
                }
            }
            case AnswerPart.Call(var call) -> {
                batch.call(call);
                lastThought.setLength(0);
            }
        }
    }

    private List<AnswerPart> callsIn(String thought) {
        var tag = form.toolTag().orElse("");
        var from = tag.isEmpty() ? -1 : thought.indexOf(tag);
        if (from < 0) {
            return List.of();
        }
        var parser = new ToolCallParser(tag, form.tools());
        return Stream.concat(parser.add(thought.substring(from)).stream(), parser.end().stream())
                .filter(AnswerPart.Call.class::isInstance)
                .toList();
    }

    private List<GenerationEvent> given(EventBatch batch) {
        logprobs.clear();
        logprobs.addAll(batch.left());
        return batch.events();
    }
}
