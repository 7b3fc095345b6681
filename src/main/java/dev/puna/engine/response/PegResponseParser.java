// SPDX-License-Identifier: Apache-2.0
package dev.puna.engine.response;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.puna.chat.ToolCall;
import dev.puna.engine.GenerationEvent;
import dev.puna.engine.TokenLogprob;
import dev.puna.engine.prompt.CallMarks;
import dev.puna.engine.prompt.ResponseFormat;
import dev.puna.failure.NativeFailure;
import dev.puna.parsing.CallsInThought;
import dev.puna.parsing.IncrementalParser;
import dev.puna.parsing.ResponsePart;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jboss.logging.Logger;

/**
 * Reads an answer with llama.cpp's parser for a Jinja template.
 *
 * <p>A model may write what its format does not know: what was not understood is content then. <b>Owns</b> the parser and a share of
 * the reading time.
 */
public final class PegResponseParser implements ResponseParser {

    private static final Logger LOG = Logger.getLogger(PegResponseParser.class);

    private final IncrementalParser parser;
    private final ParsingTime.Share time;
    private final GrowingCalls calls = new GrowingCalls();
    private final CallsInThought thoughts;
    private final StringBuilder unread = new StringBuilder();
    private final List<TokenLogprob> logprobs = new ArrayList<>();

    /** The text so far, as long as nothing of it was given on. */
    private final StringBuilder withheld = new StringBuilder();

    private boolean gaveSomething;
    private boolean unreadable;

    /** @param opening opens a parser of a format, given as {@link ResponseFormat.Described#parserJson} */
    public PegResponseParser(
            ResponseFormat.Described responseFormat,
            Function<String, ? extends IncrementalParser> opening,
            ParsingTime.Share time) {
        this.parser = opening.apply(responseFormat.parserJson());
        this.time = time;
        this.thoughts = new CallsInThought(
                responseFormat.callMarks().map(CallMarks::openers).orElse(List.of()),
                () -> new PegCallProbe(
                        () -> opening.apply(responseFormat.parserJson()),
                        responseFormat.callMarks().map(CallMarks::closedThought).orElse("")));
    }

    @Override
    public List<GenerationEvent> read(GenerationEvent.Text more) {
        unread.append(more.piece());
        if (!gaveSomething) {
            withheld.append(more.piece());
        }
        logprobs.addAll(more.logprobs());
        if (!time.due()) {
            return List.of();
        }
        var batch = new EventBatch(List.copyOf(logprobs));
        readUnread(batch);
        return given(batch);
    }

    @Override
    public List<GenerationEvent> end() {
        var batch = new EventBatch(List.copyOf(logprobs));
        readUnread(batch);
        if (!unreadable) {
            try {
                add(parser.feed(new byte[0], true), batch);
                calls.end().ifPresent(call -> call(call, batch));
                batch.all(thoughts.end());
            } catch (NativeFailure otherFormat) {
                LOG.debugf("answer not in its format reason=%s", otherFormat.text());
                calls.end().ifPresent(call -> call(call, batch));
                batch.all(thoughts.end());
                if (!gaveSomething && batch.events().isEmpty()) {
                    batch.content(withheld.toString());
                }
            }
        }
        batch.all(thoughts.end());
        batch.finish();
        return given(batch);
    }

    @Override
    public void close() {
        time.giveBack();
        thoughts.close();
        parser.close();
    }

    private void readUnread(EventBatch batch) {
        var text = unread.toString();
        unread.setLength(0);
        if (unreadable || text.isEmpty()) {
            content(text, batch);
            return;
        }
        time.begin();
        try {
            add(parser.feed(text.getBytes(UTF_8), false), batch);
        } catch (NativeFailure otherFormat) {
            LOG.debugf("answer not in its format reason=%s", otherFormat.text());
            unreadable = true;
            content(text, batch);
        }
        time.end();
    }

    private void add(String differences, EventBatch batch) {
        for (var difference : Differences.in(differences)) {
            thought(difference.path("thinking").asText(), batch);
            content(difference.path("content").asText(), batch);
            var call = difference.path("tool_call");
            if (!call.isMissingNode()) {
                batch.all(thoughts.release());
                calls.add(call).ifPresent(whole -> call(whole, batch));
            }
        }
    }

    private void thought(String piece, EventBatch batch) {
        if (!piece.isEmpty()) {
            batch.all(thoughts.add(new ResponsePart.Thought(piece)));
        }
    }

    private void content(String piece, EventBatch batch) {
        if (!piece.isEmpty()) {
            batch.all(thoughts.add(new ResponsePart.Content(piece)));
        }
    }

    private void call(ToolCall call, EventBatch batch) {
        batch.all(thoughts.add(new ResponsePart.Call(call)));
    }

    /** The events of a reading; what no event has carried waits for the next one. */
    private List<GenerationEvent> given(EventBatch batch) {
        logprobs.clear();
        logprobs.addAll(batch.left());
        gaveSomething = gaveSomething || !batch.events().isEmpty();
        if (gaveSomething) {
            withheld.setLength(0);
        }
        return batch.events();
    }
}
