// SPDX-License-Identifier: Apache-2.0
package dev.puna.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.puna.caller.Callers;
import dev.puna.failure.Failure;
import dev.puna.failure.InvalidRequest;
import dev.puna.failure.NoEmbeddings;
import dev.puna.failure.NotFound;
import dev.puna.inference.EmbeddingOutcome.InParts;
import dev.puna.inference.EmbeddingOutcome.Loaded;
import dev.puna.inference.EmbeddingOutcome.Together;
import dev.puna.inference.capability.CapabilityResolver;
import dev.puna.settings.Settings;
import dev.puna.store.ModelStore;
import dev.puna.support.InstantScheduling;
import dev.puna.support.ScriptedEngineLoader;
import dev.puna.support.TinyModels;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What any API can rely on; the answers of Ollama's are tested with its routes. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class EmbeddingServiceTest {
    private static final Duration BOUND = Duration.ofSeconds(10);

    private static final MissingModel WORDS = new MissingModel() {
        @Override
        public Failure unnamed(String asked) {
            return new InvalidRequest("name a model");
        }

        @Override
        public Failure notFound(String asked) {
            return new NotFound("no " + asked);
        }
    };

    private final ScriptedEngineLoader loader = new ScriptedEngineLoader();
    private final InstantScheduling scheduling = new InstantScheduling(loader);
    private final EmbeddingService embeddings;

    EmbeddingServiceTest(@TempDir Path folder) {
        var store = ModelStore.open(folder);
        embeddings = new EmbeddingService(
                new ModelAccess(store, new CapabilityResolver(Settings.from(Map.of())), scheduling, Callers.NOBODY));
        new TinyModels(store).embedding("embedder");
        new TinyModels(store).generative("plain");
    }

    @Test
    void a_few_texts_are_embedded_together() {
        var outcome = (Together) answer("embedder", List.of("a", "bcd"));

        assertThat(outcome.result().await().atMost(BOUND).embeddings()).hasSize(2);
        assertThat(scheduling.closings()).isEqualTo(1);
    }

    @Test
    void many_texts_are_embedded_part_by_part_under_one_lease() {
        var outcome = (InParts) answer("embedder", Collections.nCopies(EmbeddingParts.TOGETHER + 1, "a"));

        var parts = outcome.results().collect().asList().await().atMost(BOUND);

        assertThat(parts).extracting(part -> part.embeddings().size()).containsExactly(EmbeddingParts.TOGETHER, 1);
        assertThat(scheduling.closings()).isEqualTo(1);
    }

    @Test
    void no_text_has_any_model_in_memory() {
        ((Loaded) answer("plain", List.of())).ready().await().atMost(BOUND);

        assertThat(scheduling.closings()).isEqualTo(1);
    }

    @Test
    void what_cannot_be_done_is_told_before_anything_is_leased() {
        assertThatThrownBy(() -> answer("plain", List.of("a"))).isInstanceOf(NoEmbeddings.class);
        assertThatThrownBy(() -> answer("nosuch", List.of("a"))).hasMessage("no nosuch");
        assertThatThrownBy(() -> answer("", List.of("a"))).hasMessage("name a model");

        assertThat(scheduling.requests()).isEmpty();
    }

    private EmbeddingOutcome answer(String model, List<String> texts) {
        var input = new EmbeddingInput(new ModelReference(model, "", WORDS), texts, true, Optional.empty(), Map.of());
        return embeddings.answer(input, RequestClock.start());
    }
}
