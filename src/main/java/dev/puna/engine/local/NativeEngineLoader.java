// SPDX-License-Identifier: Apache-2.0
package dev.puna.engine.local;

import dev.puna.device.ComputeDevice;
import dev.puna.engine.Engine;
import dev.puna.engine.EngineLoader;
import dev.puna.engine.EngineSpec;
import dev.puna.engine.Loading;
import dev.puna.engine.speculation.Guesser;
import dev.puna.llama.BackendChoice;
import dev.puna.llama.LlamaBackend;
import dev.puna.llama.LoadProgress;
import dev.puna.llama.LoadedModel;
import dev.puna.llama.Projector;
import dev.puna.llama.settings.CacheType;
import dev.puna.llama.settings.ContextSettings;
import dev.puna.llama.settings.FlashAttention;
import dev.puna.llama.settings.ModelSettings;
import dev.puna.memory.ProcessMemory;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jboss.logging.Logger;

/**
 * Loads models into this process through libllama.
 *
 * <p>The native libraries are loaded at the first use, so that a server without them can still list and create models.
 * <b>Threads:</b> any.
 */
public final class NativeEngineLoader implements EngineLoader {
    private static final Logger LOG = Logger.getLogger(NativeEngineLoader.class);

    /** -1 as a signed and as an unsigned number. */
    private static final Set<String> UNSPECIFIED = Set.of("-1", "4294967295");

    /** Embedding models see a whole text at once, so this many texts share one step. */
    private static final int EMBEDDING_SEQUENCES = 32;

    private static final int GUESSES_ON_CPU = 7;

    private final Path nativeLibraries;
    private final BackendChoice choice;
    private final boolean lenientTools;
    private final boolean speculates;
    private final ProcessHooks hooks;
    private final AtomicBoolean told = new AtomicBoolean();

    /**
     * @param nativeLibraries folder of the native libraries, as {@code native-libs/prepare} leaves it
     */
    public NativeEngineLoader(Path nativeLibraries) {
        this(nativeLibraries, BackendChoice.ANY, true, true, ProcessHooks.ALONE);
    }

    /**
     * @param choice the backend to compute with
     * @param lenientTools whether calls of tools count that are written otherwise than the model's template says
     * @param speculates whether tokens are guessed ahead where that is faster
     */
    public NativeEngineLoader(
            Path nativeLibraries, BackendChoice choice, boolean lenientTools, boolean speculates, ProcessHooks hooks) {
        this.nativeLibraries = nativeLibraries;
        this.lenientTools = lenientTools;
        this.speculates = speculates;
        this.hooks = hooks;
        this.choice = choice;
    }

    @Override
    public Engine load(EngineSpec spec, Loading loading) {
        var backend = backend();
        var progress = new LoadProgress();
        loading.onCancel(progress::cancel);
        loading.follow(progress::fraction);
        var settings = new ModelSettings(spec.placement(), spec.memoryMap(), false);
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
        return backend().devices();
    }

    /** Logs, at the first use, the devices to compute on, and the backends that cannot be used with their reasons. */
    private LlamaBackend backend() {
        var backend = LlamaBackend.load(nativeLibraries, choice);
        if (told.compareAndSet(false, true)) {
            for (var device : backend.devices()) {
                LOG.infof(
                        "inference.compute name=%s library=%s description=\"%s\" type=%s total=%s free=%s",
                        device.name(),
                        device.backend(),
                        device.description(),
                        device.kind().name().toLowerCase(Locale.ROOT),
                        device.totalBytes(),
                        device.freeBytes());
            }
            for (var plugin : backend.plugins()) {
                if (!plugin.works()) {
                    LOG.infof("inference.rejected file=%s reason=\"%s\"", plugin.file(), plugin.reason());
                } else if (plugin.onCpu()) {
                    LOG.debugf(
                            "inference.small_batches file=%s kept=%s attention=%s",
                            plugin.file(), plugin.smallBatches(), plugin.ownAttention());
                }
            }
        }
        return backend;
    }

    @Override
    public void trimMemory() {
        ProcessMemory.giveBack();
    }

    private static boolean embeds(LoadedModel model) {
        return model.metadata().entrySet().stream()
                .anyMatch(entry -> entry.getKey().endsWith(".pooling_type") && !UNSPECIFIED.contains(entry.getValue()));
    }

    private Engine generativeEngine(EngineSpec spec, LoadedModel model) {
        var projector = spec.files()
                .projector()
                .map(file ->
                        model.projector(file, spec.threads(), spec.placement().layers() > 0));
        try {
            return generativeEngine(spec, model, projector);
        } catch (RuntimeException failed) {
            projector.ifPresent(Projector::close);
            throw failed;
        }
    }

    private Engine generativeEngine(EngineSpec spec, LoadedModel model, Optional<Projector> projector) {
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
                FlashAttention.valueOf(spec.flashAttention().toUpperCase(Locale.ROOT)),
                guesses(spec, model)));
        try {
            return new NativeEngine(
                    new NativeModel(spec, model, projector, context, hooks),
                    model.chatFormat(),
                    lenientTools,
                    hooks.afterStep());
        } catch (RuntimeException failed) {
            context.close();
            throw failed;
        }
    }

    /** How many guesses a step may have: more where many rows take no longer than one. A recurrent model cannot take them back. */
    private int guesses(EngineSpec spec, LoadedModel model) {
        if (!speculates || model.recurrent()) {
            return 0;
        }
        return spec.placement().layers() > 0 ? Guesser.MOST : GUESSES_ON_CPU;
    }

    /**
     * Tokens of one step of vectors: a whole text has to fit, and llama.cpp can lay out the graph only for as many of each
     * sequence.
     */
    private static int embeddingBatch(EngineSpec spec) {
        var tokens = Math.max(spec.batchSize(), spec.contextLength());
        return Math.ceilDiv(tokens, EMBEDDING_SEQUENCES) * EMBEDDING_SEQUENCES;
    }

    private Engine embeddingEngine(EngineSpec spec, LoadedModel model) {
        var batch = embeddingBatch(spec);
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
        return new EmbeddingEngine(new NativeModel(spec, model, Optional.empty(), context, hooks));
    }
}
