// SPDX-License-Identifier: Apache-2.0
package dev.puna.llama;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.sun.management.OperatingSystemMXBean;
import dev.puna.failure.InsufficientMemory;
import dev.puna.llama.settings.CacheType;
import dev.puna.llama.settings.ContextSettings;
import dev.puna.llama.settings.FlashAttention;
import dev.puna.llama.settings.Pooling;
import dev.puna.support.TestModels;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

@DisplayNameGeneration(ReplaceUnderscores.class)
@ExtendWith(NoNativeLeaks.class)
@Timeout(180)
class ContextTest {
    private static final int LONG = 1024;

    private static LoadedModel model;

    @BeforeAll
    static void open() {
        model = TestLlama.open(TestModels.smolLm2());
    }

    @AfterAll
    static void close() {
        model.close();
    }

    @Test
    void a_context_tells_how_it_was_made() {
        try (var context = TestLlama.context(model, 300, 3, 64)) {
            assertThat(context.cells()).isBetween(300, 512);
            assertThat(context.sequences()).isEqualTo(3);
            assertThat(context.batchSize()).isEqualTo(64);
            assertThat(context.physicalBatchSize()).isEqualTo(64);
            assertThat(context.pooling()).isEqualTo(Pooling.NONE);
            assertThat(context.canShift()).isTrue();
        }
    }

    @Test
    void settings_that_make_no_context_are_refused() {
        assertThatThrownBy(() -> TestLlama.settings(0, 1, 8, false)).hasMessage("cells is 0");
        assertThatThrownBy(() -> TestLlama.settings(64, 0, 8, false)).hasMessage("sequences is 0");
        assertThatThrownBy(() -> TestLlama.settings(64, 257, 8, false)).hasMessage("257 sequences are more than 256");
        assertThatThrownBy(() -> TestLlama.settings(64, 1, 0, false)).hasMessage("batchSize is 0");
    }

    @Test
    void a_context_that_no_memory_holds_is_a_failure_that_names_its_size() {
        var machine = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        assumeThat(machine.getTotalMemorySize())
                .as("memory for a cache of 96 GB")
                .isLessThan(64L << 30);

        assertThatThrownBy(() -> TestLlama.context(model, 1 << 22, 1, 64))
                .isInstanceOf(InsufficientMemory.class)
                .hasMessageStartingWith("cannot make a context of 4194304 tokens for SmolLM2")
                .hasMessageContaining("failed to allocate")
                .hasMessageEndingWith("a smaller context or batch may fit the memory");
    }

    @Test
    void every_cache_type_computes() {
        for (var type : CacheType.values()) {
            var settings =
                    new ContextSettings(256, 1, 64, 64, 1, 1, false, Optional.empty(), type, FlashAttention.AUTO);
            try (var context = model.context(settings)) {
                assertThat(TestLlama.generate(model, context, TestLlama.greedy(), "The capital of France is", 2))
                        .as("with %s", type)
                        .contains("Paris");
            }
        }
    }

    @Test
    void memory_is_what_the_model_and_the_cache_weigh() {
        try (var small = TestLlama.context(model, 256, 1, 64);
                var large = TestLlama.context(model, 4096, 1, 64)) {
            var memory = large.memory();

            // 30 layers, keys and values, 3 heads of 64, 2 bytes each.
            assertThat(memory.cacheBytes()).isEqualTo(30L * 2 * 3 * 64 * 2 * 4096);
            assertThat(small.memory().cacheBytes()).isEqualTo(memory.cacheBytes() / 16);
            assertThat(memory.modelBytes()).isBetween(90_000_000L, 2 * 98_362_432L);
            assertThat(memory.computeBytes()).isBetween(1L << 20, 256L << 20);
            if (TestLlama.backend().devices().stream().noneMatch(device -> device.gpu())) {
                assertThat(memory.deviceBytes()).isZero();
            }
        }
    }

    @Test
    void a_copied_prefix_goes_on_like_one_that_was_computed() {
        try (var context = TestLlama.context(model, 256, 2, 64);
                var batch = context.batch(64);
                var sampler = model.sampler(TestLlama.greedy())) {
            var expected = TestLlama.generate(model, context, TestLlama.greedy(), "The capital of France is", 1);
            var tokens = model.vocabulary().tokenize("The capital of France is", true, true);
            int last = tokens.length - 1;
            context.clear();
            TestLlama.fill(context, batch, 0, 0, Arrays.copyOf(tokens, last));

            context.copy(0, 1, 0, -1);
            assertThat(context.remove(0, 0, -1)).isTrue();
            TestLlama.next(context, batch, sampler, 1, last, tokens[last]);

            assertThat(new String(batch.piece(0), UTF_8)).isEqualTo(expected);
        }
    }

