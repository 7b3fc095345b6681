// SPDX-License-Identifier: Apache-2.0
package dev.puna.engine.local;

import static org.assertj.core.api.Assertions.assertThat;

import dev.puna.engine.Engine;
import dev.puna.engine.GenerationEvent;
import dev.puna.engine.GenerationEvent.Finished;
import dev.puna.engine.GenerationEvent.PromptProgress;
import dev.puna.engine.GenerationRequest;
import dev.puna.support.TestModels;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
@Tag("engine")
@DisplayNameGeneration(ReplaceUnderscores.class)
class PromptProgressTest {
    private static final int STEP = 64;

    @Test
    void each_step_tells_how_much_of_the_prompt_is_read_to_who_asks() {
        try (var engine = EngineTests.load(TestModels.smolLm2(), 1024, 1, STEP)) {
            var silent = events(engine, EngineTests.raw(EngineTests.STORY).request());
            assertThat(silent).noneMatch(PromptProgress.class::isInstance);

            var request = EngineTests.raw("Well. " + EngineTests.STORY).request();
            var events = events(engine, asking(request));
            var progress = events.stream()
                    .filter(PromptProgress.class::isInstance)
                    .map(PromptProgress.class::cast)
                    .toList();
            var usage = ((Finished) events.getLast()).usage();

            assertThat(events.subList(0, progress.size())).isEqualTo(progress);
            assertThat(progress).hasSizeGreaterThan(usage.promptTokens() / STEP);
            assertThat(progress).allSatisfy(step -> {
                assertThat(step.total()).isEqualTo(usage.promptTokens());
                assertThat(step.cached()).isEqualTo(usage.cachedTokens());
            });
            assertThat(progress)
                    .extracting(PromptProgress::processed)
                    .isSorted()
                    .startsWith(usage.cachedTokens());
            assertThat(progress).extracting(PromptProgress::time).isSorted();
            assertThat(progress.getLast().processed()).isEqualTo(usage.promptTokens());
        }
    }

    private static GenerationRequest asking(GenerationRequest request) {
        return new GenerationRequest(
                request.prompt(),
                request.options(),
                request.format(),
                request.truncate(),
                request.shift(),
                request.returnContext(),
                true,
                request.topLogprobs());
    }

    private static List<GenerationEvent> events(Engine engine, GenerationRequest request) {
        return engine.generate(request).collect().asList().await().atMost(Duration.ofSeconds(90));
    }
}
