// SPDX-License-Identifier: Apache-2.0
package dev.puna.api.ollama;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.puna.api.http.StreamedResponse;
import dev.puna.api.http.framing.JsonPiece;
import dev.puna.api.json.RecordJson;
import dev.puna.api.ollama.request.Bodies;
import dev.puna.caller.Callers;
import dev.puna.engine.EmbeddingRequest;
import dev.puna.failure.InvalidRequest;
import dev.puna.failure.NoEmbeddings;
import dev.puna.failure.NotFound;
import dev.puna.inference.EmbeddingService;
import dev.puna.inference.ModelAccess;
import dev.puna.inference.RequestClock;
import dev.puna.inference.capability.CapabilityResolver;
import dev.puna.settings.Settings;
import dev.puna.store.ModelStore;
import dev.puna.support.InstantScheduling;
import dev.puna.support.ScriptedEngineLoader;
import dev.puna.support.TinyModels;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayNameGeneration(ReplaceUnderscores.class)
class EmbeddingAnswersTest {
    /** Texts that are embedded and answered together. */
    private static final int TOGETHER = 512;

    private static final Duration BOUND = Duration.ofSeconds(10);

    private final ScriptedEngineLoader loader = new ScriptedEngineLoader();
    private final InstantScheduling scheduling = new InstantScheduling(loader);
    private final AtomicLong nanos = new AtomicLong();
    private final EmbeddingService embeddings;

    EmbeddingAnswersTest(@TempDir Path folder) {
        var store = ModelStore.open(folder);
        embeddings = new EmbeddingService(
                new ModelAccess(store, new CapabilityResolver(Settings.from(Map.of())), scheduling, Callers.NOBODY));
        new TinyModels(store).embedding("embedder");
        new TinyModels(store).generative("plain");
    }

    @Test
    void each_input_has_its_embedding() {
        var json = embed("{'model':'embedder','input':['a','bcd'],'truncate':false}");

        // The scripted engine puts a 1 where the text's hash says: 97 and 97347, modulo 8.
        assertThat(json)
                .startsWith("{\"model\":\"embedder\",\"embeddings\":[[0,1,0,0,0,0,0,0],[0,0,0,1,0,0,0,0]],")
                .matches(".*\"total_duration\":\\d+,\"load_duration\":\\d+,\"prompt_eval_count\":4}");
        assertThat(loader.engine().embeddingRequests())
                .containsExactly(new EmbeddingRequest(List.of("a", "bcd"), false));
        assertThat(scheduling.closings()).isEqualTo(1);
    }

    @Test
    void the_context_asked_for_is_told_as_it_was_written() {
        embed("{'model':'embedder','input':'a','options':{'num_ctx':2}}");

        assertThat(loader.engine().embeddingRequests()).containsExactly(new EmbeddingRequest(List.of("a"), true, 2));
    }

    @Test
    void fewer_dimensions_are_the_first_ones() {
        assertThat(embed("{'model':'embedder','input':'a','dimensions':2}")).contains("\"embeddings\":[[0,1]]");
    }

    @Test
    void nothing_to_embed_only_loads_the_model() {
        assertThat(embed("{'model':'embedder','input':[]}")).isEqualTo("{\"model\":\"embedder\",\"embeddings\":[]}");
        assertThat(embed("{'model':'plain'}")).isEqualTo("{\"model\":\"plain\",\"embeddings\":[]}");
        assertThat(legacy("{'model':'embedder','prompt':''}")).isEqualTo("{\"embedding\":[]}");

        assertThat(scheduling.closings()).isEqualTo(3);
    }

    @Test
    void the_old_route_embeds_one_text_and_says_nothing_else() {
        assertThat(legacy("{'model':'embedder','prompt':'a'}")).isEqualTo("{\"embedding\":[0,1,0,0,0,0,0,0]}");
        assertThat(loader.engine().embeddingRequests()).containsExactly(new EmbeddingRequest(List.of("a"), false));
    }