    @Test
    void a_removed_tail_can_be_written_anew() {
        try (var context = TestLlama.context(model, 256, 1, 64);
                var batch = context.batch(64);
                var sampler = model.sampler(TestLlama.greedy())) {
            var vocabulary = model.vocabulary();
            var france = vocabulary.tokenize("The capital of France", true, true);
            TestLlama.fill(context, batch, 0, 0, france);
            TestLlama.next(context, batch, sampler, 0, france.length, vocabulary.tokenize(" was", false, false)[0]);

            assertThat(context.remove(0, france.length, -1)).isTrue();
            TestLlama.next(context, batch, sampler, 0, france.length, vocabulary.tokenize(" is", false, false)[0]);

            assertThat(new String(batch.piece(0), UTF_8)).isEqualTo(" Paris");
        }
    }

    @Test
    void a_shifted_sequence_makes_room_and_goes_on() {
        try (var context = TestLlama.context(model, 256, 1, 256);
                var batch = context.batch(256);
                var sampler = model.sampler(TestLlama.greedy())) {
            int cells = context.cells();
            var text = model.vocabulary().tokenize("The capital of France is Paris. ".repeat(cells / 4), true, true);
            var tokens = Arrays.copyOf(text, cells);
            TestLlama.fill(context, batch, 0, 0, tokens);

            assertThat(context.remove(0, 8, 8 + cells / 2)).isTrue();
            context.shift(0, 8 + cells / 2, -1, -cells / 2);
            int next = TestLlama.next(context, batch, sampler, 0, cells / 2, text[cells]);

            assertThat(next).isEqualTo(text[cells + 1]);
        }
    }

    @Test
    void a_saved_sequence_goes_on_in_another_place() {
        try (var context = TestLlama.context(model, 256, 2, 64);
                var batch = context.batch(64);
                var sampler = model.sampler(TestLlama.greedy())) {
            var tokens = model.vocabulary().tokenize("The capital of France is", true, true);
            int last = tokens.length - 1;
            TestLlama.fill(context, batch, 0, 0, Arrays.copyOf(tokens, last));
            try (var state = context.save(0).orElseThrow()) {
                context.clear();

                assertThat(context.restore(1, state)).isTrue();

                assertThat(context.stateBytes(1)).isEqualTo(state.bytes());
            }
            TestLlama.next(context, batch, sampler, 1, last, tokens[last]);
            assertThat(new String(batch.piece(0), UTF_8)).isEqualTo(" Paris");
        }
    }

    @Test
    void a_saved_sequence_that_finds_no_room_leaves_nothing() {
        try (var large = TestLlama.context(model, 512, 1, 512);
                var small = TestLlama.context(model, 256, 1, 64);
                var batch = large.batch(512)) {
            TestLlama.fill(large, batch, 0, 0, new int[400]);
            long empty = small.stateBytes(0);
            try (var state = large.save(0).orElseThrow()) {
                assertThat(small.restore(0, state)).isFalse();
            }
            assertThat(small.stateBytes(0)).isEqualTo(empty);
        }
    }

    @Test
    void a_sequence_that_does_not_exist_is_refused() {
        try (var context = TestLlama.context(model, 64, 2, 8)) {
            assertThatThrownBy(() -> context.remove(2, 0, -1)).hasMessage("sequence 2 is not one of 2");
            assertThatThrownBy(() -> context.save(2)).hasMessage("sequence 2 is not one of 2");
            assertThatThrownBy(() -> context.copy(0, 2, 0, -1)).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> context.copy(-1, 0, 0, -1)).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> context.shift(9, 0, -1, 1)).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void an_abort_stops_a_long_prompt_at_once_and_the_context_goes_on() throws Exception {
        try (var context = TestLlama.context(model, LONG, 1, LONG);
                var batch = context.batch(LONG)) {
            List<Duration> reactions = new ArrayList<>();
            for (int i = 0; i < 5; i++) {
                try (var thread = Executors.newSingleThreadExecutor()) {
                    var outcome = startLongStep(thread, context, batch);
                    long raised = System.nanoTime();
                    context.abort(true);
                    assertThat(outcome.get(20, TimeUnit.SECONDS)).isEqualTo(StepOutcome.ABORTED);
                    reactions.add(Duration.ofNanos(System.nanoTime() - raised));
                }
                context.abort(false);
                assertThat(context.remove(0, 0, -1)).isTrue();
            }

            // Other processes may keep the computing thread from noticing, but not every time.
            assertThat(Collections.min(reactions)).isLessThan(Duration.ofMillis(100));
            assertThat(TestLlama.generate(model, context, TestLlama.greedy(), "The capital of France is", 1))
                    .isEqualTo(" Paris");
        }
    }

