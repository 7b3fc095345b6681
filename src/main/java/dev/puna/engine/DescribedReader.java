// SPDX-License-Identifier: Apache-2.0
package dev.puna.engine;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.puna.failure.NativeFailure;
import dev.puna.llama.AnswerParser;
import java.util.ArrayList;
import java.util.List;
import org.jboss.logging.Logger;

/**
 * Reads an answer with llama.cpp's parser for a Jinja template.
 *
 * <p>A model may write what its format does not know: what was not understood is content then. <b>Owns</b> the parser and a share of
 * the reading time.
 */
final class DescribedReader implements AnswerReader {

    private static final Logger LOG = Logger.getLogger(DescribedReader.class);
    private static final ObjectMapper JSON = new ObjectMapper();

    private final AnswerParser parser;
    private final ReadingTime.Share time;
    private final GrowingCalls calls = new GrowingCalls();
    private final StringBuilder unread = new StringBuilder();
    private final List<TokenLogprob> logprobs = new ArrayList<>();

    /** The text so far, as long as nothing of it was given on. */
    private final StringBuilder withheld = new StringBuilder();

    private boolean gaveSomething;
    private boolean unreadable;

    DescribedReader(AnswerParser parser, ReadingTime.Share time) {
        this.parser = parser;
        this.time = time;
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
                calls.end().ifPresent(batch::call);
            } catch (NativeFailure otherFormat) {
                LOG.debugf("answer not in its format reason=%s", otherFormat.text());
                calls.end().ifPresent(batch::call);
                if (!gaveSomething && batch.events().isEmpty()) {
                    batch.content(withheld.toString());
                }
            }
        }
        batch.finish();
        return given(batch);
    }

    @Override
    public void close() {
        time.giveBack();
        parser.close();
    }

    private void readUnread(EventBatch batch) {
        var text = unread.toString();
        unread.setLength(0);
        if (unreadable || text.isEmpty()) {
            batch.content(text);
            return;
        }
        time.begin();
        try {
            add(parser.feed(text.getBytes(UTF_8), false), batch);
        } catch (NativeFailure otherFormat) {
            LOG.debugf("answer not in its format reason=%s", otherFormat.text());
            unreadable = true;
            batch.content(text);
        }
        time.end();
    }

    private void add(String differences, EventBatch batch) {
        for (var difference : parsed(differences)) {
            batch.thought(difference.path("thinking").asText());
            batch.content(difference.path("content").asText());
            var call = difference.path("tool_call");
            if (!call.isMissingNode()) {
                calls.add(
                                call.path("index").asInt(),
                                call.path("id").asText(),
                                call.path("name").asText(),
                                call.path("arguments").asText())
                        .ifPresent(batch::call);
            }
        }
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

    private static JsonNode parsed(String differences) {
        try {
            return JSON.readTree(differences);
        } catch (JsonProcessingException broken) {
            throw new NativeFailure("the answer's parser gave no JSON that can be read", broken);
        }
    }
}