    @Test
    void wrong_inputs_are_refused_before_the_model_is_looked_for_but_after_its_name() {
        assertThatThrownBy(() -> embed("{'model':'nosuch','input':5}"))
                .isInstanceOf(InvalidRequest.class)
                .hasMessage("invalid input type");
        assertThatThrownBy(() -> embed("{'model':'a b','input':5}")).hasMessage("invalid model name");
        assertThatThrownBy(() -> embed("{'input':5}"))
                .isInstanceOf(NotFound.class)
                .hasMessage("model '' not found");
    }

    @Test
    void a_missing_model_is_told_with_what_to_do() {
        assertThatThrownBy(() -> embed("{'model':'nosuch','input':'a'}"))
                .isInstanceOf(NotFound.class)
                .hasMessage("model \"nosuch\" not found, try pulling it first");
        assertThatThrownBy(() -> legacy("{'model':'nosuch','prompt':'a'}"))
                .isInstanceOf(NotFound.class)
                .hasMessage("model \"nosuch\" not found, try pulling it first");
        assertThatThrownBy(() -> legacy("{'prompt':'a'}"))
                .isInstanceOf(InvalidRequest.class)
                .hasMessage("model is required");
    }

    @Test
    void a_model_that_generates_does_not_embed() {
        assertThatThrownBy(() -> embed("{'model':'plain','input':'a'}")).isInstanceOf(NoEmbeddings.class);
        assertThat(scheduling.requests()).isEmpty();
    }

    @Test
    void many_texts_are_embedded_part_by_part_and_answered_as_few_are() {
        var count = TOGETHER + 88;
        var json = pieces(answer(texts(count, "'truncate':false")));

        assertThat(json)
                .startsWith("{\"model\":\"embedder\",\"embeddings\":[[0,1,0,0,0,0,0,0],[0,1,0,0,0,0,0,0],")
                .matches("(?s).*\\]\\],\"total_duration\":\\d+,\"load_duration\":\\d+,\"prompt_eval_count\":" + count
                        + "}");
        assertThat(json.split("\\[0,1,", -1)).hasSize(count + 1);
        assertThat(loader.engine().embeddingRequests())
                .extracting(request -> request.inputs().size())
                .containsExactly(TOGETHER, 88);
        assertThat(scheduling.closings()).isEqualTo(1);
    }

    @Test
    void what_is_wrong_with_the_last_of_many_texts_is_said_before_the_first_is_answered() {
        var tooLong = "b".repeat(200_000);
        var json = texts(TOGETHER + 88, "'truncate':false").replace("'a']", "'" + tooLong + "']");

        assertThatThrownBy(() -> pieces(answer(json)))
                .isInstanceOf(InvalidRequest.class)
                .hasMessage("the input length exceeds the context length");
        assertThat(loader.engine().embeddingRequests()).isEmpty();
    }

    private static String texts(int count, String more) {
        return "{'model':'embedder'," + more + ",'input':[" + "'a',".repeat(count - 1) + "'a']}";
    }

    private static String pieces(StreamedResponse stream) {
        var all = new StringBuilder();
        for (var item : stream.items().collect().asList().await().atMost(BOUND)) {
            all.append(new String(((JsonPiece) item).utf8(), StandardCharsets.UTF_8));
        }
        return all.toString();
    }

    private String embed(String json) {
        return object(answer(json));
    }

    private String legacy(String json) {
        return object(EmbeddingAnswers.ofOne(embeddings.answer(Bodies.embeddings(json), clock())));
    }

    private StreamedResponse answer(String json) {
        var request = Bodies.embed(json);
        var clock = clock();
        return new EmbeddingAnswers(request.input().model().name(), request.dimensions(), clock)
                .of(embeddings.answer(request.input(), clock));
    }

    /** A clock that goes on at every look, so that no duration is zero. */
    private RequestClock clock() {
        return RequestClock.start(nanos::incrementAndGet, Instant::now);
    }

    private static String object(StreamedResponse stream) {
        assertThat(stream.framing().grows()).isFalse();
        var items = stream.items().collect().asList().await().atMost(BOUND);
        return new String(RecordJson.bytes(items.getFirst()), StandardCharsets.UTF_8);
    }
}
