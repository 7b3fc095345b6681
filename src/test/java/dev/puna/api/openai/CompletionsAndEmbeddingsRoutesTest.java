// SPDX-License-Identifier: Apache-2.0
package dev.puna.api.openai;

import static org.assertj.core.api.Assertions.assertThat;

import dev.puna.api.ollama.ScriptedRoutes;
import dev.puna.engine.FinishReason;
import dev.puna.engine.GenerationEvent;
import dev.puna.support.Script;
import dev.puna.support.TinyModels;
import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.Base64;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@QuarkusTest
@Tag("quarkus")
class CompletionsAndEmbeddingsRoutesTest extends ScriptedRoutes {
    @Override
    protected void prepare(TinyModels models) {
        models.generative("continuer", "a template of its own");
        models.embedding("scripted-embedder");
    }

    @Test
    void a_completion_is_one_object_or_pieces() throws IOException {
        assertThat(post("/v1/completions", "{'model':'continuer','prompt':['x']}", 200))
                .contains("\"object\":\"text_completion\"")
                .contains("\"choices\":[{\"text\":\"Hello!\",\"index\":0,\"finish_reason\":\"stop\"}]");
        assertThat(post(
                        "/v1/completions",
                        "{'model':'continuer','prompt':'x','stream':true,'stream_options':{'include_usage':true}}",
                        200))
                .contains("\"choices\":[{\"text\":\"!\",\"index\":0,\"finish_reason\":null}]")
                .contains("\"usage\":{\"prompt_tokens\":0,\"completion_tokens\":0,\"total_tokens\":0}}")
                .contains("\"choices\":[],\"model\":\"continuer\"")
                .endsWith("data: [DONE]\n\n");
    }

    @Test
    void a_completion_tells_how_much_of_the_prompt_is_read_if_asked() throws IOException {
        loader.answers(Script.of(
                new GenerationEvent.PromptProgress(9, 1, 9, Duration.ofMillis(7)),
                Script.finished(FinishReason.STOP, 0)));

        assertThat(post(
                        "/v1/completions",
                        "{'model':'continuer','prompt':'x','stream':true,'return_progress':true}",
                        200))
                .contains("\"prompt_progress\":{\"total\":9,\"cache\":1,\"processed\":9,\"time_ms\":7}}");
    }

    @Test
    void embeddings_are_numbers_or_bytes() throws IOException {
        assertThat(post("/v1/embeddings", "{'model':'scripted-embedder','input':['a','b']}", 200))
                .startsWith("{\"object\":\"list\",\"data\":[{\"object\":\"embedding\",\"embedding\":[")
                .endsWith(
                        "\"index\":1}],\"model\":\"scripted-embedder\",\"usage\":{\"prompt_tokens\":2,\"total_tokens\":2}}");

        var answer =
                post("/v1/embeddings", "{'model':'scripted-embedder','input':'a','encoding_format':'base64'}", 200);
        var text = answer.replaceAll(".*\"embedding\":\"([^\"]+)\".*", "$1");
        var numbers = ByteBuffer.wrap(Base64.getDecoder().decode(text))
                .order(ByteOrder.LITTLE_ENDIAN)
                .asFloatBuffer();
        var squares = 0f;
        for (var i = 0; i < numbers.limit(); i++) {
            squares += numbers.get(i) * numbers.get(i);
        }
        assertThat(squares).isEqualTo(1);
    }

    @Test
    void many_texts_are_answered_in_the_same_form() throws IOException {
        var texts = "'a',".repeat(600) + "'b'";

        var answer = post("/v1/embeddings", "{'model':'scripted-embedder','input':[" + texts + "]}", 200);

        assertThat(answer)
                .startsWith("{\"object\":\"list\",\"data\":[{\"object\":\"embedding\"")
                .endsWith("\"index\":600}],\"model\":\"scripted-embedder\","
                        + "\"usage\":{\"prompt_tokens\":601,\"total_tokens\":601}}");
    }

    @Test
    void what_is_no_text_is_not_embedded() throws IOException {
        assertThat(post("/v1/embeddings", "{'model':'scripted-embedder'}", 400)).contains("\"invalid input\"");
        assertThat(post("/v1/embeddings", "{'model':'scripted-embedder','input':['a',true]}", 400))
                .contains("\"invalid input type\"");
    }

    @Test
    void tokens_of_whoever_are_not_embedded() throws IOException {
        for (var tokens : new String[] {"[9906,1917]", "[[9906,1917],[1]]", "[[]]"}) {
            assertThat(post("/v1/embeddings", "{'model':'scripted-embedder','input':" + tokens + "}", 400))
                    .contains("\"invalid input type: tokens are not taken")
                    .contains("check_embedding_ctx_length=False")
                    .endsWith("\"param\":\"input\",\"code\":\"invalid_value\"}}");
        }
    }
}
