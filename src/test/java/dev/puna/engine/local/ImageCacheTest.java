// SPDX-License-Identifier: Apache-2.0
package dev.puna.engine.local;

import static dev.puna.engine.local.EngineTests.ask;
import static dev.puna.engine.local.EngineTests.raw;
import static dev.puna.engine.local.TinyVisionModels.BLUE;
import static dev.puna.engine.local.TinyVisionModels.LETTERS;
import static dev.puna.engine.local.TinyVisionModels.RED;
import static dev.puna.engine.local.TinyVisionModels.assertSame;
import static dev.puna.engine.local.TinyVisionModels.see;
import static org.assertj.core.api.Assertions.assertThat;

import dev.puna.engine.local.EngineTests.Answer;
import dev.puna.engine.local.TinyVisionModels.Family;
import dev.puna.llama.NativeMemory;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Prompts with images whose beginning is in the cache, has been pushed out of it, or is dropped to make room. */
@Tag("engine")
@DisplayNameGeneration(ReplaceUnderscores.class)
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ImageCacheTest {
    private final TinyVisionModels models;

    ImageCacheTest(@TempDir Path folder) {
        models = new TinyVisionModels(folder);
    }

    @AfterEach
    void nothing_native_is_left() {
        assertThat(NativeMemory.live()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void a_prefix_with_the_same_image_is_found_again_and_with_another_one_ends_before_it(Family family) {
        try (var engine = models.load(family, 2048)) {
            var text = "look at this: [img-0] what is it?";
            var first = see(engine, text, RED);
            var again = see(engine, text, RED);
            var other = see(engine, text, BLUE);

            var prompt = first.finished().usage().promptTokens();
            assertSame(again, first);
            assertThat(again.finished().usage().promptTokens()).isEqualTo(prompt);
            assertThat(again.finished().usage().cachedTokens()).isEqualTo(prompt - 1);
            assertThat(other.finished().usage().cachedTokens())
                    .isBetween(14, 40)
                    .isLessThan(prompt - 20);
        }
    }

    @ParameterizedTest
    @EnumSource
    void an_answer_from_a_cached_prefix_is_the_answer_of_a_fresh_engine(Family family) {
        var earlier = "look at this: [img-0] what is it?";
        var later = "look at this: [img-0] what is it? and this [img-1]?";
        Answer fresh;
        try (var engine = models.load(family, 2048)) {
            fresh = see(engine, later, RED, BLUE);
        }
        try (var engine = models.load(family, 2048)) {
            see(engine, earlier, RED);
            assertSame(see(engine, later, RED, BLUE), fresh);
            see(engine, earlier, BLUE);
            assertSame(see(engine, later, RED, BLUE), fresh);
        }
    }

    @ParameterizedTest
    @EnumSource
    void what_others_pushed_out_of_the_cache_comes_back_with_its_images(Family family) {
        var filler = "all work and no play makes jack a dull boy ".repeat(3);
        try (var engine = models.load(family, 512, 1)) {
            var first = see(engine, filler + "[img-0] what is it?", RED);
            see(engine, "something else altogether: " + filler + "[img-0] what is it?", BLUE);

            var again = see(engine, filler + "[img-0] what is it?", RED);

            assertSame(again, first);
            var prompt = first.finished().usage().promptTokens();
            assertThat(again.finished().usage().cachedTokens()).isEqualTo(prompt - 1);
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_context_that_is_full_loses_images_as_a_whole_and_goes_on(Family family) {
        try (var engine = models.load(family, 160)) {
            var answer = ask(
                    engine,
                    raw("[img-0] some words and [img-1] some more", RED, BLUE)
                            .tokens(400)
                            .format(LETTERS)
                            .request());

            assertThat(answer.text()).hasSize(302);
        }
    }
}
