// SPDX-License-Identifier: Apache-2.0
package dev.puna.api.ollama;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.puna.api.http.StreamedResponse;
import dev.puna.api.json.RecordJson;
import dev.puna.api.ollama.request.Bodies;
import dev.puna.caller.Callers;
import dev.puna.engine.Prompt;
import dev.puna.failure.Failure;
import dev.puna.failure.InvalidRequest;
import dev.puna.inference.GenerationService;
import dev.puna.inference.ImageSource;
import dev.puna.inference.ModelAccess;
import dev.puna.inference.RequestClock;
import dev.puna.inference.RequestMemory;
import dev.puna.inference.capability.CapabilityResolver;
import dev.puna.model.StoredMessage;
import dev.puna.settings.Settings;
import dev.puna.store.ModelStore;
import dev.puna.support.InstantScheduling;
import dev.puna.support.ScriptedEngineLoader;
import dev.puna.support.TinyModels;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** The generation service over a store of models for every case, whose engines are scripted: asked in Ollama's JSON. */
final class ScriptedGenerations {
    private static final Duration BOUND = Duration.ofSeconds(10);

    final ScriptedEngineLoader loader = new ScriptedEngineLoader();
    final InstantScheduling scheduling = new InstantScheduling(loader);
    private final GenerationService generations;

    ScriptedGenerations(Path folder) {
        var store = ModelStore.open(folder);
        generations = new GenerationService(
                new ModelAccess(store, new CapabilityResolver(Settings.from(Map.of())), scheduling, Callers.NOBODY),
                ImageSource.NONE);
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

    Prompt.Conversation conversation() {
        return (Prompt.Conversation) prompt();
    }

    Prompt prompt() {
        return loader.engine().requests().getLast().prompt();
    }

    StreamedResponse generate(String json) {
        var request = Bodies.generate(json);
        var clock = RequestClock.start();
        var outcome = generations.answer(request.completion(), clock, RequestMemory.UNCOUNTED);
        var model = request.completion().parameters().model().name();
        return GenerationAnswers.of(outcome, request.stream(), () -> new GenerateResponseBuilder(model, clock));
    }

    StreamedResponse chat(String json) {
        var request = Bodies.chat(json);
        var clock = RequestClock.start();
        var outcome = generations.answer(request.completion(), clock, RequestMemory.UNCOUNTED);
        var model = request.completion().parameters().model().name();
        return GenerationAnswers.of(outcome, request.stream(), () -> new ChatResponseBuilder(model, clock));
    }

    String whole(String json) {
        return object(generate(json));
    }

    static String object(StreamedResponse stream) {
        assertThat(stream.framing().grows()).isFalse();
        return lines(stream).getFirst();
    }

    static List<String> lines(StreamedResponse stream) {
        return stream.items().collect().asList().await().atMost(BOUND).stream()
                .map(item -> new String(RecordJson.bytes(item), StandardCharsets.UTF_8))
                .toList();
    }

    void generateRefused(String json, String text) {
        generateRefused(json, InvalidRequest.class, text);
    }

    void generateRefused(String json, Class<? extends Failure> kind, String text) {
        assertThatThrownBy(() -> generate(json)).isInstanceOf(kind).hasMessage(text);
    }

    void chatRefused(String json, String text) {
        chatRefused(json, InvalidRequest.class, text);
    }

    void chatRefused(String json, Class<? extends Failure> kind, String text) {
        assertThatThrownBy(() -> chat(json)).isInstanceOf(kind).hasMessage(text);
    }
}
