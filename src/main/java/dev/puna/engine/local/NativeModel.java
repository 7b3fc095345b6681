// SPDX-License-Identifier: Apache-2.0
package dev.puna.engine.local;

import dev.puna.engine.EngineFacts;
import dev.puna.engine.EngineMemory;
import dev.puna.engine.EngineSpec;
import dev.puna.engine.prefix.PrefixStore;
import dev.puna.engine.token.TokenList;
import dev.puna.failure.InvalidRequest;
import dev.puna.llama.Context;
import dev.puna.llama.LlamaBackend;
import dev.puna.llama.LoadedModel;
import dev.puna.llama.Projector;
import dev.puna.llama.Vocabulary;
import dev.puna.model.AdapterScales;
import dev.puna.model.IntList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A model in this process with the context it computes in: what engines of all kinds are made of.
 *
 * <p><b>Owns</b> both, and the projector if there is one. <b>Threads:</b> any, but for the context.
 */
final class NativeModel implements AutoCloseable {

    private final EngineSpec spec;
    private final LoadedModel model;
    private final Optional<Projector> projector;
    private final Context context;
    private final EngineMemory memory;
    private final ModelTurns turns;
    private final ProcessHooks hooks;

    /** Those that the context computes with; null while that is unknown. */
    private @Nullable AdapterScales adapted = AdapterScales.ALL;

    NativeModel(
            EngineSpec spec, LoadedModel model, Optional<Projector> projector, Context context, ProcessHooks hooks) {
        this.spec = spec;
        this.model = model;
        this.projector = projector;
        this.context = context;
        var use = context.memory();
        this.memory = new EngineMemory(
                use.modelBytes() + projector.map(Projector::bytes).orElse(0L),
                use.cacheBytes(),
                use.computeBytes(),
                use.deviceBytes() + projector.map(Projector::deviceBytes).orElse(0L));
        this.hooks = hooks;
        this.turns = new ModelTurns(hooks.turns(computesOnCpu()), hooks.steps(), memory.onDevices() > 0);
    }

    EngineSpec spec() {
        return spec;
    }

    LoadedModel model() {
        return model;
    }

    Vocabulary vocabulary() {
        return model.vocabulary();
    }

    /** The projector of a model that sees or hears. */
    Optional<Projector> projector() {
        return projector;
    }

    Context context() {
        return context;
    }

    /** How many adapters the model has. */
    int adapters() {
        return spec.files().adapters().size();
    }

    /** Refuses scales that are not those of this model's adapters. */
    void check(AdapterScales scales) {
        if (!scales.fit(adapters())) {
            throw new InvalidRequest("this model has %d adapters, but %d scales were given"
                    .formatted(adapters(), scales.values().size()));
        }
    }

    /**
     * Has the context compute with these adapters from now on; on the context's thread.
     *
     * @return whether it computed with others before: the next step lays out its graph anew
     */
    boolean adapt(AdapterScales scales) {
        if (scales.equals(adapted)) {
            return false;
        }
        adapted = null;
        context.adapt(scales.of(adapters()));
        adapted = scales;
        return true;
    }

    EngineMemory memory() {
        return memory;
    }

    /** The turns to take for every computation of this model. */
    ModelTurns turns() {
        return turns;
    }

    /** What is kept on disk of the model's prompts; empty if nothing is. */
    Optional<PrefixStore> openPrefixes() {
        var files = spec.files();
        var weights = Stream.concat(files.weights().stream(), files.adapters().stream())
                .toList();
        var form = String.join("\n", LlamaBackend.loadedVersion(), spec.cacheType(), spec.flashAttention());
        return hooks.prefixes().open(files.all(), weights, form);
    }

    /** Whether the ends of conversations are kept on disk, too. */
    boolean keepsConversations() {
        return hooks.prefixes().conversations();
    }

    /** Whether most of the model is computed on the CPU. */
    boolean computesOnCpu() {
        return memory.onDevices() * 2 < memory.total();
    }

    EngineFacts facts() {
        return new EngineFacts(spec.contextLength(), spec.sequences());
    }

    List<Integer> tokenize(String text, boolean addSpecial) {
        return new IntList(vocabulary().tokenize(text, addSpecial, true));
    }

    byte[] detokenize(List<Integer> tokens) {
        var size = vocabulary().size();
        for (var token : tokens) {
            if (token < 0 || token >= size) {
                throw new InvalidRequest(
                        "tokens holds %d, but this model has the tokens 0 to %d".formatted(token, size - 1), "tokens");
            }
        }
        return vocabulary().bytes(TokenList.unboxed(tokens));
    }

    @Override
    public void close() {
        context.close();
        projector.ifPresent(Projector::close);
        model.close();
    }
}
