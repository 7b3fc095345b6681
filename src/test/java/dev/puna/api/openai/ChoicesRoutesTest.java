// SPDX-License-Identifier: Apache-2.0
package dev.puna.api.openai;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.puna.api.ollama.ScriptedRoutes;
import dev.puna.engine.FinishReason;
import dev.puna.engine.GenerationEvent;
import dev.puna.engine.GenerationRequest;
import dev.puna.engine.Prompt;
import dev.puna.engine.TokenLogprob;
import dev.puna.failure.NativeFailure;
import dev.puna.support.Script;
import dev.puna.support.TinyModels;
import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Several answers to a request, and the forms that prompts and log probabilities have on {@code /v1/completions}. */
@QuarkusTest
@Tag("quarkus")
class ChoicesRoutesTest extends ScriptedRoutes {
    private static final String CHAT = "/v1/chat/completions";
    private static final String TEXT = "/v1/completions";
    private static final String HELLO = "'messages':[{'role':'user','content':'Hi'}]";

    @Override
    protected void prepare(TinyModels models) {
        models.generative("chooser", "a template of many choices");
    }

    @Test
    void a_chat_has_so_many_answers_with_seeds_of_their_own() throws IOException {
        var answer = whole(CHAT, "{'model':'chooser','n':3,'seed':7," + HELLO + "}");

        assertThat(answer.path("choices"))
                .extracting(choice -> choice.path("index").asInt() + ":"
                        + choice.at("/message/content").asText())
                .containsExactly("0:Hello!", "1:Hello!", "2:Hello!");
        assertThat(answer.path("usage").toString())
                .isEqualTo(json("{'prompt_tokens':3,'completion_tokens':6,'total_tokens':9,"
                        + "'prompt_tokens_details':{'cached_tokens':0}}"));
        assertThat(requests())
                .extracting(request -> request.options().seed())
                .containsExactly(OptionalLong.of(7), OptionalLong.of(8), OptionalLong.of(9));
    }

    @Test
    void streamed_answers_come_side_by_side_and_the_last_piece_tells_what_all_took() throws IOException {
        var events = stream(
                CHAT, "{'model':'chooser','n':2,'stream':true,'stream_options':{'include_usage':true}," + HELLO + "}");

        for (var index : List.of(0, 1)) {
            assertThat(events)
                    .filteredOn(event -> event.at("/choices/0/index").asInt(-1) == index)
                    .extracting(event -> event.at("/choices/0/delta/role").asText()
                            + event.at("/choices/0/delta/content").asText()
                            + event.at("/choices/0/finish_reason").asText())
                    .containsExactly("assistantHellonull", "!null", "stop");
        }
        assertThat(events)
                .hasSize(7)
                .extracting(event -> event.path("id"))
                .hasSameElementsAs(List.of(events.getFirst().path("id")));
        assertThat(events.getLast().path("choices")).isEmpty();
        assertThat(events.getLast().at("/usage/completion_tokens").asInt()).isEqualTo(4);
        assertThat(events.getLast().at("/usage/prompt_tokens").asInt()).isEqualTo(3);
    }

    @Test
    void each_prompt_has_its_answers_in_the_order_of_the_prompts() throws IOException {
        var answer = whole(TEXT, "{'model':'chooser','prompt':['a','b'],'n':2,'echo':true}");

        assertThat(answer.path("choices"))
                .extracting(choice ->
                        choice.path("index").asInt() + ":" + choice.path("text").asText())
                .containsExactly("0:aHello!", "1:aHello!", "2:bHello!", "3:bHello!");
        assertThat(answer.at("/usage/prompt_tokens").asInt()).isEqualTo(6);
        assertThat(answer.at("/usage/completion_tokens").asInt()).isEqualTo(8);
    }

    @Test
    void a_prompt_may_be_tokens() throws IOException {
        whole(TEXT, "{'model':'chooser','prompt':[5,6]}");
        assertThat(requests().getLast().prompt()).isEqualTo(new Prompt.Tokens(List.of(5, 6)));

        assertThat(whole(TEXT, "{'model':'chooser','prompt':[[5],[6,7]]}").path("choices"))
                .hasSize(2);
        assertThat(requests())
                .extracting(GenerationRequest::prompt)
                .contains(new Prompt.Tokens(List.of(5)), new Prompt.Tokens(List.of(6, 7)));
    }

    @Test
    void an_echo_begins_the_first_piece_only() throws IOException {
        assertThat(stream(TEXT, "{'model':'chooser','prompt':'Say: ','echo':true,'stream':true}"))
                .extracting(event -> event.at("/choices/0/text").asText())
                .containsExactly("Say: Hello", "!", "");
    }

