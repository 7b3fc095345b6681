// SPDX-License-Identifier: Apache-2.0
package dev.puna.api.ollama;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.puna.api.http.StreamedResponse;
import dev.puna.api.json.RecordJson;
import dev.puna.api.ollama.request.Bodies;
import dev.puna.chat.Message;
import dev.puna.chat.Thinking;
import dev.puna.engine.FinishReason;
import dev.puna.engine.OutputFormat;
import dev.puna.engine.Prompt;
import dev.puna.failure.Failure;
import dev.puna.failure.InvalidRequest;
import dev.puna.failure.NotFound;
import dev.puna.failure.StoreFailure;
import dev.puna.inference.GenerationService;
import dev.puna.inference.ModelAccess;
import dev.puna.inference.RequestClock;
import dev.puna.inference.RequestMemory;
import dev.puna.inference.capability.CapabilityResolver;
import dev.puna.model.KeepAlive;
import dev.puna.model.ModelName;
import dev.puna.model.StoredMessage;
import dev.puna.settings.Settings;
import dev.puna.store.ModelStore;
import dev.puna.support.InstantScheduling;
import dev.puna.support.Script;
import dev.puna.support.ScriptedEngineLoader;
import dev.puna.support.TinyModels;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayNameGeneration(ReplaceUnderscores.class)
class GenerationAnswersTest {
    private static final Duration BOUND = Duration.ofSeconds(10);

    private final ScriptedEngineLoader loader = new ScriptedEngineLoader();
    private final InstantScheduling scheduling = new InstantScheduling(loader);
    private final GenerationService generations;

    GenerationAnswersTest(@TempDir Path folder) {
        var store = ModelStore.open(folder);
        generations = new GenerationService(
                new ModelAccess(store, new CapabilityResolver(Settings.from(Map.of())), scheduling));
        var models = new TinyModels(store);
        models.generative("plain");
        models.generative("deepseek-r1");
        models.embedding("embedder");
        models.generative("thinker", "{{ '<think>' }}{{ '</think>' }}");
        models.generative("tooler", "{{ tools }}");
        models.create("gotemplate", "llama", Map.of(), draft -> draft.template("G {{ .Prompt }}"));
        models.create(
                "filler",
                "llama",
                Map.of(),
                draft -> draft.template("{{ .Prompt }}{{ if .Suffix }}{{ .Suffix }}{{ end }}"));
        var jinja = Map.<String, Object>of("tokenizer.chat_template", "{{ messages }}");
        models.create("coder", "llama", jinja, draft -> {
            draft.template("G {{ .Prompt }}");
            draft.renderer("qwen3-coder");
        });
        models.create(
                "tuned",
                "llama",
                Map.of(
                        "general.sampling.temp",
                        0.25f,
                        "general.sampling.top_k",
                        7,
                        "general.sampling.typ_p",
                        0.5f,
                        "general.sampling.penalty_last_n",
                        9,
                        "general.sampling.penalty_repeat",
                        Float.NaN,
                        "general.sampling.min_p",
                        "much"),
                draft -> draft.parameters(Map.of("top_k", 8, "typical_p", 0.75)));
        models.create("oss", "gptoss", jinja, draft -> draft.template("<|start|>{{ .Prompt }}<|end|>"));
        models.create("stranger", "llama", jinja, draft -> draft.renderer("qwen9"));
        models.create("pirate", "llama", Map.of(), draft -> {
            draft.system("You are a pirate.");
            draft.parameters(Map.of("temperature", 0, "stop", List.of("Arr"), "num_ctx", 1024));
            draft.messages(List.of(new StoredMessage("user", "Hi"), new StoredMessage("assistant", "Ahoy")));
        });
    }

