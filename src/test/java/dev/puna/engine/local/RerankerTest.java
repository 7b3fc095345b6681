// SPDX-License-Identifier: Apache-2.0
package dev.puna.engine.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.puna.engine.EmbeddingRequest;
import dev.puna.engine.Engine;
import dev.puna.engine.RankRequest;
import dev.puna.engine.RankResult;
import dev.puna.failure.InvalidRequest;
import dev.puna.failure.NoEmbeddings;
import dev.puna.support.TinyGguf;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Scores of a made reranker, whose head is a row of random numbers. */
@Tag("engine")
@DisplayNameGeneration(ReplaceUnderscores.class)
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class RerankerTest {
    @TempDir
    Path folder;

    private Engine engine;

    @BeforeEach
    void load() {
        var file = folder.resolve("reranker.gguf");
        TinyGguf.reranker(7).writeTo(file);
        engine = EngineTests.load(file, 64, 1);
    }

    @AfterEach
    void close() {
        engine.close();
    }

    @Test
    void each_document_has_a_score_that_depends_on_it_and_on_the_query() {
        var scores = rank("ab", List.of("cd", "efgh", "cd")).scores();

        assertThat(scores).hasSize(3).allSatisfy(score -> assertThat(score).isFinite());
        assertThat(scores.get(0)).isNotEqualTo(scores.get(1)).isCloseTo(scores.get(2), within());
        assertThat(rank("xy", List.of("cd")).scores().getFirst()).isNotEqualTo(scores.getFirst());
    }

    @Test
    void many_documents_are_ranked_like_each_alone() {
        var documents = IntStream.range(0, 50)
                .mapToObj(i -> "doc" + (char) ('a' + i % 26))
                .toList();

        var together = rank("query", documents);

        assertThat(together.scores().get(17))
                .isCloseTo(rank("query", List.of(documents.get(17))).scores().getFirst(), within());
        assertThat(together.promptTokens()).isGreaterThan(50 * 8);
    }

    @Test
    void a_document_that_is_too_long_is_cut_or_refused() {
        var tooLong = "a".repeat(200);

        assertThat(rank("q", List.of(tooLong)).promptTokens()).isEqualTo(64);
        assertThatThrownBy(() -> await(new RankRequest("q", List.of("b", tooLong), false)))
                .isInstanceOf(InvalidRequest.class)
                .hasMessage("documents[1] with the query is longer than the model's context of 64 tokens");
        assertThatThrownBy(() -> rank(tooLong, List.of("b")))
                .isInstanceOf(InvalidRequest.class)
                .hasMessage("the query is longer than the model's context of 64 tokens");
    }

    @Test
    void a_reranker_makes_no_embeddings_and_other_models_do_not_rank() {
        assertThatThrownBy(() -> engine.embed(new EmbeddingRequest(List.of("a"), true))
                        .await()
                        .atMost(Duration.ofSeconds(20)))
                .isInstanceOf(NoEmbeddings.class);
        var file = folder.resolve("llama.gguf");
        TinyGguf.llama(1).writeTo(file);
        try (var other = EngineTests.load(file, 64, 1)) {
            assertThatThrownBy(() -> other.rank(new RankRequest("q", List.of("d"), true))
                            .await()
                            .atMost(Duration.ofSeconds(20)))
                    .isInstanceOf(InvalidRequest.class)
                    .hasMessage("this model does not rank documents: use a reranker");
        }
    }

    private static Offset<Float> within() {
        return Offset.offset(1e-4f);
    }

    private RankResult rank(String query, List<String> documents) {
        return await(new RankRequest(query, documents, true));
    }

    private RankResult await(RankRequest request) {
        return engine.rank(request).await().atMost(Duration.ofSeconds(20));
    }
}
