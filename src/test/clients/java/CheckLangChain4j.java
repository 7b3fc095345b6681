// SPDX-License-Identifier: Apache-2.0
import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.ImageContent;
import dev.langchain4j.data.message.SystemMessage;
import dev.langchain4j.data.message.TextContent;
import dev.langchain4j.data.message.ToolExecutionResultMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.exception.InvalidRequestException;
import dev.langchain4j.exception.ModelNotFoundException;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ResponseFormat;
import dev.langchain4j.model.chat.request.ResponseFormatType;
import dev.langchain4j.model.chat.request.json.JsonObjectSchema;
import dev.langchain4j.model.chat.request.json.JsonSchema;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.PartialResponse;
import dev.langchain4j.model.chat.response.PartialResponseContext;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.langchain4j.model.openai.OpenAiChatModel;
import dev.langchain4j.model.openai.OpenAiEmbeddingModel;
import dev.langchain4j.model.openai.OpenAiLanguageModel;
import dev.langchain4j.model.openai.OpenAiStreamingChatModel;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/** What a program written with LangChain4j's module for OpenAI does; see check_langchain_openai.py. */
final class CheckLangChain4j {
    private static final Duration BOUND = Duration.ofSeconds(120);
    private static final String URL = System.getenv("OLLAMA_HOST") + "/v1";
    private static final String PIXEL =
            "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNkYAAAAAYAAjCB0C8AAAAASUVORK5CYII=";

    public static void main(String[] models) throws Exception {
        var conversation = List.<ChatMessage>of(
                SystemMessage.from("Be brief."), UserMessage.from("Hello"), AiMessage.from("Hi!"), UserMessage.from("And?"));
        var brief = ChatRequest.builder().messages(conversation).maxOutputTokens(8).temperature(0.0).build();

        var text = chat(models[0]);
        var whole = text.chat(brief);
        check(!whole.aiMessage().text().isEmpty() && whole.tokenUsage().outputTokenCount() <= 8, whole);
        var pieces = gathered(models[0], brief);
        check(!pieces.aiMessage().text().isEmpty() && pieces.tokenUsage().outputTokenCount() <= 8, pieces);
        var continued = OpenAiLanguageModel.builder().baseUrl(URL).apiKey("none").modelName(models[1]).build();
        check(!continued.generate("Once upon a").content().isEmpty(), "a text is continued");

        var schema = JsonObjectSchema.builder().addEnumProperty("name", List.of("Paris", "Rome")).required("name").build();
        var format = ResponseFormat.builder()
                .type(ResponseFormatType.JSON)
                .jsonSchema(JsonSchema.builder().name("city").rootElement(schema).build())
                .build();
        var formed = text.chat(ChatRequest.builder().messages(conversation).responseFormat(format).build());
        check(Pattern.matches("(?s)\\s*\\{\\s*\"name\"\\s*:\\s*\"(Paris|Rome)\"\\s*}\\s*", formed.aiMessage().text()), formed);

        callsTools(models[1]);
        if (models.length > 2) {
            var embedder = OpenAiEmbeddingModel.builder().baseUrl(URL).apiKey("none").modelName(models[2]).build();
            var vectors = embedder.embedAll(List.of(TextSegment.from("a"), TextSegment.from("b"))).content();
            check(vectors.size() == 2 && vectors.getFirst().dimension() == 384, vectors.size());
        }
        leaves(models[0]);

        var seen = UserMessage.from(TextContent.from("What is this?"), ImageContent.from(PIXEL, "image/png"));
        refused(InvalidRequestException.class, () -> text.chat(seen));
        refused(ModelNotFoundException.class, () -> chat("absent").chat("Hello"));
        System.out.println("every call is as it should be");
    }

    private static void callsTools(String caller) throws Exception {
        var city = JsonObjectSchema.builder().addStringProperty("city").required("city").build();
        var weather = ToolSpecification.builder().name("get_weather").description("What it is like").parameters(city).build();
        var question = UserMessage.from("What is it like in Paris?");
        var asked = ChatRequest.builder().messages(question).toolSpecifications(weather).build();
        for (var answer : List.of(chat(caller).chat(asked), gathered(caller, asked))) {
            var call = answer.aiMessage().toolExecutionRequests().getFirst();
            check(call.name().equals("get_weather") && call.arguments().contains("Paris"), answer);
            var result = ToolExecutionResultMessage.from(call, "sunny");
            var told = List.of(question, answer.aiMessage(), result);
            chat(caller).chat(ChatRequest.builder().messages(told).toolSpecifications(weather).build());
        }
    }

    private static OpenAiChatModel chat(String model) {
        return OpenAiChatModel.builder()
                .baseUrl(URL)
                .apiKey("none")
                .modelName(model)
                .timeout(BOUND)
                .maxRetries(0)
                .strictJsonSchema(true)
                .build();
    }

    private static OpenAiStreamingChatModel streaming(String model) {
        return OpenAiStreamingChatModel.builder().baseUrl(URL).apiKey("none").modelName(model).timeout(BOUND).build();
    }

    private static ChatResponse gathered(String model, ChatRequest request) throws Exception {
        var end = new CompletableFuture<ChatResponse>();
        streaming(model).chat(request, new StreamingChatResponseHandler() {
            @Override
            public void onCompleteResponse(ChatResponse response) {
                end.complete(response);
            }

            @Override
            public void onError(Throwable error) {
                end.completeExceptionally(error);
            }
        });
        return end.get(BOUND.toSeconds(), TimeUnit.SECONDS);
    }

    /** The first piece is enough. */
    private static void leaves(String model) throws Exception {
        var left = new CompletableFuture<Void>();
        streaming(model).chat("Tell me a long story.", new StreamingChatResponseHandler() {
            @Override
            public void onPartialResponse(PartialResponse piece, PartialResponseContext context) {
                context.streamingHandle().cancel();
                left.complete(null);
            }

            @Override
            public void onCompleteResponse(ChatResponse response) {
                left.complete(null);
            }

            @Override
            public void onError(Throwable error) {
                left.completeExceptionally(error);
            }
        });
        left.get(BOUND.toSeconds(), TimeUnit.SECONDS);
    }

    private static void refused(Class<? extends Exception> kind, Runnable call) {
        try {
            call.run();
        } catch (RuntimeException e) {
            check(kind.isInstance(e), e);
            return;
        }
        throw new AssertionError("no error");
    }

    private static void check(boolean holds, Object what) {
        if (!holds) {
            throw new AssertionError(what);
        }
    }
}
