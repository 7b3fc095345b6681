// SPDX-License-Identifier: Apache-2.0
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.springframework.ai.chat.client.ChatClient;
import org.springframework.ai.content.Media;
import org.springframework.ai.embedding.EmbeddingModel;
import org.springframework.ai.embedding.EmbeddingRequest;
import org.springframework.ai.openai.OpenAiChatOptions;
import org.springframework.ai.openai.OpenAiEmbeddingOptions;
import org.springframework.ai.tool.function.FunctionToolCallback;
import org.springframework.ai.tool.metadata.ToolMetadata;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.core.io.ByteArrayResource;
import org.springframework.util.MimeTypeUtils;

/** What an application with Spring AI's OpenAI starter does; see check_langchain_openai.py. */
@EnableAutoConfiguration
public class CheckSpringAi {
    /** What the tool is told. */
    public record Where(String city) {}

    /** A form of answers. */
    public record City(String name, boolean coast) {}

    public static void main(String[] models) {
        var application = new SpringApplicationBuilder(CheckSpringAi.class)
                .web(WebApplicationType.NONE)
                .properties(Map.of(
                        "spring.main.banner-mode", "off",
                        "logging.level.root", "warn",
                        "spring.ai.openai.base-url", System.getenv("OLLAMA_HOST") + "/v1",
                        "spring.ai.openai.api-key", "none",
                        "spring.ai.openai.max-retries", "0",
                        "spring.ai.retry.max-attempts", "1",
                        "spring.ai.model.image", "none",
                        "spring.ai.model.audio.speech", "none",
                        "spring.ai.model.audio.transcription", "none",
                        "spring.ai.model.moderation", "none"))
                .run();
        try (application) {
            var client = application.getBean(ChatClient.Builder.class).build();
            chats(client, models[0]);
            calls(client, models[1]);
            if (models.length > 2) {
                var options = OpenAiEmbeddingOptions.builder().model(models[2]).build();
                var made = application.getBean(EmbeddingModel.class).call(new EmbeddingRequest(List.of("a", "b"), options));
                check(made.getResults().size() == 2 && made.getResult().getOutput().length == 384, made);
            }
        }
        System.out.println("every call is as it should be");
        System.exit(0);
    }

    private static void chats(ChatClient client, String model) {
        var brief = client.prompt().system("Be brief.").user("Name a colour.").options(options(model).maxTokens(8));
        var whole = brief.call().chatResponse();
        check(!whole.getResult().getOutput().getText().isEmpty(), whole);
        check(whole.getMetadata().getUsage().getCompletionTokens() <= 8, whole);
        check(!String.join("", brief.stream().content().collectList().block()).isEmpty(), "streamed");

        var city = client.prompt()
                .user("Tell me about a city.")
                .options(options(model).maxTokens(400))
                .call()
                .entity(City.class, spec -> spec.useProviderStructuredOutput());
        check(city.name() != null, city);

        // The first piece is enough.
        client.prompt().user("Tell me a long story.").options(options(model)).stream().content().blockFirst();
        var pixel = new ByteArrayResource(Base64.getDecoder()
                .decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNkYAAAAAYAAjCB0C8AAAAASUVORK5CYII="));
        var seen = client.prompt()
                .user(user -> user.text("What is this?").media(new Media(MimeTypeUtils.IMAGE_PNG, pixel)))
                .options(options(model));
        refused("image", () -> seen.call().content());
        refused("absent", () -> client.prompt().user("Hello").options(options("absent")).call().content());
    }

    /** The result of the tool is the answer, since the model would call for ever. */
    private static void calls(ChatClient client, String model) {
        var told = new AtomicReference<Where>();
        var weather = FunctionToolCallback.builder("get_weather", (Where where) -> {
                    told.set(where);
                    return "sunny";
                })
                .description("What it is like")
                .inputType(Where.class)
                .toolMetadata(ToolMetadata.builder().returnDirect(true).build())
                .build();
        var asked = client.prompt().user("What is it like in Paris?").options(options(model)).tools(weather);
        check(asked.call().content().contains("sunny") && told.get().city().equals("Paris"), told);
        told.set(null);
        check(!asked.stream().content().collectList().block().isEmpty() && told.get().city().equals("Paris"), told);
    }

    private static OpenAiChatOptions.Builder options(String model) {
        return OpenAiChatOptions.builder().model(model).temperature(0.0);
    }

    private static void refused(String word, Runnable call) {
        try {
            call.run();
        } catch (RuntimeException e) {
            check(e.toString().contains(word), e);
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