    @Test
    void an_abort_raised_before_a_step_stops_it() {
        try (var context = TestLlama.context(model, 64, 1, 8);
                var batch = context.batch(8)) {
            context.abort(true);
            assertThat(TestLlama.fill(context, batch, 0, 0, new int[] {1, 2, 3}))
                    .isEqualTo(StepOutcome.ABORTED);

            context.abort(false);
            context.clear();
            assertThat(TestLlama.fill(context, batch, 0, 0, new int[] {1, 2, 3}))
                    .isEqualTo(StepOutcome.DONE);
        }
    }

    @Test
    void nothing_of_a_step_under_way_can_be_used_or_closed_by_others() throws Exception {
        try (var context = TestLlama.context(model, LONG, 1, LONG);
                var batch = context.batch(LONG);
                var sampler = model.sampler(TestLlama.greedy());
                var thread = Executors.newSingleThreadExecutor()) {
            batch.sample(fillWithout(batch), sampler, -1);
            var outcome = step(thread, context, batch);

            assertThatThrownBy(context::close).isInstanceOf(ContextBusy.class);
            assertThatThrownBy(context::clear).isInstanceOf(ContextBusy.class);
            assertThatThrownBy(context::memory).isInstanceOf(ContextBusy.class);
            assertThatThrownBy(() -> context.remove(0, 0, -1)).isInstanceOf(ContextBusy.class);
            assertThatThrownBy(() -> context.step(batch)).isInstanceOf(ContextBusy.class);
            assertThatThrownBy(batch::close).isInstanceOf(IllegalStateException.class);
            assertThatThrownBy(sampler::close).isInstanceOf(IllegalStateException.class);
            assertThatThrownBy(() -> sampler.acceptPrompt(new int[] {1})).isInstanceOf(IllegalStateException.class);
            assertThatThrownBy(model::close).isInstanceOf(IllegalStateException.class);
            assertThat(model.vocabulary().tokenize("the vocabulary is free", false, false))
                    .isNotEmpty();
            assertThat(outcome).isNotDone();

            context.abort(true);
            assertThat(outcome.get(20, TimeUnit.SECONDS)).isEqualTo(StepOutcome.ABORTED);
        }
    }

    @Test
    void whoever_closes_a_context_does_so_once() throws Exception {
        var context = TestLlama.context(model, 64, 1, 8);
        try (var threads = Executors.newFixedThreadPool(4)) {
            var closings = threads.invokeAll(Collections.nCopies(16, closing(context)), 20, TimeUnit.SECONDS);
            for (var closing : closings) {
                assertThat(closing.get()).isTrue();
            }
        }

        assertThatThrownBy(context::clear)
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("Context is closed");
        context.abort(true);
    }

    @Test
    void closed_batches_and_samplers_refuse_to_be_used() {
        try (var context = TestLlama.context(model, 64, 1, 8)) {
            var batch = context.batch(8);
            var sampler = model.sampler(TestLlama.greedy());
            batch.sample(batch.add(1, 0, 0, true), sampler, -1);
            sampler.close();
            sampler.close();
            assertThatThrownBy(() -> context.step(batch)).hasMessage("Sampler is closed");
            assertThatThrownBy(() -> sampler.acceptPrompt(new int[] {1})).hasMessage("Sampler is closed");

            batch.close();
            batch.close();
            assertThatThrownBy(() -> context.step(batch)).hasMessage("Batch is closed");
        }
    }

    @Test
    void tokens_of_a_prompt_that_do_not_exist_count_for_nothing() {
        try (var sampler = model.sampler(TestLlama.seeded(1))) {
            sampler.acceptPrompt(new int[] {-1, Integer.MAX_VALUE, 5});
            sampler.acceptPrompt(new int[0]);
        }
    }

    private static Callable<Boolean> closing(Context context) {
        return () -> {
            context.close();
            return true;
        };
    }

    private static Future<StepOutcome> startLongStep(ExecutorService thread, Context context, Batch batch)
            throws InterruptedException {
        fillWithout(batch);
        return step(thread, context, batch);
    }

    /** A prompt as long as the batch; gives the index of its last token, which has an output. */
    private static int fillWithout(Batch batch) {
        batch.clear();
        int index = -1;
        for (int i = 0; i < batch.capacity(); i++) {
            index = batch.add(28, i, 0, i == batch.capacity() - 1);
        }
        return index;
    }

    /** The probing below may be in the way for a moment. */
    private static StepOutcome stepWhenFree(Context context, Batch batch) {
        while (true) {
            try {
                return context.step(batch);
            } catch (ContextBusy e) {
                Thread.onSpinWait();
            }
        }
    }

    /** Comes back when the step is well under way. */
    private static Future<StepOutcome> step(ExecutorService thread, Context context, Batch batch)
            throws InterruptedException {
        var outcome = thread.submit(() -> stepWhenFree(context, batch));
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (System.nanoTime() < deadline) {
            try {
                context.stateBytes(0);
            } catch (ContextBusy e) {
                break;
            }
            Thread.sleep(1);
        }
        Thread.sleep(100);
        return outcome;
    }
}
