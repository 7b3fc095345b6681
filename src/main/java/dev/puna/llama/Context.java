// SPDX-License-Identifier: Apache-2.0
package dev.puna.llama;

import dev.puna.llama.binding.ContextHandle;
import dev.puna.llama.guard.ShimJson;
import dev.puna.llama.settings.Pooling;
import java.util.Objects;
import java.util.Optional;

/**
 * One key-value cache and compute graph over a {@link LoadedModel}.
 *
 * <p><b>Owns</b> a {@code llama_context}. <b>Borrows</b> the model, which cannot close before it. <b>Threads:</b> one
 * caller at a time, checked: a second one gets {@link ContextBusy}; {@link #abort} alone may be called by any thread at
 * any time. <b>Close</b> while a call is under way fails with {@link ContextBusy} and frees nothing: abort first.
 */
public final class Context implements AutoCloseable {
    private final LoadedModel model;
    private final ContextHandle handle;
    private final NativeLifecycle lifecycle = NativeLifecycle.exclusive("Context", ContextBusy::new);
    private final int cells;
    private final int sequences;
    private final int batchSize;
    private final int physicalBatchSize;
    private final int outputs;
    private final Pooling pooling;
    private final boolean canShift;

    Context(LoadedModel model, ContextHandle handle, int outputs) {
        this.model = model;
        this.handle = handle;
        this.outputs = outputs;
        this.cells = handle.cells();
        this.sequences = handle.sequences();
        this.batchSize = handle.batchSize();
        this.physicalBatchSize = handle.physicalBatchSize();
        this.pooling = Pooling.of(handle.pooling());
        this.canShift = handle.canShift();
    }

    /** Tokens that the cache holds, which may be a few more than were asked for. */
    public int cells() {
        return cells;
    }

    public int sequences() {
        return sequences;
    }

    public int batchSize() {
        return batchSize;
    }

    public int physicalBatchSize() {
        return physicalBatchSize;
    }

    /** Most tokens of one step that may be sampled from. */
    public int outputs() {
        return outputs;
    }

    public Pooling pooling() {
        return pooling;
    }

    /** A batch to fill and {@link #step} again and again; the caller closes it. */
    public Batch batch(int capacity) {
        if (capacity < 1 || capacity > batchSize) {
            throw new IllegalArgumentException(
                    "a batch of " + capacity + " tokens, where 1 to " + batchSize + " can be");
        }
        return new Batch(capacity, sequences, model);
    }

    /**
     * Computes a batch and samples its rows.
     *
     * @throws dev.puna.failure.NativeFailure if llama.cpp refuses the batch or fails; what of it was applied is unknown
     */
    public StepOutcome step(Batch batch) {
        batch.check(model, batchSize, outputs);
        return lifecycle.use(() -> batch.step(handle));
    }

    /**
     * Puts a part of an encoded image into the cache of a sequence.
     *
     * @param first position of the image's first token in the sequence
     * @param from first of the image's tokens that is taken
     * @param count how many are taken: all of them at once if the image is {@linkplain PromptChunk.Media#nonCausal() not
     *     causal}, and no more than the batch holds
     * @throws dev.puna.failure.NativeFailure if llama.cpp refuses them or fails; what of it was applied is unknown
     */
    public StepOutcome decode(PromptChunk.Media image, float[] vectors, int first, int from, int count, int sequence) {
        check(sequence);
        Objects.checkFromIndexSize(from, count, image.tokens());
        var positions = image.positionsFrom(first, from, count);
        int length = vectors.length / image.tokens();
        int result = lifecycle.use(
                () -> handle.decode(vectors, from, count, length, positions, sequence, image.nonCausal()));
        return Batch.outcome(result);
    }

    /**
     * Computes the vectors of whole texts, forgetting all that the cache held.
     *
     * @param sequences how many sequences the batch has; they are numbered from 0
     * @return {@code float[sequences][length]}, not normalised, of the model's {@link LoadedModel#embeddingLength} or, with
     *     {@link Pooling#RANK}, its scores
     * @throws dev.puna.failure.Cancelled after {@link #abort}
     * @throws dev.puna.failure.NativeFailure if llama.cpp refuses the batch or fails
     */
    public float[][] embed(Batch batch, int sequences) {
        if (sequences < 1 || sequences > this.sequences) {
            throw new IllegalArgumentException(sequences + " sequences, where 1 to " + this.sequences + " can be");
        }
        batch.check(model, physicalBatchSize, physicalBatchSize);
        int length = pooling == Pooling.RANK ? model.scoreCount() : model.embeddingLength();
        return lifecycle.use(() -> batch.embed(handle, sequences, length));
    }