    @Test
    void log_probabilities_of_a_completion_are_lists_side_by_side() throws IOException {
        loader.answers(Script.of(
                new GenerationEvent.Text("h€", List.of(token("h", -0.5, 104), token("€", -1, 0xE2, 0x82, 0xAC))),
                new GenerationEvent.Text("i", List.of(token("i", -2, 105))),
                Script.finished(FinishReason.STOP, 3)));

        assertThat(whole(TEXT, "{'model':'chooser','prompt':'x','logprobs':1}")
                        .at("/choices/0/logprobs")
                        .toString())
                .isEqualTo(json("{'tokens':['h','€','i'],'token_logprobs':[-0.5,-1,-2],"
                        + "'top_logprobs':[{'h':-0.5},{'€':-1},{'i':-2}],'text_offset':[0,1,2]}"));
        assertThat(requests().getLast().topLogprobs()).hasValue(1);
        assertThat(stream(TEXT, "{'model':'chooser','prompt':'x','logprobs':0,'stream':true}"))
                .extracting(event -> event.at("/choices/0/logprobs/text_offset").toString())
                .containsExactly("[0,1]", "[2]", "");
        assertThat(requests().getLast().topLogprobs()).hasValue(0);
    }

    @Test
    void thoughts_of_a_completion_are_not_lost() throws IOException {
        loader.answers(Script.of(Script.reasoning("Hm."), Script.text("Yes"), Script.finished(FinishReason.STOP, 2)));

        var choice = whole(TEXT, "{'model':'chooser','prompt':'x'}").at("/choices/0");

        assertThat(choice.path("text").asText()).isEqualTo("Yes");
        assertThat(choice.path("reasoning").asText()).isEqualTo("Hm.");
        assertThat(stream(TEXT, "{'model':'chooser','prompt':'x','stream':true}")
                        .getFirst()
                        .at("/choices/0/reasoning")
                        .asText())
                .isEqualTo("Hm.");
    }

    @Test
    void a_failure_of_one_answer_ends_the_stream() throws IOException {
        loader.answers(Script.failing(new NativeFailure("cannot decode"), "Hel"));

        assertThat(stream(CHAT, "{'model':'chooser','n':2,'stream':true," + HELLO + "}"))
                .last()
                .extracting(event -> event.at("/error/message").asText())
                .isEqualTo("cannot decode");
    }

    @Test
    void what_cannot_be_is_refused_with_its_field() throws IOException {
        refused(CHAT, HELLO + ",'n':1000000", "n is 1000000: it must be between 1 and 128", "n");
        refused(CHAT, HELLO + ",'n':0", "n is 0: it must be between 1 and 128", "n");
        refused(CHAT, HELLO + ",'n':-1", "n is -1: it must be between 1 and 128", "n");
        refused(TEXT, "'prompt':'x','n':2,'best_of':3", "best_of is 3", "best_of");
        refused(TEXT, "'prompt':[]", "prompt is an empty list", "prompt");
        refused(TEXT, "'prompt':['a','']", "prompt[1] is empty", "prompt");
        refused(TEXT, "'prompt':[[1],[]]", "prompt[1] is empty", "prompt");
        refused(TEXT, "'prompt':['a'" + ",'a'".repeat(1024) + "]", "prompt holds 1025 prompts", "prompt");
        refused(TEXT, "'n':128,'prompt':['a'" + ",'a'".repeat(8) + "]", "at most 8", "prompt");
        refused(TEXT, "'prompt':[1,'a']", "CompletionRequest.prompt of type int", "");
        refused(TEXT, "'prompt':['a',1]", "CompletionRequest.prompt of type string", "");
        refused(TEXT, "'prompt':{'a':1}", "CompletionRequest.prompt of type string", "");
        refused(TEXT, "'prompt':[-1]", "prompt holds -1, which is no token", "prompt");
        refused(TEXT, "'prompt':[1],'suffix':'x'", "suffix goes with prompts that are texts", "suffix");
        refused(TEXT, "'prompt':[1],'echo':true", "echo goes with prompts that are texts", "echo");
        refused(TEXT, "'prompt':'a','echo':true,'logprobs':1", "echo does not go with logprobs", "echo");
        refused(TEXT, "'prompt':'a','logprobs':21", "between 0 and 20", "logprobs");
    }

    private static TokenLogprob token(String text, double logprob, int... bytes) {
        var octets = Arrays.stream(bytes).boxed().toList();
        var alone = new TokenLogprob(text, octets, logprob, List.of());
        return new TokenLogprob(text, octets, logprob, List.of(alone));
    }

    private List<GenerationRequest> requests() {
        return loader.engine().requests();
    }

    private void refused(String path, String fields, String message, String field) throws IOException {
        try (var exchange = post(path, "{'model':'chooser'," + fields + "}")) {
            var body = exchange.body();
            assertThat(exchange.status()).as(body).isEqualTo(400);
            var error = JSON.readTree(body).path("error");
            assertThat(error.path("message").asText()).contains(message);
            assertThat(error.path("param").asText("")).isEqualTo(field);
        }
    }

    private JsonNode whole(String path, String body) throws IOException {
        try (var exchange = post(path, body)) {
            var text = exchange.body();
            assertThat(exchange.status()).as(text).isEqualTo(200);
            return JSON.readTree(text);
        }
    }

    private List<JsonNode> stream(String path, String body) throws IOException {
        try (var exchange = post(path, body)) {
            var text = exchange.body();
            assertThat(exchange.status()).as(text).isEqualTo(200);
            var events = new ArrayList<JsonNode>();
            for (var event : text.split("\n\n")) {
                if (!event.equals("data: [DONE]")) {
                    events.add(JSON.readTree(event.substring("data: ".length())));
                }
            }
            return events;
        }
    }
}
