// SPDX-License-Identifier: Apache-2.0
package dev.puna.llama;

import static java.util.Objects.requireNonNullElse;

import dev.puna.failure.Cancelled;
import dev.puna.failure.NativeFailure;
import dev.puna.llama.binding.BatchBuffer;
import dev.puna.llama.binding.ContextHandle;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The tokens of one step and the rows that are sampled from them.
 *
 * <p>Fill it with {@link #add} and {@link #sample}, give it to {@link Context#step}, read the rows, {@link #clear}, and
 * fill it again. <b>Owns</b> native arrays for as many tokens and rows as its capacity. <b>Borrows</b> the samplers of
 * its rows: they cannot close while it is in a step. <b>Threads:</b> one at a time. <b>Close</b> during a step fails
 * with {@link IllegalStateException}.
 */
public final class Batch implements AutoCloseable {

    /** Texts of tokens that are remembered, a power of two: those that schemas force come again and again. */
    private static final int REMEMBERED = 256;

    private final BatchBuffer buffer;
    private final int sequences;
    private final LoadedModel model;
    private final NativeLifecycle lifecycle = NativeLifecycle.exclusive("Batch");
    private final List<Sampler> samplers = new ArrayList<>();

    /** The last token of each remainder that {@link #pieceOf} was asked for, and its text: a call to native code each takes longer. */
    private final int[] knownTokens = new int[REMEMBERED];

    private final byte[] @Nullable [] knownPieces = new byte[REMEMBERED][];
    private int outputs;
    private int filledRows;

    /** Whether the last row expects a token, so that the next one may have the same sampler. */
    private boolean leadsOn;

    Batch(int capacity, int sequences, LoadedModel model) {
        this.buffer = BatchBuffer.open(capacity);
        this.sequences = sequences;
        this.model = model;
    }

    public void clear() {
        buffer.clear();
        samplers.clear();
        outputs = 0;
        filledRows = 0;
        leadsOn = false;
    }

    public int size() {
        return buffer.size();
    }

    /** The number of rows that are sampled. */
    public int rows() {
        return buffer.rowCount();
    }

    /** The number of samplers that rows are sampled with: of sequences that get tokens. */
    public int samplers() {
        return samplers.size();
    }

    public int capacity() {
        return buffer.capacity();
    }

    /**
     * Appends a token.
     *
     * @param output whether a row is to be sampled from it
     * @return its index
     */
    public int add(int token, int position, int sequence, boolean output) {
        if (size() == capacity()) {
            throw new IllegalStateException("the batch is full at " + capacity() + " tokens");
        }
        if (sequence < 0 || sequence >= sequences) {
            throw new IllegalArgumentException("sequence " + sequence + " is not one of " + sequences);
        }
        if (position < 0) {
            throw new IllegalArgumentException("position " + position + " is negative");
        }
        outputs += output ? 1 : 0;
        return buffer.add(token, position, sequence, output);
    }

    /** Registers a row without {@link #forced} tokens. */
    public int sample(int index, Sampler sampler, int topAlternatives) {
        return sample(index, sampler, topAlternatives, 0);
    }

    /**
     * Registers a row: the token that follows the one at an index.
     *
     * @param index of a token that was added with output
     * @param sampler one of the same model that no other row of the batch has, but for the one before, if that expects the token at the index
     * @param topAlternatives -1 for no log probability, 0 for that of the token, up to 20 for as many alternatives
     * @param mostForced how many {@link #forced} tokens there may be; more than a row carries are as many
     * @return the row's number
     */
    public int sample(int index, Sampler sampler, int topAlternatives, int mostForced) {
        var forced = Math.clamp(mostForced, 0, BatchBuffer.FORCED_MAX);
        return sample(index, sampler, topAlternatives, BatchBuffer.NOTHING_EXPECTED, forced);
    }

    /**
     * Registers a row from which a token is expected to come that the batch holds as well: the next row, of the same sampler, is
     * that of this token, and is {@linkplain #reached sampled only} if the token comes. Nothing is {@link #forced} behind it.
     *
     * @param expected the token that is expected
     */
    public int sampleExpecting(int index, Sampler sampler, int topAlternatives, int expected) {
        return sample(index, sampler, topAlternatives, expected, 0);
    }

    private int sample(int index, Sampler sampler, int topAlternatives, int expected, int mostForced) {
        Objects.checkIndex(index, size());
        if (!buffer.hasOutput(index)) {
            throw new IllegalArgumentException("the token at " + index + " was added without output");
        }
        if (topAlternatives < -1 || topAlternatives > BatchBuffer.TOP_MAX) {
            throw new IllegalArgumentException(
                    topAlternatives + " alternatives, where -1 to " + BatchBuffer.TOP_MAX + " can be");
        }
        if (rows() == capacity()) {
            throw new IllegalStateException("the batch is full at " + capacity() + " rows");
        }
        if (sampler.model() != model) {
            throw new IllegalArgumentException("the sampler belongs to another model");
        }
        if (!leadsOn || samplers.getLast() != sampler) {
            samplers.add(sampler);
        }
        leadsOn = expected != BatchBuffer.NOTHING_EXPECTED;
        return buffer.addRow(index, sampler.handle(), topAlternatives, expected, mostForced);
    }

    /** Whether all that was expected before a row came: of a row that was not reached there is nothing else to know. */
    public boolean reached(int row) {
        return buffer.token(filled(row)) != BatchBuffer.NOT_REACHED;
    }

    /**
     * Why no token could be sampled for a row: its grammar left no choice, or the model gave no number. The other rows
     * are as good as ever; this one's sampler is of no more use.
     */
    public Optional<String> failure(int row) {
        return hasToken(row)
                ? Optional.empty()
                : Optional.of(requireNonNullElse(buffer.error(), "the model gave no token"));
    }

    /** Whether that is because its grammar can be continued in so many ways that it took seconds. */
    public boolean grammarWasStopped(int row) {
        return buffer.token(filled(row)) == BatchBuffer.TOO_COSTLY;
    }

    /** The token sampled for a row; negative after a {@link #failure}. */
    public int token(int row) {
        return buffer.token(filled(row));
    }

    /** Whether the token of a row ends the generation, as does a {@link #failure}. */
    public boolean end(int row) {
        return buffer.end(filled(row));
    }

    /** The text of a row's token: nothing for a control token, and maybe a part of a character. */
    public byte[] piece(int row) {
        if (buffer.pieceLength(filled(row)) <= BatchBuffer.PIECE_MAX) {
            return buffer.piece(row);
        }
        return pieceOf(buffer.token(row));
    }

    /**
     * The tokens that come after the row's because its grammar leaves nothing else to come. The sampler has accepted them: they are to
     * be decoded together with the row's token before the next one can be sampled.
     */
    public int[] forced(int row) {
        return hasToken(row) ? buffer.forced(row) : new int[0];
    }

    /** The text of a token, which nobody may change: nothing for a control token, and maybe a part of a character. */
    public byte[] pieceOf(int token) {
        var slot = token & (REMEMBERED - 1);
        var known = knownPieces[slot];
        if (known != null && knownTokens[slot] == token) {
            return known;
        }
        var piece = model.vocabulary().detokenize(new int[] {token}, false);
        knownTokens[slot] = token;
        knownPieces[slot] = piece;
        return piece;
    }

    /** The natural logarithm of the token's probability before any sampling option, if the row asked for it. */
    public float logprob(int row) {
        return buffer.logprob(filled(row));
    }

    /** The likeliest tokens, as many as the row asked for; fewer only if the vocabulary has fewer. */
    public int[] topTokens(int row) {
        return hasToken(row) ? buffer.topTokens(row) : new int[0];
    }

    /** The log probabilities of {@link #topTokens}. */
    public float[] topLogprobs(int row) {
        return hasToken(row) ? buffer.topLogprobs(row) : new float[0];
    }

    @Override
    public void close() {
        lifecycle.close(buffer::close);
    }

    /** What llama.cpp would abort the process over. */
    void check(LoadedModel contextModel, int mostTokens, int mostOutputs) {
        if (contextModel != model) {
            throw new IllegalArgumentException("the batch belongs to another model");
        }
        if (size() == 0 || size() > mostTokens) {
            throw new IllegalArgumentException(
                    "a batch of " + size() + " tokens, where 1 to " + mostTokens + " can be");
        }
        if (outputs > mostOutputs) {
            throw new IllegalArgumentException(outputs + " outputs, where at most " + mostOutputs + " can be");
        }
    }

    StepOutcome step(ContextHandle context) {
        return lifecycle.use(() -> {
            int held = 0;
            try {
                for (; held < samplers.size(); held++) {
                    samplers.get(held).lifecycle().enter();
                }
                filledRows = 0;
                var outcome = outcome(context.step(buffer));
                filledRows = outcome == StepOutcome.DONE ? rows() : 0;
                return outcome;
            } finally {
                samplers.subList(0, held).forEach(sampler -> sampler.lifecycle().leave());
            }
        });
    }

    float[][] embed(ContextHandle context, int sequences, int length) {
        return lifecycle.use(() -> {
            var vectors = new float[sequences][length];
            return switch (outcome(context.embed(buffer, vectors))) {
                case DONE -> vectors;
                case ABORTED -> throw new Cancelled("the computation of the embeddings was stopped");
                case NO_ROOM -> throw new NativeFailure("the context has no room for the texts to embed");
            };
        });
    }

    private boolean hasToken(int row) {
        return buffer.token(filled(row)) >= 0;
    }

    private int filled(int row) {
        return Objects.checkIndex(row, filledRows);
    }

    static StepOutcome outcome(int result) {
        return switch (result) {
            case 0 -> StepOutcome.DONE;
            case 1 -> StepOutcome.NO_ROOM;
            default -> StepOutcome.ABORTED;
        };
    }
}
