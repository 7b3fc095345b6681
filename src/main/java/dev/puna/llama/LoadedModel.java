// SPDX-License-Identifier: Apache-2.0
package dev.puna.llama;

import dev.puna.device.Placement;
import dev.puna.failure.Cancelled;
import dev.puna.failure.NativeFailure;
import dev.puna.llama.binding.LoadedModelFacts;
import dev.puna.llama.binding.MediaLibrary;
import dev.puna.llama.binding.ModelHandle;
import dev.puna.llama.binding.ModelParameters;
import dev.puna.llama.guard.DeepStack;
import dev.puna.llama.guard.ShimJson;
import dev.puna.llama.settings.ContextSettings;
import dev.puna.llama.settings.ModelSettings;
import dev.puna.llama.settings.SamplerSettings;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The weights and the vocabulary of a model, in memory.
 *
 * <p><b>Owns</b> a {@code llama_model} and the adapters added to it. <b>Threads:</b> any number may ask and open at once. <b>Close</b> fails with
 * {@link IllegalStateException} while a {@link Context}, {@link Projector}, {@link Sampler} or {@link ChatFormat} of it is open or a call
 * to its {@link Vocabulary} is under way, and frees nothing then.
 */
public final class LoadedModel implements AutoCloseable {
    private final ModelHandle handle;
    private final LoadedModelFacts facts;
    private final NativeLifecycle lifecycle = NativeLifecycle.shared("LoadedModel");
    private final Vocabulary vocabulary;

    private LoadedModel(ModelHandle handle) {
        this.handle = handle;
        this.facts = handle.facts();
        this.vocabulary = new Vocabulary(handle, facts, lifecycle);
    }

    /**
     * Reads a model; blocks until that is done.
     *
     * @param files the GGUF file, or all its splits in order
     * @throws Cancelled if the progress was cancelled, however far the load had come
     */
    public static LoadedModel open(
            LlamaBackend backend, List<Path> files, ModelSettings settings, LoadProgress progress) {
        if (files.isEmpty()) {
            throw new IllegalArgumentException("a model has at least one file");
        }
        var parameters = new ModelParameters(
                settings.placement().devices(),
                settings.placement().shares().stream()
                        .map(Placement.Share::layers)
                        .toList(),
                settings.memoryMap(),
                settings.vocabularyOnly());
        try {
            var handle = progress.watch(monitor -> backend.library().loadModel(files, parameters, monitor));
            if (progress.cancelled()) {
                handle.close();
                throw new Cancelled("loading was cancelled");
            }
            return new LoadedModel(handle);
        } catch (NativeFailure e) {
            if (progress.cancelled()) {
                throw new Cancelled("loading was cancelled");
            }
            throw e;
        }
    }

    /**
     * Adds a LoRA adapter, which is freed with the model; contexts made from now on compute with it at full strength at first.
     *
     * @param file whose header has been checked: libllama ends the process over keys of the wrong type
     */
    public void adapt(Path file) {
        lifecycle.use(() -> {
            handle.adapt(file);
            return file;
        });
    }

    public Vocabulary vocabulary() {
        return vocabulary;
    }

    /** The length of the vectors that {@link Context#embed} gives. */
    public int embeddingLength() {
        return facts.embeddingLength();
    }

    /** Whether the cache holds a state that cannot be cut back in part, as in recurrent and hybrid models. */
    public boolean recurrent() {
        return facts.recurrent();
    }

    /** How many tokens back layers of sliding-window attention see, the token itself included; 0 without such layers. */
    public int attentionWindow() {
        return facts.attentionWindow();
    }

    /** The file's metadata but for its arrays, all as text. */
    public Map<String, String> metadata() {
        var metadata = new TreeMap<String, String>();
        ShimJson.parse(lifecycle.use(handle::metadataJson))
                .properties()
                .forEach(entry -> metadata.put(entry.getKey(), entry.getValue().asText()));
        return metadata;
    }

    public Context context(ContextSettings settings) {
        return lifecycle.adopt(() -> new Context(this, handle.context(settings.parameters()), settings.outputs()));
    }

    /**
     * Reads a projector, which lets the model see or hear; blocks until that is done.
     *
     * @param file whose header has been checked: libmtmd ends the process over keys of the wrong type
     * @param threads that encode on the CPU
     * @param gpu whether a GPU is used if there is one
     */
    public Projector projector(Path file, int threads, boolean gpu) {
        var library = MediaLibrary.load(LlamaBackend.present().folder());
        return lifecycle.adopt(() -> new Projector(library.loadProjector(handle, file, threads, gpu), this));
    }

    /** The sampling state of one sequence; fails if its grammar does not parse. */
    public Sampler sampler(SamplerSettings settings) {
        var json = settings.toJson();
        return lifecycle.adopt(() -> {
            var sampler =
                    settings.grammar().isEmpty() ? handle.sampler(json) : DeepStack.call(() -> handle.sampler(json));
            return new Sampler(sampler, this);
        });
    }

    /** The model's own chat template, or llama.cpp's ChatML if it has none; fails if it does not parse. */
    public ChatFormat chatFormat() {
        return lifecycle.adopt(() -> ChatFormat.open(() -> handle.chat(null), lifecycle));
    }

    /** Another chat template for this model; fails if it does not parse. */
    public ChatFormat chatFormat(String jinja) {
        return lifecycle.adopt(() -> ChatFormat.open(() -> handle.chat(jinja), lifecycle));
    }

    /** The numbers that a reranking model gives for a text. */
    int scoreCount() {
        return facts.scoreCount();
    }

    NativeLifecycle lifecycle() {
        return lifecycle;
    }

    @Override
    public void close() {
        lifecycle.close(handle::close);
    }
}
