// SPDX-License-Identifier: Apache-2.0
package dev.puna.engine;

import dev.puna.failure.InsufficientMemory;
import dev.puna.failure.NativeFailure;
import dev.puna.llama.CacheType;
import dev.puna.llama.ContextSettings;
import dev.puna.llama.Device;
import dev.puna.llama.FlashAttention;
import dev.puna.llama.LlamaBackend;
import dev.puna.llama.LoadProgress;
import dev.puna.llama.LoadedModel;
import dev.puna.llama.ModelSettings;
import dev.puna.llama.Projector;
import dev.puna.memory.ProcessMemory;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Loads models into this process through libllama.
 *
 * <p>The native libraries are loaded at the first use, so that a server without them can still list and create models.
 * <b>Threads:</b> any.
 */
public final class NativeEngineLoader implements EngineLoader {

    /** Embedding models see a whole text at once, so this many texts share one step. */
    private static final int EMBEDDING_SEQUENCES = 32;

    private final Path nativeLibraries;

    /**
     * @param nativeLibraries folder of the native libraries, as {@code native-libs/prepare} leaves it
     */
    public NativeEngineLoader(Path nativeLibraries) {
        this.nativeLibraries = nativeLibraries;
    }

    @Override
    public Engine load(EngineSpec spec, Loading loading) {
        try {
            return loadNow(spec, loading);
        } catch (NativeFailure refused) {
            // llama.cpp b10488 tells it in words only: "unable to allocate … buffer", "failed to allocate buffer for kv
            // cache".
            throw refused.text().contains(" to allocate ") ? new InsufficientMemory(refused.text()) : refused;
        }
    }

    private Engine loadNow(EngineSpec spec, Loading loading) {
        var backend = LlamaBackend.load(nativeLibraries);
        var progress = new LoadProgress();
        loading.onCancel(progress::cancel);
        loading.follow(progress::fraction);
        var settings = new ModelSettings(spec.gpuLayers(), spec.mainGpu(), spec.memoryMap(), false);
        var model = LoadedModel.open(backend, spec.files().weights(), settings, progress);
        try {
            spec.files().adapters().forEach(model::adapt);
            return embeds(model) ? embeddingEngine(spec, model) : generativeEngine(spec, model);
        } catch (RuntimeException failed) {
            model.close();
            throw failed;
        }
    }

    @Override
    public List<ComputeDevice> devices() {
        return LlamaBackend.load(nativeLibraries).devices().stream()
                .map(NativeEngineLoader::device)
                .toList();
    }

    @Override
    public void rest() {
        ProcessMemory.giveBack();
    }

    private static boolean embeds(LoadedModel model) {
        return model.metadata().keySet().stream().anyMatch(key -> key.endsWith(".pooling_type"));
    }

    private static Engine generativeEngine(EngineSpec spec, LoadedModel model) {
        var projector =
                spec.files().projector().map(file -> model.projector(file, spec.threads(), spec.gpuLayers() != 0));
        try {
            return generativeEngine(spec, model, projector);
        } catch (RuntimeException failed) {
            projector.ifPresent(Projector::close);
            throw failed;
        }
    }

    private static Engine generativeEngine(EngineSpec spec, LoadedModel model, Optional<Projector> projector) {
        var context = model.context(new ContextSettings(
                spec.cells(),
                spec.sequences(),
                spec.batchSize(),
                spec.batchSize(),
                spec.threads(),
                spec.threads(),
                false,
                Optional.empty(),
                CacheType.valueOf(spec.cacheType().toUpperCase(Locale.ROOT)),
                FlashAttention.valueOf(spec.flashAttention().toUpperCase(Locale.ROOT))));
        try {
            return new NativeEngine(new NativeModel(spec, model, projector, context), model.chatFormat());
        } catch (RuntimeException failed) {
            context.close();
            throw failed;
        }
    }

    private static Engine embeddingEngine(EngineSpec spec, LoadedModel model) {
        var batch = Math.max(spec.batchSize(), spec.contextLength());
        var context = model.context(new ContextSettings(
                batch,
                EMBEDDING_SEQUENCES,
                batch,
                batch,
                spec.threads(),
                spec.threads(),
                true,
                Optional.empty(),
                CacheType.F16,
                FlashAttention.valueOf(spec.flashAttention().toUpperCase(Locale.ROOT))));
        return new EmbeddingEngine(new NativeModel(spec, model, Optional.empty(), context));
    }

    private static ComputeDevice device(Device device) {
        var gpu = device.type() == Device.Type.GPU || device.type() == Device.Type.IGPU;
        return new ComputeDevice(device.name(), device.description(), gpu, device.freeBytes(), device.totalBytes());
    }
}
