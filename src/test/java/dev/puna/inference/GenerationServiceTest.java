// SPDX-License-Identifier: Apache-2.0
package dev.puna.inference;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.puna.caller.Callers;
import dev.puna.chat.Image;
import dev.puna.chat.Message;
import dev.puna.chat.Thinking;
import dev.puna.engine.FinishReason;
import dev.puna.engine.GenerationEvent;
import dev.puna.engine.OutputFormat;
import dev.puna.engine.Prompt;
import dev.puna.failure.Failure;
import dev.puna.failure.InvalidRequest;
import dev.puna.failure.NotFound;
import dev.puna.inference.GenerationOutcome.Generated;
import dev.puna.inference.GenerationOutcome.Loaded;
import dev.puna.inference.GenerationOutcome.Rendered;
import dev.puna.inference.GenerationOutcome.Unloaded;
import dev.puna.inference.capability.CapabilityResolver;
import dev.puna.model.KeepAlive;
import dev.puna.model.ModelName;
import dev.puna.settings.Settings;
import dev.puna.store.ModelStore;
import dev.puna.support.InstantScheduling;
import dev.puna.support.Script;
import dev.puna.support.ScriptedEngineLoader;
import dev.puna.support.TinyModels;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What any API can rely on; the answers of Ollama's are tested with its routes. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class GenerationServiceTest {
    private static final Duration BOUND = Duration.ofSeconds(10);
    private static final FormatOption FREE = new FormatOption.Known(new OutputFormat.Free());
    private static final FormatOption ODD = new FormatOption.Refused(new InvalidRequest("odd format"));

    private static final MissingModel WORDS = new MissingModel() {
        @Override
        public Failure unnamed(String asked) {
            return new InvalidRequest("name a model, not '" + asked + "'");
        }

        @Override
        public Failure notFound(String asked) {
            return new NotFound("no " + asked);
        }
    };

    private final ScriptedEngineLoader loader = new ScriptedEngineLoader();
    private final InstantScheduling scheduling = new InstantScheduling(loader);
    private final ScriptedImages images = new ScriptedImages();
    private final GenerationService generations;

    GenerationServiceTest(@TempDir Path folder) {
        var store = ModelStore.open(folder);
        generations = new GenerationService(
                new ModelAccess(store, new CapabilityResolver(Settings.from(Map.of())), scheduling, Callers.NOBODY),
                images);
        new TinyModels(store).generative("plain");
        new TinyModels(store).create("seer", "llama", Map.of("llama.vision.block_count", 2), _ -> {});
        new TinyModels(store).generative("thinker", "{{ '<think>' }}{{ '</think>' }}");
    }

    @Test
    void events_that_say_something_come_in_order_and_the_lease_is_closed() {
        loader.answers(Script.of(
                Script.text("Hel"), Script.text(""), Script.text("lo"), Script.finished(FinishReason.STOP, 2)));

        assertThat(events(chat("plain", Thinking.UNSET, FREE)))
                .containsExactly(Script.text("Hel"), Script.text("lo"), Script.finished(FinishReason.STOP, 2));
        assertThat(scheduling.closings()).isEqualTo(1);
    }

    @Test
    void nothing_is_leased_before_somebody_listens() {
        assertThat(answer(chat("plain", Thinking.UNSET, FREE))).isInstanceOf(Generated.class);

        assertThat(scheduling.requests()).isEmpty();
    }

    @Test
    void a_missing_model_is_told_in_the_words_of_whoever_asks() {
        assertThatThrownBy(() -> answer(chat("nosuch", Thinking.UNSET, ODD)))
                .isInstanceOf(NotFound.class)
                .hasMessage("no nosuch");
        assertThatThrownBy(() -> answer(chat(" ", Thinking.UNSET, ODD))).hasMessage("name a model, not ' '");
    }

    @Test
    void a_format_that_makes_no_sense_is_told_when_all_else_is_right() {
        assertThatThrownBy(() -> answer(chat("plain", Thinking.ON, ODD)))
                .hasMessage("\"plain\" does not support thinking");
        assertThatThrownBy(() -> answer(chat("plain", Thinking.UNSET, ODD))).hasMessage("odd format");
    }

    @Test
    void a_model_that_can_think_does_so_unless_told_not_to() {
        assertThat(thinking(chat("thinker", Thinking.UNSET, FREE))).isEqualTo(Thinking.ON);
        assertThat(thinking(chat("thinker", Thinking.OFF, FREE))).isEqualTo(Thinking.OFF);
        assertThat(thinking(chat("plain", Thinking.UNSET, FREE))).isEqualTo(Thinking.UNSET);
    }

    @Test
    void nothing_to_answer_loads_or_unloads() {
        var forever = new ChatCompletion(parameters("plain", KeepAlive.FOREVER, false), List.of(), List.of());
        var loaded = (Loaded) answer(forever);
        loaded.ready().await().atMost(BOUND);
        assertThat(scheduling.requests()).extracting("keepAlive").containsExactly(Optional.of(KeepAlive.FOREVER));

        var atOnce = parameters("plain", KeepAlive.of(Duration.ZERO), false);
        assertThat(answer(new ChatCompletion(atOnce, List.of(), List.of()))).isEqualTo(new Unloaded());
        assertThat(scheduling.expired()).containsExactly(ModelName.parse("plain"));
    }

    @Test
    void a_prompt_is_rendered_without_an_answer() {
        var asked = new TextCompletion(
                parameters("plain", KeepAlive.FOREVER, true), "x", "", "", "", Optional.empty(), true, List.of());

        var rendered = (Rendered) answer(asked);

        assertThat(rendered.prompt().await().atMost(BOUND)).contains("x");
        assertThat(rendered.images()).isZero();
        assertThat(loader.engine().requests()).isEmpty();
    }

    @Test
    void an_image_that_is_elsewhere_is_fetched_for_a_model_that_sees() {
        events(linking("seer", "https://a.example/cat.png"));

        var prompt = (Prompt.Conversation) loader.engine().requests().getLast().prompt();
        assertThat(prompt.messages().getLast().images())
                .containsExactly(new Image("https://a.example/cat.png".getBytes(UTF_8)));
    }

    @Test
    void an_image_that_is_elsewhere_is_not_fetched_for_a_model_that_does_not_see_or_from_a_place_that_is_not_allowed() {
        assertThatThrownBy(() -> answer(linking("plain", "https://a.example/cat.png")))
                .hasMessage("\"plain\" does not support images");
        assertThatThrownBy(() -> generations.checkImages(linking("nosuch", "https://evil.example/cat.png")))
                .hasMessage("not from there");
        assertThat(images.fetched).isEmpty();
    }

    private static ChatCompletion linking(String model, String address) {
        var asked = new Message("user", "What is this?", "", List.of(Image.at(address)), List.of(), "", "");
        return new ChatCompletion(
                parameters(model, Thinking.UNSET, FREE, Optional.empty(), false), List.of(asked), List.of());
    }

    private Thinking thinking(CompletionRequest request) {
        loader.answers(Script.answering("a"));
        events(request);
        var prompt = (Prompt.Conversation) loader.engine().requests().getLast().prompt();
        return prompt.thinking();
    }

    private List<GenerationEvent> events(CompletionRequest request) {
        var generated = (Generated) answer(request);
        return generated.events().collect().asList().await().atMost(BOUND);
    }

    private GenerationOutcome answer(CompletionRequest request) {
        return generations.answer(request, RequestClock.start(), RequestMemory.UNCOUNTED);
    }

    private static ChatCompletion chat(String model, Thinking think, FormatOption format) {
        return new ChatCompletion(
                parameters(model, think, format, Optional.empty(), false),
                List.of(Message.of("user", "Hi")),
                List.of());
    }

    private static GenerationParameters parameters(String model, KeepAlive keepAlive, boolean renderOnly) {
        return parameters(model, Thinking.UNSET, FREE, Optional.of(keepAlive), renderOnly);
    }

    private static GenerationParameters parameters(
            String model, Thinking think, FormatOption format, Optional<KeepAlive> keepAlive, boolean renderOnly) {
        return new GenerationParameters(
                new ModelReference(model, "", WORDS),
                format,
                keepAlive,
                Map.of(),
                new ThinkOption.Plain(think),
                true,
                Optional.empty(),
                renderOnly,
                OptionalInt.empty());
    }

    /** Whose images are their addresses. */
    private static final class ScriptedImages implements ImageSource {
        private final List<String> fetched = new ArrayList<>();

        @Override
        public void check(String address) {
            if (address.contains("evil")) {
                throw new InvalidRequest("not from there");
            }
        }

        @Override
        public byte[] fetch(String address) {
            fetched.add(address);
            return address.getBytes(UTF_8);
        }
    }
}
