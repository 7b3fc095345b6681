// SPDX-License-Identifier: Apache-2.0
package dev.puna;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.SystemMessage;
import dev.langchain4j.data.message.ToolExecutionResultMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.exception.InvalidRequestException;
import dev.langchain4j.exception.ModelNotFoundException;
import dev.langchain4j.model.StreamingResponseHandler;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ResponseFormat;
import dev.langchain4j.model.chat.request.ResponseFormatType;
import dev.langchain4j.model.chat.request.json.JsonObjectSchema;
import dev.langchain4j.model.chat.request.json.JsonSchema;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.langchain4j.model.ollama.OllamaChatModel;
import dev.langchain4j.model.ollama.OllamaEmbeddingModel;
import dev.langchain4j.model.ollama.OllamaLanguageModel;
import dev.langchain4j.model.ollama.OllamaModel;
import dev.langchain4j.model.ollama.OllamaModels;
import dev.langchain4j.model.ollama.OllamaStreamingChatModel;
import dev.langchain4j.model.ollama.OllamaStreamingLanguageModel;
import dev.langchain4j.model.ollama.RunningOllamaModel;
import dev.puna.support.ServedProgram;
import dev.puna.support.TestModels;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every call that LangChain4j's module for Ollama has, against the packaged program and real models. It has none that creates
 * or copies models.
 */
@Timeout(120)
@DisplayNameGeneration(ReplaceUnderscores.class)
class LangChain4jIT {
    private static final Duration BOUND = Duration.ofSeconds(60);
    private static final String TEXT = "small:latest";
    private static final String CALLER = "caller:latest";

    private static final List<ChatMessage> CONVERSATION = List.of(
            SystemMessage.from("Be brief."),
            UserMessage.from("Hello"),
            AiMessage.from("Hi!"),
            UserMessage.from("Name a colour."));

    private static final ToolSpecification WEATHER = ToolSpecification.builder()
            .name("get_weather")
            .description("What it is like")
            .parameters(JsonObjectSchema.builder()
                    .addStringProperty("city")
                    .required("city")
                    .build())
            .build();

    @TempDir
    static Path home;

    private static ServedProgram served;
    private static String url = "";

    @BeforeAll
    static void serve() throws Exception {
        served = ServedProgram.start(home);
        served.createGreedy(TEXT, TestModels.smolLm2());
        served.createParrot(CALLER, ServedProgram.CALL_OF_GET_WEATHER);
        url = "http://" + served.address();
    }

    @AfterAll
    static void end() {
        served.close();
    }

    @Test
    void models_are_listed_shown_and_deleted() {
        assertThat(served.puna().run("cp", TEXT, "copy").exitCode()).isZero();
        var models = OllamaModels.builder().baseUrl(url).build();

        var listed = models.availableModels().content();
        var card = models.modelCard("copy").content();
        models.deleteModel("copy");

        assertThat(listed).extracting(OllamaModel::getName).contains("copy:latest", TEXT);
        assertThat(listed).allSatisfy(model -> {
            assertThat(model.getDetails().getFormat()).isEqualTo("gguf");
            assertThat(model.getModifiedAt()).isNotNull();
        });
        assertThat(card.getDetails().getFamily()).isEqualTo("llama");
        assertThat(card.getModelInfo()).containsEntry("general.architecture", "llama");
        assertThat(card.getCapabilities()).contains("completion");
        // They come with "verbose", which this client has no word for.
        assertThat(card.getTensors()).isNull();
        assertThat(models.availableModels().content())
                .extracting(OllamaModel::getName)
                .doesNotContain("copy:latest");
    }

    @Test
    void a_text_is_continued_whole_and_in_pieces() throws Exception {
        var whole = OllamaLanguageModel.builder()
                .baseUrl(url)
                .modelName(TEXT)
                .temperature(0.0)
                .numPredict(8)
                .timeout(BOUND)
                .build()
                .generate("Name a colour.");
        var streaming = OllamaStreamingLanguageModel.builder()
                .baseUrl(url)
                .modelName(TEXT)
                .temperature(0.0)
                .numPredict(8)
                .timeout(BOUND)
                .build();
        var pieces = new StringBuilder();
        var ended = new CompletableFuture<String>();
        streaming.generate("Name a colour.", new StreamingResponseHandler<String>() {
            @Override
            public void onNext(String piece) {
                pieces.append(piece);
            }

            @Override
            public void onComplete(dev.langchain4j.model.output.Response<String> response) {
                ended.complete(response.content());
            }

            @Override
            public void onError(Throwable failure) {
                ended.completeExceptionally(failure);
            }
        });

        assertThat(whole.content()).isNotBlank();
        assertThat(requireNonNull(whole.tokenUsage()).outputTokenCount()).isBetween(1, 8);
        assertThat(ended.get(60, TimeUnit.SECONDS)).isNotBlank().isEqualTo(pieces.toString());
        assertThat(OllamaModels.builder().baseUrl(url).build().runningModels().content())
                .extracting(RunningOllamaModel::getName)
                .contains(TEXT);
    }

