// SPDX-License-Identifier: Apache-2.0
package dev.puna.llama.binding;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.util.Objects.requireNonNullElse;

import dev.puna.failure.InsufficientMemory;
import dev.puna.failure.NativeFailure;
import dev.puna.llama.binding.generated.Media;
import dev.puna.llama.binding.generated.Native;
import dev.puna.llama.binding.generated.llama_context_params;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A {@code llama_context}, the threads that compute it and the flag that stops it.
 *
 * <p><b>Owns</b> all three. <b>Threads:</b> one at a time, but for {@link #abort}, which any may call at any time.
 * <b>Close</b> frees the context before what it uses.
 */
public final class ContextHandle implements AutoCloseable {
    /**
     * What {@code llama_decode} returns where a backend had no memory for the graph. Source: llama.cpp v0.5.0,
     * llama-context.cpp:1539 and 1914.
     */
    private static final int ALLOCATION_FAILED = -2;

    private final Arena arena;
    private final String name;
    private final MemorySegment abortFlag;
    private final MemorySegment context;
    private final MemorySegment memory;
    private final MemorySegment threads;
    private final ModelHandle model;
    private boolean closed;

    private ContextHandle(
            Arena arena, ModelHandle model, MemorySegment abortFlag, MemorySegment context, MemorySegment threads) {
        this.arena = arena;
        this.model = model;
        this.name = model.name();
        this.abortFlag = abortFlag;
        this.context = context;
        this.memory = Native.llama_get_memory(context);
        this.threads = threads;
    }

    static ContextHandle open(ModelHandle model, ContextParameters parameters) {
        var arena = Arena.ofShared();
        try (var call = new CallFrame()) {
            var flag = arena.allocate(JAVA_INT);
            var context =
                    Native.puna_context_init(model.model(), parameters(call.memory(), parameters), flag, call.error());
            if (context.address() == 0) {
                throw call.failureToMake(
                        "make a context of " + parameters.cells() + " tokens for",
                        model.name(),
                        "libllama returned no context",
                        "a smaller context or batch may fit the memory");
            }
            try {
                var scales = new float[model.adapters().size()];
                Arrays.fill(scales, 1);
                adapt(call, context, model, scales);
                return new ContextHandle(arena, model, flag, context, threads(call, context, model, parameters));
            } catch (Throwable e) {
                Native.llama_free(context);
                throw e;
            }
        } catch (Throwable e) {
            arena.close();
            throw e;
        }
    }

    /** Computes with the model's adapters from now on as strongly as their scales say. */
    public void adapt(float[] scales) {
        try (var call = new CallFrame()) {
            adapt(call, context, model, scales);
        }
    }

    private static void adapt(CallFrame call, MemorySegment context, ModelHandle model, float[] scales) {
        var adapters = model.adapters();
        if (scales.length != adapters.size()) {
            throw new IllegalArgumentException(scales.length + " scales for " + adapters.size() + " adapters");
        }
        if (adapters.isEmpty()) {
            return;
        }
        var pointers = call.memory().allocate(Native.C_POINTER, adapters.size());
        for (int i = 0; i < adapters.size(); i++) {
            pointers.setAtIndex(Native.C_POINTER, i, adapters.get(i));
        }
        var factors = call.memory().allocateFrom(JAVA_FLOAT, scales);
        if (Native.puna_adapters_set(context, pointers, factors, adapters.size(), call.error()) != 0) {
            throw call.failureToMake("apply the adapters of", model.name(), "libllama gave no reason", "");
        }
    }

    private static MemorySegment threads(
            CallFrame call, MemorySegment context, ModelHandle model, ContextParameters parameters) {
        int count = Math.max(parameters.threads(), parameters.batchThreads());
        var threads = Native.puna_threads_init(context, count, call.error());
        if (threads.address() == 0) {
            throw call.failureToMake("start " + count + " threads for", model.name(), "ggml started none", "");
        }
        return threads;
    }

    public int cells() {
        return Native.llama_n_ctx(context);
    }

    public int sequences() {
        return Native.llama_n_seq_max(context);
    }

    public int batchSize() {
        return Native.llama_n_batch(context);
    }

    public int physicalBatchSize() {
        return Native.llama_n_ubatch(context);
    }

    /** A {@code llama_pooling_type}. */
    public int pooling() {
        return Native.llama_pooling_type(context);
    }

    public boolean canShift() {
        return Native.llama_memory_can_shift(memory);
    }

    /** One {@code puna_step}: 0 done, 1 no room in the cache, 2 aborted; anything else is thrown. */
    public int step(BatchBuffer batch) {
        batch.send();
        int result = Native.puna_step(
                context,
                batch.size(),
                batch.tokens(),
                batch.positions(),
                batch.sequences(),
                batch.outputs(),
                batch.rowCount(),
                batch.rows(),
                batch.errorSlot());
        batch.receive(result);
        return checked(result, batch);
    }

    /** One {@code puna_embed} into {@code float[sequences][n_embd]}: results as of {@link #step}. */
    public int embed(BatchBuffer batch, float[][] vectors) {
        batch.send();
        int length = vectors[0].length;
        try (var arenaOfCall = Arena.ofConfined()) {
            var out = arenaOfCall.allocate(JAVA_FLOAT, (long) vectors.length * length);
            int result = Native.puna_embed(
                    context,
                    batch.size(),
                    batch.tokens(),
                    batch.positions(),
                    batch.sequences(),
                    vectors.length,
                    out,
                    batch.errorSlot());
            batch.receive(result);
            for (int i = 0; result == 0 && i < vectors.length; i++) {
                MemorySegment.copy(out, JAVA_FLOAT, JAVA_FLOAT.byteSize() * length * i, vectors[i], 0, length);
            }
            return checked(result, batch);
        }
    }

    /**
     * Puts encoded vectors into the cache of a sequence: results as of {@link #step}.
     *
     * @param vectors of which {@code count} tokens are taken from token {@code from} on
     * @param positions of those tokens, dimension after dimension
     */
    public int decode(
            float[] vectors, int from, int count, int length, int[] positions, int sequence, boolean nonCausal) {
        try (var call = new CallFrame()) {
            var numbers = call.memory().allocate(JAVA_FLOAT, (long) count * length);
            MemorySegment.copy(vectors, from * length, numbers, JAVA_FLOAT, 0, count * length);
            int result = Media.puna_media_decode(
                    context, count, numbers, call.integers(positions), sequence, nonCausal, call.error());
            if (result < 0 || result > 2) {
                throw call.failureToMake("decode a picture with", name, "libllama returned " + result, "");
            }
            return result;
        }
    }

    public boolean remove(int sequence, int from, int to) {
        return Native.llama_memory_seq_rm(memory, sequence, from, to);
    }

    public void copy(int source, int target, int from, int to) {
        Native.llama_memory_seq_cp(memory, source, target, from, to);
    }

    public void shift(int sequence, int from, int to, int delta) {
        Native.llama_memory_seq_add(memory, sequence, from, to, delta);
    }

    /** The first position from which on all layers have every one of a sequence; -1 for an empty one. */
    public int firstPosition(int sequence) {
        return Native.llama_memory_seq_pos_min(memory, sequence);
    }

    /**
     * Bytes that {@link #save} would copy.
     *
     * @param part whether only of what cannot be cut back
     */
    public long stateBytes(int sequence, boolean part) {
        return Native.llama_state_seq_get_size_ext(context, sequence, flags(part));
    }

    /**
     * A copy of what the cache holds of a sequence; null if libllama gives none.
     *
     * @param part whether only of what cannot be cut back
     */
    public @Nullable StateBuffer save(int sequence, boolean part) {
        var state = new StateBuffer(stateBytes(sequence, part));
        var copied = Native.llama_state_seq_get_data_ext(context, state.data(), state.bytes(), sequence, flags(part));
        if (copied == state.bytes()) {
            return state;
        }
        state.close();
        return null;
    }

    /**
     * Replaces a sequence by a copy, or what a copy holds of it.
     *
     * @param part whether the copy was saved as one
     * @return false, with nothing left of what it was to replace, if the cache has no room for it
     */
    public boolean restore(int sequence, StateBuffer state, boolean part) {
        return Native.llama_state_seq_set_data_ext(context, state.data(), state.bytes(), sequence, flags(part)) != 0;
    }

    private static int flags(boolean part) {
        return part ? Native.LLAMA_STATE_SEQ_FLAGS_PARTIAL_ONLY() : 0;
    }

    public void clear() {
        // The cells are forgotten; overwriting their data as well would cost a pass over the whole cache.
        Native.llama_memory_clear(memory, false);
    }

    /** Bytes by buffer type, as {@code puna_context_memory} tells them. */
    public String memoryJson() {
        try (var call = new CallFrame()) {
            return call.result(Native.puna_context_memory(context), "measure the context of", name, "");
        }
    }

    /** Raises or lowers the flag; without effect once closed. */
    public synchronized void abort(boolean on) {
        if (!closed) {
            SharedCell.write(abortFlag, 0, on ? 1 : 0);
        }
    }

    @Override
    public synchronized void close() {
        if (!closed) {
            closed = true;
            Native.llama_free(context);
            Native.puna_threads_free(threads);
            arena.close();
        }
    }

    private int checked(int result, BatchBuffer batch) {
        if (result < 0 || result > 2) {
            var reason = requireNonNullElse(batch.error(), "libllama returned " + result);
            var failure = NativeFailure.of("decode " + batch.size() + " tokens with", name, reason, "");
            throw result == ALLOCATION_FAILED
                    ? new InsufficientMemory(failure.text())
                    : ExhaustedMemory.told(failure, reason);
        }
        return result;
    }

    private static MemorySegment parameters(Arena arena, ContextParameters given) {
        var parameters = Native.llama_context_default_params(arena);
        llama_context_params.n_ctx(parameters, given.cells());
        llama_context_params.n_batch(parameters, given.batchSize());
        llama_context_params.n_ubatch(parameters, given.physicalBatchSize());
        llama_context_params.n_seq_max(parameters, given.sequences());
        llama_context_params.n_outputs_max(parameters, given.outputs());
        llama_context_params.n_threads(parameters, given.threads());
        llama_context_params.n_threads_batch(parameters, given.batchThreads());
        llama_context_params.embeddings(parameters, given.embeddings());
        llama_context_params.pooling_type(parameters, given.pooling());
        llama_context_params.type_k(parameters, given.cacheType());
        llama_context_params.type_v(parameters, given.cacheType());
        llama_context_params.flash_attn_type(parameters, given.flashAttention());
        // Sequences share cells and prefixes: without this a partial copy between them aborts the process.
        llama_context_params.kv_unified(parameters, true);
        llama_context_params.no_perf(parameters, true);
        return parameters;
    }
}
