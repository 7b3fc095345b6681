// SPDX-License-Identifier: Apache-2.0
package dev.puna.engine.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.puna.engine.Engine;
import dev.puna.engine.GenerationRequest;
import dev.puna.engine.OutputFormat;
import dev.puna.engine.Prompt;
import dev.puna.engine.checkpoint.AttentionWindow;
import dev.puna.engine.local.EngineTests.Answer;
import dev.puna.model.GenerationOptions;
import dev.puna.support.TinyGguf;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a model with sliding-window attention says after parts of its prompt came from the cache: the same as without. */
@Tag("engine")
@DisplayNameGeneration(ReplaceUnderscores.class)
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class AttentionWindowTest {

    private static final int CONTEXT = 256;
    private static final int WINDOW = 32;

    /** One with which the model does not end by itself. */
    private static final long SEED = 3;

    /** A token a letter: enough of them to be parked. */
    private static final String SHARED =
            "a cat sat on a mat and the dog ran to the old mill by the river as it fell dark";

    private static final String LONG =
            SHARED + " while somebody else went home and slept for hours before the sun came up";
    private static final String OTHER = SHARED + " when nobody saw";
    private static final String UNLIKE =
            "zebras quickly jump over vexed foxes who lazily glare back from every hollow log";

    @TempDir
    Path folder;

    private Path model;

    @BeforeEach
    void write() {
        model = folder.resolve("tiny.gguf");
        TinyGguf.gemma3(7, WINDOW).writeTo(model);
    }

    @Test
    void after_a_longer_prompt_in_the_same_slot() {
        alike(1, OTHER, LONG);
    }

    @Test
    void after_a_longer_prompt_in_another_slot() {
        alike(3, OTHER, LONG);
    }

    @Test
    void after_a_longer_prompt_that_was_parked() {
        alike(1, OTHER, LONG, UNLIKE);
    }

    @Test
    void after_a_shorter_prompt_that_was_parked_before_a_longer_one() {
        alike(1, OTHER, SHARED, LONG, UNLIKE);
    }

    @Test
    void after_the_very_same_prompt_was_parked() {
        alike(1, LONG, LONG, UNLIKE);
    }

    @Test
    void after_a_context_that_was_shifted_behind_what_is_shared() {
        try (var engine = EngineTests.load(model, CONTEXT, 1)) {
            var shifted = EngineTests.ask(engine, request(LONG, OptionalLong.of(SEED), CONTEXT, SHARED.length()));
            assertThat(shifted.finished().usage().generatedTokens()).isEqualTo(CONTEXT);

            same(ask(engine, OTHER, 8, 4), fresh(OTHER));
        }
    }

    @Test
    void what_a_parked_prompt_needs_no_longer_window_for_is_used_again() {
        try (var engine = EngineTests.load(model, CONTEXT, 1)) {
            ask(engine, LONG, 1, 4);
            ask(engine, UNLIKE, 1, 4);

            var again = ask(engine, LONG + " and then", 8, 4);

            assertThat(again.finished().usage().cachedTokens()).isGreaterThan(LONG.length() - 4);
            same(again, fresh(LONG + " and then"));
        }
    }

    @Test
    void a_window_covers_what_follows_while_all_it_sees_is_there() {
        var window = new AttentionWindow(32);

        assertThat(window.covers(0, 100)).isTrue();
        assertThat(window.covers(69, 100)).isTrue();
        assertThat(window.covers(70, 100)).isFalse();
        assertThat(window.covers(-1, 100)).isFalse();
        assertThat(window.covers(1, 20)).isFalse();
        assertThat(window.covers(50, 0)).isTrue();
        assertThat(new AttentionWindow(0).covers(50, 10)).isTrue();
        assertThat(window.firstSaved(0, 100)).isEqualTo(68);
        assertThat(window.firstSaved(80, 100)).isEqualTo(80);
    }

    private void alike(int sequences, String prompt, String... before) {
        try (var engine = EngineTests.load(model, CONTEXT, sequences)) {
            for (var earlier : before) {
                ask(engine, earlier, 1, 4);
            }
            same(ask(engine, prompt, 8, 4), fresh(prompt));
        }
    }

    private Answer fresh(String prompt) {
        try (var engine = EngineTests.load(model, CONTEXT, 1)) {
            return ask(engine, prompt, 8, 4);
        }
    }

    private static Answer ask(Engine engine, String prompt, int tokens, int keep) {
        return EngineTests.ask(engine, request(prompt, OptionalLong.empty(), tokens, keep));
    }

    /** Greedy without a seed. */
    private static GenerationRequest request(String prompt, OptionalLong seed, int tokens, int keep) {
        var options = new GenerationOptions(
                seed.isPresent() ? 1 : 0, 40, 0.9f, 0, 1, 64, 1, 0, 0, seed, tokens, keep, List.of(), Map.of(), false);
        return new GenerationRequest(
                new Prompt.Raw(prompt, List.of()),
                options,
                new OutputFormat.Free(),
                true,
                true,
                false,
                false,
                OptionalInt.of(0));
    }

    private static void same(Answer answer, Answer wanted) {
        assertThat(answer.text()).isEqualTo(wanted.text());
        assertThat(answer.logprobs()).hasSameSizeAs(wanted.logprobs()).isNotEmpty();
        for (var i = 0; i < wanted.logprobs().size(); i++) {
            assertThat(answer.logprobs().get(i).logprob())
                    .isCloseTo(wanted.logprobs().get(i).logprob(), within(0.01));
        }
    }
}