    @Test
    void a_model_that_is_not_there_is_said_to_be_missing() {
        generateRefused("{'model':'nosuch','prompt':'x'}", NotFound.class, "model 'nosuch' not found");
        generateRefused("{'prompt':'x'}", NotFound.class, "model '' not found");
        generateRefused("{'model':'a b','prompt':'x'}", InvalidRequest.class, "invalid model name");
        chatRefused("{'model':'nosuch'}", NotFound.class, "model 'nosuch' not found");
        chatRefused("{'messages':[]}", InvalidRequest.class, "model is required");
    }

    @Test
    void names_are_found_in_any_case_and_told_back_as_they_were_sent() {
        loader.answers(Script.answering("x"));

        assertThat(whole("{'model':'PLAIN:Latest','prompt':'x','stream':false}"))
                .startsWith("{\"model\":\"PLAIN:Latest\"");
    }

    @Test
    void nothing_to_say_and_no_time_to_stay_unloads_the_model() {
        assertThat(whole("{'model':'plain','keep_alive':0}")).contains("\"done\":true,\"done_reason\":\"unload\"}");
        assertThat(object(chat("{'model':'plain','messages':[],'keep_alive':'0s'}")))
                .endsWith("\"message\":{\"role\":\"assistant\",\"content\":\"\"},"
                        + "\"done\":true,\"done_reason\":\"unload\"}");

        assertThat(scheduling.expired()).containsExactly(ModelName.parse("plain"), ModelName.parse("plain"));
        assertThat(scheduling.requests()).isEmpty();
    }

    @Test
    void nothing_to_say_loads_the_model() {
        assertThat(whole("{'model':'plain','keep_alive':-1}"))
                .endsWith("\"response\":\"\",\"done\":true,\"done_reason\":\"load\"}");
        assertThat(object(chat("{'model':'plain'}"))).endsWith("\"done\":true,\"done_reason\":\"load\"}");

        assertThat(scheduling.requests())
                .extracting("keepAlive")
                .containsExactly(Optional.of(KeepAlive.FOREVER), Optional.empty());
        assertThat(scheduling.closings()).isEqualTo(2);
    }

    @Test
    void a_model_is_asked_only_for_what_it_can_do() {
        generateRefused("{'model':'embedder','prompt':'x'}", "\"embedder\" does not support generate");
        chatRefused("{'model':'embedder','messages':[{}]}", "\"embedder\" does not support chat");
        generateRefused(
                "{'model':'plain','prompt':'x','suffix':'y'}",
                "registry.ollama.ai/library/plain:latest does not support insert");
        chatRefused(
                "{'model':'plain','messages':[{}],'tools':[{'function':{'name':'f'}}]}",
                "registry.ollama.ai/library/plain:latest does not support tools");
        generateRefused("{'model':'plain','prompt':'x','think':true}", "\"plain\" does not support thinking");
        chatRefused("{'model':'plain','messages':[{}],'think':'high'}", "\"plain\" does not support thinking");
        generateRefused(
                "{'model':'deepseek-r1','prompt':'x','think':true}",
                "\"deepseek-r1\" does not support thinking. Pull the model again to get the latest version with full"
                        + " thinking support");
        generateRefused("{'model':'plain','prompt':'x','images':['aa==']}", "\"plain\" does not support images");
        chatRefused("{'model':'plain','messages':[{'images':['aa==']}]}", "\"plain\" does not support images");

        assertThat(scheduling.requests()).isEmpty();
    }

    @Test
    void raw_text_excludes_what_shapes_it() {
        var message = "raw mode does not support template, system, or context";
        generateRefused("{'model':'plain','prompt':'x','raw':true,'system':'S'}", message);
        generateRefused("{'model':'plain','prompt':'x','raw':true,'template':'T'}", message);
        generateRefused("{'model':'plain','prompt':'x','raw':true,'context':[1]}", message);
        generateRefused("{'model':'embedder','raw':true,'system':'S','think':true}", message);
    }

