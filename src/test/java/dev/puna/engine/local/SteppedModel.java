// SPDX-License-Identifier: Apache-2.0
package dev.puna.engine.local;

import static org.assertj.core.api.Assertions.assertThat;

import dev.puna.engine.prompt.PreparedPrompt;
import dev.puna.engine.prompt.ResponseFormat;
import dev.puna.engine.response.PlainResponseParser;
import dev.puna.engine.stream.EventStream;
import dev.puna.engine.token.TokenList;
import dev.puna.llama.StepOutcome;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A model whose sequences are computed step by step and without a decode loop, so that tokens can be counted. */
final class SteppedModel implements AutoCloseable {
    private static final int SEQUENCES = 3;
    private static final int BATCH = 128;

    final NativeModel model;
    final CacheSlots slots;
    private final BatchStep step;
    private final TokenProcessor tokenProcessor;
    private final List<Sequence> opened = new ArrayList<>();

    /** {@code length}: tokens that each of its sequences may have. */
    SteppedModel(Path file, int length) {
        model = NativeModels.open(NativeModels.spec(file, length, SEQUENCES, BATCH));
        slots = new CacheSlots(model, () -> {});
        step = new BatchStep(model, new StepPlan(new StepCosts()));
        tokenProcessor = new TokenProcessor(model.vocabulary(), length, Runnable::run);
    }

    /** A sequence that has a place in the cache. */
    Sequence start(String prompt) {
        var sequence = sequence(prompt);
        assertThat(slots.place(sequence, 0)).isTrue();
        return sequence;
    }

    /** One that waits for a place. */
    Sequence sequence(String text) {
        var request = EngineTests.raw("").tokens(10_000).request();
        var samplers = new Samplers(model.model());
        var responseFormat = new ResponseFormat.Plain();
        var stream = new EventStream(new EngineTests.Idle(), Runnable::run, () -> {}, () -> {});
        stream.request(Long.MAX_VALUE);
        var tokens = new TokenList(model.vocabulary().tokenize(text, true, true));
        var prompt = new PreparedPrompt("", tokens, List.of(), responseFormat, List.of(), false);
        var sequence = new Sequence(
                prompt,
                Map.of(),
                request,
                stream,
                samplers.open(request, responseFormat),
                new PlainResponseParser(),
                10_000);
        opened.add(sequence);
        return sequence;
    }

    /** Steps of one sequence to its next token, and what the decode loop does after each. */
    void next(Sequence sequence) {
        var taken = false;
        while (!taken) {
            taken = step(sequence);
        }
    }

    private boolean step(Sequence sequence) {
        assertThat(step.fill(List.of(sequence), false)).isTrue();
        var last = sequence.pending() == step.size();
        assertThat(step.run()).isEqualTo(StepOutcome.DONE);
        sequence.shiftDone();
        slots.passed(sequence);
        if (last) {
            step.forEachSampled(
                    run -> assertThat(tokenProcessor.took(run, step.batch())).isFalse());
            tokenProcessor.fitContext(sequence, slots);
        }
        return last;
    }

    /** A step of several sequences that is aborted in the middle. */
    void abort(Sequence... sequences) {
        assertThat(step.fill(List.of(sequences), false)).isTrue();
        model.context().abort(true);
        assertThat(step.run()).isEqualTo(StepOutcome.ABORTED);
        model.context().abort(false);
        step.undo(slots);
    }

    static String end(Sequence sequence) {
        return sequence.wholeText().substring(sequence.prompt().text().length());
    }

    @Override
    public void close() {
        opened.forEach(Sequence::close);
        slots.close();
        step.close();
        model.close();
    }
}
