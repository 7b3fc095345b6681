// SPDX-License-Identifier: Apache-2.0
package dev.puna.api.ollama;

import static org.assertj.core.api.Assertions.assertThat;

import dev.puna.gguf.Gguf;
import dev.puna.model.AdapterScales;
import dev.puna.model.Digest;
import dev.puna.store.ModelDraft;
import dev.puna.support.TestGguf;
import dev.puna.support.TinyLora;
import dev.puna.support.TinyModels;
import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Requests of all APIs say which of a model's adapters count. */
@QuarkusTest
@Tag("quarkus")
class AdapterRoutesTest extends ScriptedRoutes {
    private static final String HALF = "'options':{'adapters':[{'name':'tone','scale':0.5}]}";

    @Override
    protected void prepare(TinyModels models) {
        models.create("adapted", "llama", Map.of(), draft -> adapt(draft, "llama"));
        models.create("embedder", "bert", Map.of("bert.pooling_type", 1), draft -> adapt(draft, "bert"));
        models.create("ranker", "bert", Map.of("bert.pooling_type", 4), draft -> adapt(draft, "bert"));
        models.generative("plain");
    }

    private void adapt(ModelDraft draft, String architecture) {
        add(draft, changingNothing(architecture, 1).text("general.name", "tone"));
        add(draft, changingNothing(architecture, 2));
    }

    private static TestGguf changingNothing(String architecture, float weight) {
        return TinyLora.header(architecture).tensor("output_norm.weight", new long[] {1}, weight);
    }

    private void add(ModelDraft draft, TestGguf adapter) {
        var content = adapter.toArray();
        var digest = Digest.of(content);
        try (var upload = store.beginUpload(digest)) {
            upload.write(content);
            upload.commit();
        }
        draft.addFile(digest, Gguf.read(store.path(digest)).facts());
    }

    @Test
    void the_routes_that_generate_take_them() throws IOException {
        var chat = "'model':'adapted','stream':false,'messages':[{'role':'user','content':'x'}]," + HALF;
        for (var route : List.of("/api/chat", "/v1/chat/completions")) {
            post(route, "{" + chat + "}", 200);
            assertThat(asked().adapters()).as(route).isEqualTo(scales(0.5f, 0));
        }
        post("/v1/messages", "{'max_tokens':9," + chat + "}", 200);
        assertThat(asked().adapters()).isEqualTo(scales(0.5f, 0));
        post("/api/generate", "{'model':'adapted','prompt':'x','options':{'adapters':[]}}", 200);
        assertThat(asked().adapters()).isEqualTo(scales(0, 0));
        post("/v1/completions", "{'model':'adapted','prompt':'x','options':{'adapters':[1]}}", 200);
        assertThat(asked().adapters()).isEqualTo(scales(0, 1));
    }

    @Test
    void who_does_not_say_gets_all_of_them() throws IOException {
        post("/api/generate", "{'model':'adapted','prompt':'x'}", 200);
        assertThat(asked().adapters()).isEqualTo(AdapterScales.ALL);
        post("/api/generate", "{'model':'plain','prompt':'x','options':{'adapters':null}}", 200);
        assertThat(asked().adapters()).isEqualTo(AdapterScales.ALL);
    }

    @Test
    void texts_are_embedded_and_ranked_with_them() throws IOException {
        post("/api/embed", "{'model':'embedder','input':['a','b']," + HALF + "}", 200);
        assertThat(loader.engine().embeddingRequests().getLast().adapters()).isEqualTo(scales(0.5f, 0));
        post("/v1/embeddings", "{'model':'embedder','input':'a'," + HALF + "}", 200);
        assertThat(loader.engine().embeddingRequests().getLast().adapters()).isEqualTo(scales(0.5f, 0));
        var refused = post(
                "/v1/rerank",
                "{'model':'ranker','query':'q','documents':['a'],'options':{'adapters':['nosuch']}}",
                400);
        assertThat(refused).contains("this model has no adapter");
    }

    @Test
    void one_that_there_is_not_is_refused_before_anything_is_loaded() throws IOException {
        var body = post("/api/generate", "{'model':'adapted','prompt':'x','options':{'adapters':['nosuch']}}", 400);

        assertThat(body)
                .contains("this model has no adapter \\\"nosuch\\\"; this model has 0 (\\\"tone\\\"), 1 (\\\"sha256:");
        assertThat(post("/api/generate", "{'model':'plain','prompt':'x'," + HALF + "}", 400))
                .contains("this model has no adapters");
        assertThat(post(
                        "/v1/chat/completions",
                        "{'model':'adapted','messages':[{'role':'user','content':'x'}],'options':{'adapters':'tone'}}",
                        400))
                .contains("must be an array of names");
        assertThat(scheduling.running()).isEmpty();
    }

    private static AdapterScales scales(float first, float second) {
        return new AdapterScales(List.of(first, second));
    }
}
