// SPDX-License-Identifier: Apache-2.0
package dev.puna.engine.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.puna.engine.token.TokenList;
import dev.puna.llama.Batch;
import dev.puna.llama.Context;
import dev.puna.llama.LoadedModel;
import dev.puna.llama.NoNativeLeaks;
import dev.puna.llama.Sampler;
import dev.puna.llama.StepOutcome;
import dev.puna.llama.TestLlama;
import dev.puna.support.TestGguf;
import dev.puna.support.TinyGguf;
import dev.puna.support.TinyRecurrent;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Sequences that are cut back with checkpoints, step by step and without a decode loop. */
@Tag("engine")
@DisplayNameGeneration(ReplaceUnderscores.class)
@ExtendWith(NoNativeLeaks.class)
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class RewindsTest {
    private static final int WINDOW = 32;
    private static final TokenList TOKENS = tokens(1);

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"mamba", "lfm2", "lfm2 with a window", "gemma"})
    void a_sequence_that_was_cut_back_goes_on_as_if_it_had_never_been_longer(String kind) {
        try (var bench = new Bench(model(kind), kind, Long.MAX_VALUE)) {
            bench.read(0, 0, 100);
            bench.take(0, 100);
            bench.read(0, 100, 150);
            bench.take(0, 150);
            bench.read(0, 150, 240);
            bench.park(0);

            assertThat(bench.reach(0, 120)).isEqualTo(100);
            assertThat(bench.cut(0, 120)).isEqualTo(100);

            bench.read(0, 100, 180);
            bench.checkNext(0, 180);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"mamba", "lfm2", "lfm2 with a window", "gemma"})
    void one_that_shares_cells_is_cut_back_and_the_other_is_not(String kind) {
        try (var bench = new Bench(model(kind), kind, Long.MAX_VALUE)) {
            bench.read(0, 0, 100);
            bench.take(0, 100);
            bench.read(0, 100, 200);

            bench.context.copy(0, 1, 0, 100);
            assertThat(bench.cut(1, 100)).isEqualTo(100);

            bench.read(1, 100, 160);
            bench.read(0, 200, 230);
            bench.read(1, 160, 220);
            bench.checkNext(1, 220);
            bench.checkNext(0, 230);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"mamba", "lfm2", "lfm2 with a window", "gemma"})
    void without_a_checkpoint_nothing_is_left(String kind) {
        try (var bench = new Bench(model(kind), kind, Long.MAX_VALUE)) {
            bench.read(0, 0, 150);
            bench.take(0, 150);
            bench.read(0, 150, 240);
            bench.park(0);

            assertThat(bench.reach(0, 120)).isZero();
            assertThat(bench.cut(0, 120)).isZero();

            assertThat(bench.context.firstPosition(0)).isEqualTo(-1);
            bench.read(0, 0, 90);
            bench.checkNext(0, 90);
        }
    }

    @Test
    void when_the_memory_is_full_those_go_first_whose_tokens_are_nowhere_then_the_oldest() {
        try (var bench = new Bench(model("mamba"), "mamba", 0)) {
            bench.read(0, 0, 40);
            var each = bench.context.partBytes(0);
            var few = new Checkpoints(bench.context, 3 * (each + 4 * 100));
            var other = tokens(2);
            few.take(0, TOKENS, 40, _ -> true);
            few.take(0, other, 40, _ -> true);
            few.take(0, TOKENS, 50, _ -> true);
            assertThat(few.most(TOKENS, 200)).isEqualTo(50);

            few.take(0, TOKENS, 60, held -> held.commonPrefix(TOKENS) == held.size());

            assertThat(few.most(other, 200)).isZero();
            assertThat(few.most(TOKENS, 45)).isEqualTo(40);
            few.take(0, TOKENS, 70, _ -> true);
            assertThat(few.most(TOKENS, 45)).as("the oldest").isZero();
            assertThat(few.most(TOKENS, 200)).isEqualTo(70);
            assertThat(few.bytes()).isBetween(3 * each, 3 * (each + 4 * 100));

            few.dropUnheld(_ -> false);
            assertThat(few.bytes()).isZero();
            few.take(0, TOKENS, 40, _ -> true);
            few.close();
            assertThat(few.bytes()).isZero();
        }
    }

    @Test
    void one_that_is_larger_than_all_may_be_is_not_taken() {
        try (var bench = new Bench(model("mamba"), "mamba", 100)) {
            bench.read(0, 0, 40);
            bench.take(0, 40);
            assertThat(bench.checkpoints.bytes()).isZero();
        }
    }

    private LoadedModel model(String kind) {
        TestGguf file =
                switch (kind) {
                    case "mamba" -> TinyRecurrent.mamba(3);
                    case "lfm2" -> TinyRecurrent.lfm2(3, 0);
                    case "lfm2 with a window" -> TinyRecurrent.lfm2(3, WINDOW);
                    default -> TinyGguf.gemma3(3, WINDOW);
                };
        return TestLlama.open(file.writeTo(folder.resolve("tiny.gguf")));
    }

    private static TokenList tokens(long seed) {
        return new TokenList(new Random(seed).ints(300, 3, 280).toArray());
    }

    /** A model in a context for two sequences. */
    private static final class Bench implements AutoCloseable {
        final LoadedModel model;
        final Context context;
        final Batch batch;
        final Sampler sampler;
        final Checkpoints checkpoints;
        final Rewinds rewinds;

        Bench(LoadedModel model, String kind, long mostBytes) {
            this.model = model;
            context = TestLlama.context(model, 1024, 2, 64);
            batch = context.batch(64);
            sampler = model.sampler(TestLlama.greedy());
            checkpoints = new Checkpoints(context, mostBytes);
            var window = new AttentionWindow(model.attentionWindow());
            assertThat(window.length()).isEqualTo(List.of("mamba", "lfm2").contains(kind) ? 0 : WINDOW);
            rewinds = new Rewinds(context, model.recurrent(), window, new CheckpointPlaces(List.of()), checkpoints);
        }

        void read(int sequence, int from, int to) {
            for (var start = from; start < to; start += 64) {
                var end = Math.min(to, start + 64);
                var some = Arrays.copyOfRange(TOKENS.text(), start, end);
                assertThat(TestLlama.fill(context, batch, sequence, start, some))
                        .isEqualTo(StepOutcome.DONE);
            }
        }

        /** Copies a sequence out of the cache and back, without what lay outside of windows. */
        void park(int sequence) {
            try (var state = context.save(sequence).orElseThrow()) {
                assertThat(context.remove(sequence, 0, -1)).isTrue();
                assertThat(context.restore(sequence, state)).isTrue();
            }
        }

        void take(int sequence, int count) {
            checkpoints.take(sequence, TOKENS, count, _ -> true);
        }

        int reach(int sequence, int count) {
            return rewinds.reach(TOKENS, count, false, () -> context.firstPosition(sequence));
        }

        int cut(int sequence, int count) {
            return rewinds.cut(sequence, TOKENS, count);
        }

        /** Whether the model goes on as it does where nothing else was ever read. */
        void checkNext(int sequence, int position) {
            next(context, sequence, position);
            var token = batch.token(0);
            var logprob = batch.logprob(0);
            try (var other = TestLlama.context(model, 1024, 2, 64)) {
                for (var start = 0; start < position; start += 64) {
                    var some = Arrays.copyOfRange(TOKENS.text(), start, Math.min(position, start + 64));
                    TestLlama.fill(other, batch, 0, start, some);
                }
                next(other, 0, position);
                assertThat(token).isEqualTo(batch.token(0));
                assertThat(logprob).isCloseTo(batch.logprob(0), within(0.002f));
            }
        }

        private void next(Context where, int sequence, int position) {
            batch.clear();
            batch.sample(batch.add(TOKENS.get(position), position, sequence, true), sampler, 0);
            assertThat(where.step(batch)).isEqualTo(StepOutcome.DONE);
        }

        @Override
        public void close() {
            rewinds.close();
            sampler.close();
            batch.close();
            context.close();
            model.close();
        }
    }
}
