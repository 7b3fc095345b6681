// SPDX-License-Identifier: Apache-2.0
package dev.puna.engine.local;

import static org.assertj.core.api.Assertions.assertThat;

import dev.puna.device.Placement;
import dev.puna.engine.EngineSpec;
import dev.puna.engine.prompt.PreparedPrompt;
import dev.puna.engine.prompt.ResponseFormat;
import dev.puna.engine.response.PlainResponseParser;
import dev.puna.engine.stream.EventStream;
import dev.puna.engine.token.TokenList;
import dev.puna.llama.LoadProgress;
import dev.puna.llama.LoadedModel;
import dev.puna.llama.StepOutcome;
import dev.puna.llama.TestLlama;
import dev.puna.llama.settings.CacheType;
import dev.puna.llama.settings.ContextSettings;
import dev.puna.llama.settings.FlashAttention;
import dev.puna.support.TestModelFiles;
import dev.puna.support.TestModels;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Cuts the middle out of sequences that generate, step by step and without a decode loop, so that tokens can be counted. */
@Tag("engine")
@DisplayNameGeneration(ReplaceUnderscores.class)
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ContextShiftTest {

    private static final int LENGTH = 256;
    private static final String COUNT =
            "1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22,";

    private NativeModel model = open(TestModels.smolLm2());
    private CacheSlots slots = new CacheSlots(model, () -> {});
    private BatchStep step = new BatchStep(model, new StepPlan(new StepCosts()));
    private TokenProcessor tokenProcessor = new TokenProcessor(model.vocabulary(), LENGTH, Runnable::run);
    private final List<Sequence> opened = new ArrayList<>();

    @AfterEach
    void close() {
        opened.forEach(Sequence::close);
        slots.close();
        step.close();
        model.close();
    }

    @Test
    void a_full_context_goes_on_with_the_next_token_and_decodes_nothing_again() {
        var sequence = start(COUNT);

        var most = 0;
        for (var i = 0; i < 2 * LENGTH; i++) {
            next(sequence);
            most = Math.max(most, i < 2 ? 0 : sequence.pending());
        }

        assertThat(sequence.tokens().size()).isLessThan(LENGTH);
        assertThat(most).isEqualTo(1);
        assertThat(end(sequence)).contains(" 97, 98, 99, 100, 101, 102, 103, 104, 105,");
    }

    @Test
    void what_lies_behind_the_cut_is_not_given_to_later_prompts() {
        var sequence = start(COUNT);
        while (sequence.reusable() == sequence.decoded() || sequence.decoded() == 0) {
            next(sequence);
        }
        next(sequence);
        var kept = sequence.reusable();
        slots.release(sequence.place());

        var whole = sequence(model.vocabulary().tokenize(COUNT, true, true));
        slots.place(whole, 0);

        assertThat(kept).isEqualTo(4);
        assertThat(whole.decoded()).isEqualTo(4);
        next(whole);
        next(whole);
        assertThat(end(whole)).isEqualTo(coldEnd(COUNT, 1));
    }

    @Test
    void cells_that_another_running_sequence_shares_stay_where_they_are() {
        var first = start(COUNT);
        next(first);
        var second = sequence(model.vocabulary().tokenize(COUNT + " 23,", true, true));
        slots.place(second, 0);
        assertThat(second.decoded()).isGreaterThan(20);

        slots.cut(first, 4, 10);

        assertThat(first.pending()).isGreaterThan(1);
        next(second);
        for (var i = 0; i < 12; i++) {
            next(second);
        }
        assertThat(end(second)).isEqualTo(coldEnd(COUNT + " 23,", 12));
    }

    @Test
    void cells_that_an_idle_sequence_shares_are_given_up_by_it() {
        var first = start(COUNT);
        next(first);
        var second = sequence(model.vocabulary().tokenize(COUNT + " 23,", true, true));
        slots.place(second, 0);
        next(second);
        var idle = second.place();
        slots.release(idle);

        slots.cut(first, 4, 10);

        assertThat(first.pending()).isEqualTo(1);
        assertThat(idle.size()).isEqualTo(10);
        var again = sequence(model.vocabulary().tokenize(COUNT + " 23,", true, true));
        slots.place(again, 0);
        next(again);
        for (var i = 0; i < 12; i++) {
            next(again);
        }
        assertThat(end(again)).isEqualTo(coldEnd(COUNT + " 23,", 12));
    }

    /** What comes after a prompt in a cache that holds nothing else. */
    private String coldEnd(String prompt, int tokens) {
        slots.close();
        step.close();
        opened.forEach(Sequence::close);
        opened.clear();
        model.close();
        model = open(TestModels.smolLm2());
        slots = new CacheSlots(model, () -> {});
        step = new BatchStep(model, new StepPlan(new StepCosts()));
        tokenProcessor = new TokenProcessor(model.vocabulary(), LENGTH, Runnable::run);
        var sequence = start(prompt);
        next(sequence);
        for (var i = 0; i < tokens; i++) {
            next(sequence);
        }
        return end(sequence);
    }

    private Sequence start(String prompt) {
        var sequence = sequence(model.vocabulary().tokenize(prompt, true, true));
        assertThat(slots.place(sequence, 0)).isTrue();
        return sequence;
    }

    private Sequence sequence(int[] tokens) {
        var request = EngineTests.raw("").tokens(10_000).request();
        var samplers = new Samplers(model.model());
        var responseFormat = new ResponseFormat.Plain();
        var stream = new EventStream(new EngineTests.Idle(), Runnable::run, () -> {}, () -> {});
        stream.request(Long.MAX_VALUE);
        var prompt = new PreparedPrompt("", new TokenList(tokens), List.of(), responseFormat, List.of(), false);
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

    /** One step of one sequence, and what the decode loop does after it. */
    private void next(Sequence sequence) {
        assertThat(step.fill(List.of(sequence), false)).isTrue();
        assertThat(step.run()).isEqualTo(StepOutcome.DONE);
        sequence.shiftDone();
        step.forEachSampled(
                run -> assertThat(tokenProcessor.took(run, step.batch())).isFalse());
        tokenProcessor.fitContext(sequence, slots);
    }

    private static String end(Sequence sequence) {
        return sequence.wholeText().substring(sequence.prompt().text().length());
    }

    private static NativeModel open(Path file) {
        var loaded = LoadedModel.open(TestLlama.backend(), List.of(file), TestLlama.WHOLE_MODEL, new LoadProgress());
        var spec = new EngineSpec(
                "test", TestModelFiles.of(List.of(file)), LENGTH, 3, 128, 1, Placement.CPU, true, "f16", "auto", 0);
        var context = loaded.context(new ContextSettings(
                spec.cells(), 3, 128, 128, 1, 1, false, Optional.empty(), CacheType.F16, FlashAttention.AUTO));
        return new NativeModel(spec, loaded, Optional.empty(), context, ProcessHooks.ALONE);
    }
}