    @Test
    void a_conversation_is_answered_whole_and_in_pieces() throws Exception {
        var whole = chat(TEXT).numPredict(8).build().chat(CONVERSATION);
        var pieces = new StringBuilder();
        var streamed = streamed(
                OllamaStreamingChatModel.builder()
                        .baseUrl(url)
                        .modelName(TEXT)
                        .temperature(0.0)
                        .numPredict(8)
                        .timeout(BOUND)
                        .build(),
                ChatRequest.builder().messages(CONVERSATION).build(),
                pieces);

        assertThat(whole.aiMessage().text()).isNotBlank();
        assertThat(requireNonNull(whole.tokenUsage()).outputTokenCount()).isBetween(1, 8);
        assertThat(whole.finishReason()).isNotNull();
        assertThat(streamed.aiMessage().text()).isNotBlank().isEqualTo(pieces.toString());
    }

    @Test
    void an_answer_has_the_form_that_is_asked_for() throws Exception {
        var schema = JsonSchema.builder()
                .name("City")
                .rootElement(JsonObjectSchema.builder()
                        .addEnumProperty("name", List.of("Paris", "Rome"))
                        .addIntegerProperty("inhabitants")
                        .addBooleanProperty("coast")
                        .required("name", "inhabitants", "coast")
                        .build())
                .build();
        var form = ResponseFormat.builder()
                .type(ResponseFormatType.JSON)
                .jsonSchema(schema)
                .build();

        var formed = chat(TEXT).responseFormat(form).build().chat("Tell me about a city.");
        var json = chat(TEXT)
                .responseFormat(ResponseFormat.JSON)
                .numPredict(200)
                .build()
                .chat("Answer with {\"ok\": true} and nothing else.");

        var city = new ObjectMapper().readTree(formed);
        assertThat(city.at("/name").asText()).isIn("Paris", "Rome");
        assertThat(city.at("/inhabitants").isIntegralNumber()).isTrue();
        assertThat(city.at("/coast").isBoolean()).isTrue();
        assertThat(json).startsWith("{");
    }

    @Test
    void a_tool_is_called_and_told_what_came_of_it() throws Exception {
        var model = chat(CALLER).think(true).returnThinking(true).build();
        var question = UserMessage.from("What is it like in Paris?");
        var request = ChatRequest.builder()
                .messages(question)
                .toolSpecifications(WEATHER)
                .build();

        var called = model.chat(request).aiMessage();
        var streamed = streamed(
                OllamaStreamingChatModel.builder()
                        .baseUrl(url)
                        .modelName(CALLER)
                        .think(true)
                        .returnThinking(true)
                        .timeout(BOUND)
                        .build(),
                request,
                new StringBuilder());
        var call = called.toolExecutionRequests().getFirst();
        var told = model.chat(ChatRequest.builder()
                .messages(question, called, ToolExecutionResultMessage.from(call, "sunny"))
                .toolSpecifications(WEATHER)
                .build());

        assertThat(called.thinking()).contains("weather");
        assertThat(call.name()).isEqualTo("get_weather");
        assertThat(new ObjectMapper().readTree(call.arguments())).hasToString("{\"city\":\"Paris\"}");
        assertThat(streamed.aiMessage().toolExecutionRequests())
                .singleElement()
                .satisfies(again -> assertThat(again.name()).isEqualTo("get_weather"));
        assertThat(told.aiMessage().hasToolExecutionRequests()).isTrue();
    }

    @Test
    void texts_become_vectors() throws Exception {
        served.create("minilm", TestModels.miniLm());
        var model = OllamaEmbeddingModel.builder()
                .baseUrl(url)
                .modelName("minilm")
                .timeout(BOUND)
                .build();

        var vectors = model.embedAll(List.of(TextSegment.from("a"), TextSegment.from("b")))
                .content();

        assertThat(vectors).hasSize(2).allSatisfy(vector -> {
            assertThat(vector.dimension()).isEqualTo(384);
            assertThat(vector.vector()).isNotEmpty();
        });
        assertThat(model.embed("a").content().vector()[0])
                .isCloseTo(vectors.getFirst().vector()[0], within(1e-3f));
    }

    @Test
    void what_cannot_be_done_fails_with_the_reason() {
        var tools = ChatRequest.builder()
                .messages(CONVERSATION)
                .toolSpecifications(WEATHER)
                .build();

        assertThatThrownBy(() -> chat("absent").build().chat("Hello"))
                .isInstanceOf(ModelNotFoundException.class)
                .hasMessageContaining("model 'absent' not found");
        assertThatThrownBy(() -> chat(TEXT).build().chat(tools))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("does not support tools");
        assertThatThrownBy(() -> OllamaModels.builder().baseUrl(url).build().modelCard("absent"))
                .hasMessageContaining("model 'absent:latest' not found");
    }

    private static OllamaChatModel.OllamaChatModelBuilder chat(String model) {
        return OllamaChatModel.builder()
                .baseUrl(url)
                .modelName(model)
                .temperature(0.0)
                .maxRetries(0)
                .timeout(BOUND);
    }

    private static ChatResponse streamed(OllamaStreamingChatModel model, ChatRequest request, StringBuilder pieces)
            throws Exception {
        var ended = new CompletableFuture<ChatResponse>();
        model.chat(request, new StreamingChatResponseHandler() {
            @Override
            public void onPartialResponse(String piece) {
                pieces.append(piece);
            }

            @Override
            public void onCompleteResponse(ChatResponse response) {
                ended.complete(response);
            }

            @Override
            public void onError(Throwable failure) {
                ended.completeExceptionally(failure);
            }
        });
        return ended.get(60, TimeUnit.SECONDS);
    }
}