    /**
     * Forgets the positions from (inclusive) to (exclusive) of a sequence; {@code to} -1 is its end.
     *
     * @return false, with nothing forgotten, if the cache cannot remove just a part
     */
    public boolean remove(int sequence, int from, int to) {
        check(sequence);
        return lifecycle.use(() -> handle.remove(sequence, from, to));
    }

    /** Lets a second sequence share positions of a first one; {@code to} -1 is its end. */
    public void copy(int source, int target, int from, int to) {
        check(source);
        check(target);
        run(() -> handle.copy(source, target, from, to));
    }

    /** Moves positions of a sequence by {@code delta}, where {@link #canShift}; {@code to} -1 is its end. */
    public void shift(int sequence, int from, int to, int delta) {
        check(sequence);
        if (!canShift) {
            throw new IllegalStateException("the cache of this model cannot shift");
        }
        run(() -> handle.shift(sequence, from, to, delta));
    }

    public boolean canShift() {
        return canShift;
    }

    /**
     * The first position from which on every layer has all positions of a sequence; -1 if it holds none. Above 0 only where layers of
     * sliding-window attention gave up what lay outside of their window.
     */
    public int firstPosition(int sequence) {
        check(sequence);
        return lifecycle.use(() -> handle.firstPosition(sequence));
    }

    /** Bytes that a {@link #save} of the sequence would take. */
    public long stateBytes(int sequence) {
        check(sequence);
        return lifecycle.use(() -> handle.stateBytes(sequence, false));
    }

    /** Bytes that a {@link #savePart} of the sequence would take. */
    public long partBytes(int sequence) {
        check(sequence);
        return lifecycle.use(() -> handle.stateBytes(sequence, true));
    }

    /** Copies what the cache holds of a sequence; empty if the cache cannot give it. The caller closes the copy. */
    public Optional<SequenceState> save(int sequence) {
        return save(sequence, false);
    }

    /**
     * Copies of a sequence what the cache cannot cut back: the states of recurrent layers, and of those with sliding-window attention
     * what the next token sees. Of other models it is all. The caller closes the copy.
     */
    public Optional<SequenceState> savePart(int sequence) {
        return save(sequence, true);
    }

    private Optional<SequenceState> save(int sequence, boolean part) {
        check(sequence);
        return Optional.ofNullable(lifecycle.use(() -> handle.save(sequence, part)))
                .map(SequenceState::new);
    }

    /**
     * Replaces what the cache holds of a sequence by a copy that this context, or one with the same model and types, has made.
     *
     * @return false, with nothing left of the sequence, if there is no room for it
     */
    public boolean restore(int sequence, SequenceState state) {
        return restore(sequence, state, false);
    }

    /**
     * Puts a {@linkplain #savePart part} back. All other layers must hold at least the tokens that the sequence had then; those behind
     * them are still to be {@linkplain #remove removed}.
     *
     * @return false if there is no room for it: the sequence is of no use then, and is to be removed
     */
    public boolean restorePart(int sequence, SequenceState state) {
        return restore(sequence, state, true);
    }

    private boolean restore(int sequence, SequenceState state, boolean part) {
        check(sequence);
        return state.lifecycle().use(() -> lifecycle.use(() -> handle.restore(sequence, state.buffer(), part)));
    }

    /**
     * Computes with the model's adapters from now on as strongly as their scales say; before, it is with all of them at full strength.
     * If that changes anything, the next step lays out its graph anew. What the cache holds stays as it was computed.
     *
     * @param scales one for each adapter of the model when the context was made; 0 leaves it out
     */
    public void adapt(float[] scales) {
        run(() -> handle.adapt(scales));
    }

    /** Forgets everything. */
    public void clear() {
        run(handle::clear);
    }

    /** Raises or lowers the flag that makes a step end with {@link StepOutcome#ABORTED}; from any thread. */
    public void abort(boolean on) {
        handle.abort(on);
    }

    /** The memory that this context takes, and its model, which several contexts share. */
    public MemoryUse memory() {
        var json = lifecycle.use(handle::memoryJson);
        return MemoryUse.from(ShimJson.parse(json));
    }

    @Override
    public void close() {
        lifecycle.close(handle::close, model.lifecycle());
    }

    private void run(Runnable call) {
        lifecycle.enter();
        try {
            call.run();
        } finally {
            lifecycle.leave();
        }
    }

    private void check(int sequence) {
        if (sequence < 0 || sequence >= sequences) {
            throw new IllegalArgumentException("sequence " + sequence + " is not one of " + sequences);
        }
    }
}