    @Test
    void options_of_the_wrong_type_and_unknown_formats_are_refused_before_anything_loads() {
        generateRefused(
                "{'model':'plain','prompt':'x','options':{'temperature':'hot'}}",
                "option \"temperature\" must be of type float32");
        chatRefused(
                "{'model':'plain','messages':[{}],'format':5}",
                "invalid format: \"5\"; expected \"json\" or a valid JSON Schema object");

        assertThat(scheduling.requests()).isEmpty();
    }

    @Test
    void a_prompt_becomes_a_conversation_of_system_text_examples_and_question() {
        whole("{'model':'pirate','prompt':'Where?','stream':false,'options':{'top_k':7}}");

        assertThat(conversation().messages())
                .containsExactly(
                        Message.of("system", "You are a pirate."),
                        Message.of("user", "Hi"),
                        Message.of("assistant", "Ahoy"),
                        Message.of("user", "Where?"));
        var request = loader.engine().requests().getLast();
        assertThat(request.options().temperature()).isZero();
        assertThat(request.options().topK()).isEqualTo(7);
        assertThat(request.options().stop()).containsExactly("Arr");
        assertThat(request.returnContext()).isTrue();
        assertThat(request.shift()).isTrue();
        assertThat(request.format()).isEqualTo(new OutputFormat.Free());
        assertThat(scheduling.requests().getLast().options().numCtx()).hasValue(1024);
    }

    @Test
    void the_system_text_of_a_prompt_replaces_the_models_and_a_context_its_examples() {
        whole("{'model':'pirate','prompt':'Where?','system':'Be brief.','context':[1,2],'stream':false}");

        assertThat(conversation().messages())
                .containsExactly(Message.of("system", "Be brief."), Message.of("user", "Where?"));
        assertThat(conversation().context()).containsExactly(1, 2);
    }

    @Test
    void a_model_without_a_template_goes_on_from_the_bare_prompt_but_chats_by_a_usual_one() {
        whole("{'model':'plain','prompt':'x','stream':false}");
        assertThat(conversation().template()).contains("{{ .Prompt }}");

        object(chat("{'model':'plain','messages':[{}],'stream':false}"));
        assertThat(conversation().template()).isEmpty();
    }

    @Test
    void a_template_of_the_model_is_left_to_the_engine_and_one_of_the_request_goes_before_it() {
        whole("{'model':'thinker','prompt':'x','stream':false}");
        assertThat(conversation().template()).isEmpty();

        whole("{'model':'thinker','prompt':'x','stream':false,'template':'T {{ .Prompt }}'}");
        assertThat(conversation().template()).contains("T {{ .Prompt }}");

        object(chat("{'model':'gotemplate','messages':[{}],'stream':false}"));
        assertThat(conversation().template()).contains("G {{ .Prompt }}");
    }

    @Test
    void what_the_weights_recommend_counts_below_the_models_parameters_and_these_below_the_request() {
        whole("{'model':'tuned','prompt':'x','stream':false,'options':{'typical_p':0.875}}");

        var options = loader.engine().requests().getLast().options();
        assertThat(options.temperature()).isEqualTo(0.25f);
        assertThat(options.repeatLastN()).isEqualTo(9);
        assertThat(options.topK()).isEqualTo(8);
        assertThat(options.typicalP()).isEqualTo(0.875f);
        assertThat(options.repeatPenalty()).isEqualTo(1);
        assertThat(options.minP()).isZero();
    }

    @Test
    void what_stands_at_the_beginning_of_a_file_is_filled_in_from_what_follows_alone() {
        whole("{'model':'filler','prompt':'','suffix':'return x','stream':false}");

        assertThat(conversation().suffix()).isEqualTo("return x");
        generateRefused(
                "{'model':'plain','suffix':'y'}", "registry.ollama.ai/library/plain:latest does not support insert");
        assertThat(whole("{'model':'filler','suffix':'y','raw':true}")).contains("\"done_reason\":\"load\"");
    }

