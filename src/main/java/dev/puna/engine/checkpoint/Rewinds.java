// SPDX-License-Identifier: Apache-2.0
package dev.puna.engine.checkpoint;

import dev.puna.engine.token.TokenList;
import dev.puna.llama.Context;
import java.util.Collection;
import java.util.function.BooleanSupplier;
import java.util.function.IntSupplier;
import java.util.function.Predicate;

/**
 * How sequences of the cache are cut back to a beginning of their tokens: at once where all layers can, else with the last checkpoint
 * before. <b>Owns</b> the checkpoints. <b>Threads:</b> the decode loop's.
 */
public final class Rewinds implements AutoCloseable {

    /** Bytes that are copied so fast that others hardly notice. */
    public static final long QUICKLY_COPIED = 128L << 20;

    /** Bytes of copies that are not too much for any machine: the cache of a recurrent model may have no more than one of them. */
    private static final long LITTLE = 128L << 20;

    private static final long MOST = 1L << 30;

    private final Context context;
    private final boolean recurrent;
    private final AttentionWindow window;
    private final CheckpointPlaces places;
    private final Checkpoints checkpoints;

    /**
     * @param recurrent whether layers have a state that cannot be cut back
     * @param window how far back layers of sliding-window attention see
     * @param ends tokens that end messages
     * @param cacheBytes of the cache, after which the memory for checkpoints is measured
     */
    public Rewinds(
            Context context, boolean recurrent, AttentionWindow window, Collection<Integer> ends, long cacheBytes) {
        this(
                context,
                recurrent,
                window,
                new CheckpointPlaces(ends),
                new Checkpoints(context, Math.clamp(cacheBytes / 2, LITTLE, MOST)));
    }

    Rewinds(
            Context context,
            boolean recurrent,
            AttentionWindow window,
            CheckpointPlaces places,
            Checkpoints checkpoints) {
        this.context = context;
        this.recurrent = recurrent;
        this.window = window;
        this.places = places;
        this.checkpoints = checkpoints;
    }

    /**
     * Memory that copies of whole sequences may take.
     *
     * @param cacheBytes of the cache
     */
    public long forWholeSequences(long cacheBytes) {
        return recurrent ? Math.max(cacheBytes / 2, LITTLE) : cacheBytes / 2;
    }

    public boolean recurrent() {
        return recurrent;
    }

    public AttentionWindow window() {
        return window;
    }

    /** Whether there are layers that cannot always be cut back. */
    public boolean needed() {
        return recurrent || window.length() > 0;
    }

    /**
     * Whether tokens behind a cut can move up in the cache. Not those of recurrent models with windows: where no layer of a model sees
     * everything, llama.cpp v0.5.0 fails to. Source: {@code llama-kv-cache.cpp}, {@code build_graph_shift} without layers.
     */
    public boolean canShift() {
        return context.canShift() && !(recurrent && window.length() > 0);
    }

    /**
     * How many of the first {@code count} tokens of a sequence can be gone on from.
     *
     * @param whole whether the sequence has no more than those
     * @param first tells from which position on all layers have all tokens; -1 if they have none
     */
    public int reach(TokenList tokens, int count, boolean whole, IntSupplier first) {
        if (whole || count == 0) {
            return count;
        }
        var direct = !recurrent && (window.length() == 0 || window.covers(first.getAsInt(), tokens.position(count)));
        return direct ? count : checkpoints.most(tokens, count);
    }

    /**
     * Cuts a sequence of the cache back to {@code count} tokens, or as many fewer as it takes.
     *
     * @param tokens that the sequence holds, and maybe more
     * @return how many are left, 0 with nothing in the cache
     */
    public int cut(int sequence, TokenList tokens, int count) {
        if (cutTo(sequence, tokens.position(count))) {
            return count;
        }
        var fewer = checkpoints.most(tokens, count);
        if (fewer > 0 && checkpoints.restore(sequence, tokens, fewer) && cutTo(sequence, tokens.position(fewer))) {
            return fewer;
        }
        context.remove(sequence, 0, -1);
        return 0;
    }

    private boolean cutTo(int sequence, int position) {
        // A recurrent state is cut if it is at that position already, and then all windows are, too.
        return (recurrent || window.length() == 0 || window.covers(context.firstPosition(sequence), position))
                && context.remove(sequence, position, -1);
    }

    /**
     * Chooses where checkpoints of a sequence are to be taken.
     *
     * @param held how many of its tokens the cache holds
     * @param common how many of them were known before, whether they could be gone on from or not
     */
    public void plan(Landmarks landmarks, TokenList prompt, int held, int common) {
        if (needed()) {
            var last = checkpoints.most(prompt, held);
            landmarks.checkpointsAt(places.in(prompt, held, last, landmarks.systemPart(), common));
        }
    }

    /**
     * Takes a checkpoint if that was planned behind what the cache holds of a sequence. A large one is taken while nobody waits, and only
     * of recurrent models: others can often do without.
     *
     * @param alone tells whether nobody waits while it is copied
     * @param holds whether the cache, or a copy of all of a sequence, holds all of some tokens
     */
    public void passed(
            Landmarks landmarks,
            int sequence,
            TokenList tokens,
            int held,
            BooleanSupplier alone,
            Predicate<TokenList> holds) {
        if (landmarks.reachedCheckpoint(held)
                && ((recurrent && alone.getAsBoolean()) || context.partBytes(sequence) <= QUICKLY_COPIED)) {
            checkpoints.take(sequence, tokens, held, holds);
        }
    }

    /** Drops checkpoints whose tokens are nowhere any more. */
    public void dropUnheld(Predicate<TokenList> holds) {
        checkpoints.dropUnheld(holds);
    }

    @Override
    public void close() {
        checkpoints.close();
    }
}
