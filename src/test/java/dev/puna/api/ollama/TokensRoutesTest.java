// SPDX-License-Identifier: Apache-2.0
package dev.puna.api.ollama;

import static org.assertj.core.api.Assertions.assertThat;

import dev.puna.support.TinyModels;
import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@QuarkusTest
@Tag("quarkus")
class TokensRoutesTest extends ScriptedRoutes {
    @Override
    protected void prepare(TinyModels models) {
        loader.loadsAgain();
        models.generative("letters", "a template of letters");
    }

    @Test
    void a_text_becomes_tokens() throws IOException {
        assertThat(post("/api/tokenize", "{'model':'letters','content':'ab'}", 200))
                .startsWith("{\"model\":\"letters\",\"tokens\":[97,98],\"total_duration\":")
                .contains("\"load_duration\":");
        assertThat(post("/api/tokenize", "{'model':'letters','text':'ab','add_special':true,'keep_alive':'1m'}", 200))
                .contains("\"tokens\":[0,97,98]");
        assertThat(post("/api/tokenize", "{'model':'letters','content':''}", 200))
                .contains("\"tokens\":[]");
        assertThat(post("/api/tokenize", "{'model':'letters','content':'aé','with_pieces':true}", 200))
                .contains("\"tokens\":[{\"id\":97,\"piece\":\"a\"},{\"id\":233,\"piece\":\"é\"}]");
    }

    @Test
    void tokens_become_a_text() throws IOException {
        assertThat(post("/api/detokenize", "{'model':'letters','tokens':[97,98]}", 200))
                .startsWith("{\"model\":\"letters\",\"content\":\"ab\",\"total_duration\":");
        assertThat(post("/api/detokenize", "{'model':'letters','tokens':[]}", 200))
                .contains("\"content\":\"\"");
    }

    @Test
    void a_conversation_becomes_the_text_before_the_model() throws IOException {
        assertThat(post("/api/apply-template", "{'model':'letters','messages':[{'role':'user','content':'Hi'}]}", 200))
                .isEqualTo(
                        "{\"model\":\"letters\",\"prompt\":"
                                + "\"\\u003c|im_start|\\u003euser\\nHi\\u003c|im_end|\\u003e\\n\\u003c|im_start|\\u003eassistant\\n\"}");
        assertThat(loader.engine().requests()).isEmpty();
    }

    @Test
    void what_makes_no_sense_is_refused() throws IOException {
        assertThat(post("/api/tokenize", "{'model':'letters'}", 400)).contains("content is missing");
        assertThat(post("/api/tokenize", "{'content':'a'}", 400)).contains("model is required");
        assertThat(post("/api/tokenize", "{'model':'nobody','content':'a'}", 404))
                .contains("not found");
        assertThat(post("/api/tokenize", "{'model':'letters','content':7}", 400))
                .contains("TokenizeRequest.content of type string");
        assertThat(post("/api/tokenize", "{'model':'letters','content':'a','parse_special':false}", 400))
                .contains("parse_special must be true");
        assertThat(post("/api/detokenize", "{'model':'letters'}", 400)).contains("tokens is missing");
        assertThat(post("/api/detokenize", "{'model':'letters','tokens':['a']}", 400))
                .contains("of type int");
        assertThat(post("/api/detokenize", "{'model':'letters','tokens':[-1]}", 400))
                .contains("tokens holds -1");
        assertThat(post("/api/detokenize", "{'model':'letters','tokens':[2000000000]}", 400))
                .contains("tokens holds 2000000000");
        assertThat(post("/api/apply-template", "{'model':'letters','messages':[]}", 400))
                .contains("messages is empty");
    }
}
