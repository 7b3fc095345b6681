// SPDX-License-Identifier: Apache-2.0
package dev.puna.engine.checkpoint;

import dev.puna.engine.token.TokenList;
import dev.puna.llama.Context;
import dev.puna.llama.SequenceState;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.jboss.logging.Logger;

/**
 * Copies, in plain memory, of what the cache cannot cut back of sequences: each is of use to a sequence of which the other layers hold the
 * tokens that it was taken behind.
 *
 * <p>When the limit is reached those go first whose tokens the cache holds no more, then those that were not used for longest. <b>Owns</b>
 * the copies. <b>Threads:</b> the decode loop's.
 */
public final class Checkpoints implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(Checkpoints.class);

    /** More are not looked through for every prompt. */
    private static final int MOST = 64;

    private final Context context;
    private final long mostBytes;

    /** The one that was used last is the last one. */
    private final List<Checkpoint> all = new ArrayList<>();

    private long bytes;

    /**
     * @param mostBytes of memory that all of them may take together
     */
    public Checkpoints(Context context, long mostBytes) {
        this.context = context;
        this.mostBytes = mostBytes;
    }

    /** How many tokens the longest one has that was taken within the first {@code limit} of these tokens; 0 if none was. */
    public int most(TokenList tokens, int limit) {
        var most = 0;
        for (var one : all) {
            if (one.isWithin(tokens, limit)) {
                most = Math.max(most, one.tokens.size());
            }
        }
        return most;
    }

    /**
     * Takes one of a sequence, unless it is too large or there is one already.
     *
     * @param tokens of the sequence, of which the cache holds just {@code count}
     * @param held whether the cache, or a copy of all of a sequence, holds all of some tokens
     */
    public void take(int sequence, TokenList tokens, int count, Predicate<TokenList> held) {
        if (most(tokens, count) == count || context.partBytes(sequence) > mostBytes) {
            return;
        }
        try {
            context.savePart(sequence).ifPresent(state -> add(new Checkpoint(tokens.first(count), state), held));
        } catch (OutOfMemoryError exhausted) {
            LOG.debugf("checkpoint.not_taken reason=\"%s\"", exhausted.getMessage());
        }
    }

    /**
     * Puts the one back that was taken behind so many of the tokens. What the other layers hold behind them is still to be removed.
     *
     * @return false if there is no room: the sequence is of no use then
     */
    public boolean restore(int sequence, TokenList tokens, int count) {
        var found = find(tokens, count);
        if (found.isEmpty()) {
            return false;
        }
        all.remove(found.get());
        all.addLast(found.get());
        var fits = context.restorePart(sequence, found.get().state);
        LOG.debugf("checkpoint.restored tokens=%d fits=%s", (Integer) count, (Boolean) fits);
        return fits;
    }

    /** Drops those that are of no use any more. */
    public void dropUnheld(Predicate<TokenList> held) {
        all.stream().filter(one -> !held.test(one.tokens)).toList().forEach(this::drop);
    }

    /** Bytes of memory that they take. */
    public long bytes() {
        return bytes;
    }

    @Override
    public void close() {
        List.copyOf(all).forEach(this::drop);
    }

    private Optional<Checkpoint> find(TokenList tokens, int count) {
        return all.stream()
                .filter(one -> one.tokens.size() == count && one.isWithin(tokens, count))
                .findFirst();
    }

    private void add(Checkpoint one, Predicate<TokenList> held) {
        all.addLast(one);
        bytes += one.bytes();
        if (isFull()) {
            dropUnheld(held);
        }
        while (isFull()) {
            drop(all.getFirst());
        }
        LOG.debugf("checkpoint.taken tokens=%d bytes=%d all=%d", one.tokens.size(), one.bytes(), bytes);
    }

    private boolean isFull() {
        return bytes > mostBytes || all.size() > MOST;
    }

    private void drop(Checkpoint one) {
        all.remove(one);
        bytes -= one.bytes();
        one.state.close();
    }

    private record Checkpoint(TokenList tokens, SequenceState state) {
        boolean isWithin(TokenList others, int limit) {
            return tokens.size() <= limit && tokens.commonPrefix(others) == tokens.size();
        }

        long bytes() {
            return state.bytes() + (long) Integer.BYTES * tokens.size();
        }
    }
}