    @Test
    void a_format_that_ollama_knows_by_name_is_left_to_the_template_in_the_weights() {
        object(chat("{'model':'coder','messages':[{}],'stream':false}"));
        assertThat(conversation().template()).isEmpty();

        object(chat("{'model':'oss','messages':[{}],'stream':false}"));
        assertThat(conversation().template()).isEmpty();
    }

    @Test
    void a_format_that_nobody_knows_is_named() {
        chatRefused("{'model':'stranger','messages':[{}]}", StoreFailure.class, "unknown renderer \"qwen9\"");
        assertThat(object(chat("{'model':'stranger'}"))).contains("\"done_reason\":\"load\"");
    }

    @Test
    void raw_text_goes_before_the_model_as_it_is() {
        whole("{'model':'pirate','prompt':'Once','raw':true,'stream':false,'truncate':false,'shift':false}");

        var request = loader.engine().requests().getLast();
        assertThat(request.prompt()).isEqualTo(new Prompt.Raw("Once"));
        assertThat(request.returnContext()).isFalse();
        assertThat(request.truncate()).isFalse();
        assertThat(request.shift()).isFalse();
    }

    @Test
    void a_chat_begins_with_the_models_system_text_unless_it_brings_its_own() {
        object(chat("{'model':'pirate','messages':[{'role':'user','content':'a'}],'stream':false}"));

        assertThat(conversation().messages())
                .extracting("content")
                .containsExactly("You are a pirate.", "Hi", "Ahoy", "a");

        object(chat("{'model':'pirate','messages':[{'role':'system','content':'s'}],'stream':false}"));

        assertThat(conversation().messages()).extracting("content").containsExactly("Hi", "Ahoy", "s");
    }

    @Test
    void a_model_that_thinks_does_so_unless_told_not_to() {
        object(chat("{'model':'thinker','messages':[{}],'stream':false}"));
        assertThat(conversation().thinking()).isEqualTo(Thinking.ON);

        object(chat("{'model':'thinker','messages':[{}],'stream':false,'think':false}"));
        assertThat(conversation().thinking()).isEqualTo(Thinking.OFF);

        object(chat("{'model':'plain','messages':[{}],'stream':false,'think':false}"));
        assertThat(conversation().thinking()).isEqualTo(Thinking.OFF);
    }

    @Test
    void a_level_of_thinking_that_means_nothing_is_refused_unless_the_model_falls_back_to_its_own() {
        var words = "(must be \"high\", \"medium\", \"low\", \"max\", true, or false)";
        chatRefused("{'model':'thinker','messages':[{}],'think':'none'}", "invalid think value: \"none\" " + words);
        chatRefused("{'model':'nosuch','messages':[{}],'think':'none'}", "invalid think value: \"none\" " + words);
        chatRefused(
                "{'model':'oss','messages':[{}],'think':1}",
                "think must be a boolean or string (\"high\", \"medium\", \"low\", \"max\", true, or false)"
                        + "; supported values: [\"low\",\"medium\",\"high\"]");

        object(chat("{'model':'coder','messages':[{}],'stream':false,'think':'none'}"));
        assertThat(conversation().thinking()).isEqualTo(Thinking.OFF);
    }

    @Test
    void tools_reach_a_model_that_knows_them() {
        object(chat("{'model':'tooler','messages':[{}],'tools':[{'function':{'name':'f'}}],'stream':false}"));

        assertThat(conversation().tools()).singleElement().satisfies(tool -> assertThat(tool.name())
                .isEqualTo("f"));
    }

    @Test
    void only_the_rendered_prompt_is_given_when_only_that_is_wanted() {
        var chat = chat("{'model':'plain','messages':[{'role':'user','content':'a'}],'_debug_render_only':true}");

        assertThat(chat.framing().grows()).isFalse();
        assertThat(object(chat))
                .endsWith("\"message\":{\"role\":\"\",\"content\":\"\"},\"done\":false,\"_debug_info\":"
                        + "{\"rendered_template\":\"\\u003c|im_start|\\u003euser\\na\\u003c|im_end|\\u003e\\n"
                        + "\\u003c|im_start|\\u003eassistant\\n\"}}");
        assertThat(scheduling.open()).isZero();
        assertThat(loader.engine().requests()).isEmpty();
    }

    @Test
    void a_streamed_answer_has_a_line_for_each_event_that_says_something() {
        loader.answers(Script.of(
                Script.text("Hel"), Script.text(""), Script.text("lo"), Script.finished(FinishReason.STOP, 2)));

        var lines = lines(generate("{'model':'plain','prompt':'x'}"));

        assertThat(lines).hasSize(3);
        assertThat(lines.getFirst()).endsWith("\"response\":\"Hel\",\"done\":false}");
        assertThat(lines.getLast())
                .contains("\"response\":\"\",\"done\":true,\"done_reason\":\"stop\",\"context\":[1,2,3]");
        assertThat(scheduling.closings()).isEqualTo(1);
    }

    @Test
    void an_answer_that_is_not_streamed_is_one_object() {
        loader.answers(Script.answering("Hel", "lo"));

        assertThat(whole("{'model':'plain','prompt':'x','stream':false}"))
                .contains("\"response\":\"Hello\",\"done\":true,\"done_reason\":\"stop\"");
        assertThat(scheduling.open()).isZero();
    }

    @Test
    void each_subscription_is_an_answer_of_its_own() {
        loader.answers(Script.answering("a"));
        var stream = chat("{'model':'plain','messages':[{}]}");

        assertThat(lines(stream)).hasSize(2);
        assertThat(lines(stream)).hasSize(2);
        assertThat(scheduling.closings()).isEqualTo(2);
    }

    @Test
    void a_failure_of_the_engine_closes_the_lease() {
        loader.answers(Script.failing(new InvalidRequest("too long"), "a"));

        assertThatThrownBy(() -> whole("{'model':'plain','prompt':'x','stream':false}"))
                .hasMessage("too long");
        assertThat(scheduling.open()).isZero();
    }

    private Prompt.Conversation conversation() {
        return (Prompt.Conversation) loader.engine().requests().getLast().prompt();
    }

    private StreamedResponse generate(String json) {
        var request = Bodies.generate(json);
        var clock = RequestClock.start();
        var outcome = generations.answer(request.completion(), clock, RequestMemory.UNCOUNTED);
        var model = request.completion().parameters().model().name();
        return GenerationAnswers.of(outcome, request.stream(), () -> new GenerateResponseBuilder(model, clock));
    }

    private StreamedResponse chat(String json) {
        var request = Bodies.chat(json);
        var clock = RequestClock.start();
        var outcome = generations.answer(request.completion(), clock, RequestMemory.UNCOUNTED);
        var model = request.completion().parameters().model().name();
        return GenerationAnswers.of(outcome, request.stream(), () -> new ChatResponseBuilder(model, clock));
    }

    private String whole(String json) {
        return object(generate(json));
    }

    private static String object(StreamedResponse stream) {
        assertThat(stream.framing().grows()).isFalse();
        return lines(stream).getFirst();
    }

    private static List<String> lines(StreamedResponse stream) {
        return stream.items().collect().asList().await().atMost(BOUND).stream()
                .map(item -> new String(RecordJson.bytes(item), StandardCharsets.UTF_8))
                .toList();
    }

    private void generateRefused(String json, String text) {
        generateRefused(json, InvalidRequest.class, text);
    }

    private void generateRefused(String json, Class<? extends Failure> kind, String text) {
        assertThatThrownBy(() -> generate(json)).isInstanceOf(kind).hasMessage(text);
    }

    private void chatRefused(String json, String text) {
        chatRefused(json, InvalidRequest.class, text);
    }

    private void chatRefused(String json, Class<? extends Failure> kind, String text) {
        assertThatThrownBy(() -> chat(json)).isInstanceOf(kind).hasMessage(text);
    }
}
