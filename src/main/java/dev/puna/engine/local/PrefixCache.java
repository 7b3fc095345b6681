// SPDX-License-Identifier: Apache-2.0
package dev.puna.engine.local;

import dev.puna.engine.checkpoint.Rewinds;
import dev.puna.engine.token.TokenList;
import dev.puna.llama.Context;
import dev.puna.llama.SequenceState;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.Optional;
import org.jboss.logging.Logger;

/**
 * What idle sequences left in the KV cache, taken out of it into plain memory.
 *
 * <p>The attention of every token looks at all cells in use, whosesoever they are: idle conversations would slow those that
 * run. Copied out they cost only memory, and coming back takes milliseconds where decoding again takes seconds. When the
 * limit is reached, the one that has waited longest goes. <b>Owns</b> the copies. <b>Threads:</b> the decode loop's.
 */
final class PrefixCache implements AutoCloseable {

    /** To decode fewer tokens than this again is cheaper than to keep a copy. */
    private static final int WORTH_PARKING = 64;

    private static final Logger LOG = Logger.getLogger(PrefixCache.class);

    private final Context context;
    private final long mostBytes;
    private final Rewinds rewinds;
    private final Deque<Parked> parked = new ArrayDeque<>();
    private long bytes;

    /**
     * @param mostBytes of memory that all copies may take together
     * @param rewinds how the cache is cut back when it holds a copy again
     */
    PrefixCache(Context context, long mostBytes, Rewinds rewinds) {
        this.context = context;
        this.mostBytes = mostBytes;
        this.rewinds = rewinds;
    }

    /** Copies a sequence's tokens unless they are known, or not worth it; it stays in the cache. */
    void park(int sequence, TokenList tokens) {
        park(sequence, tokens, Optional.empty());
    }

    /** The same, but keeps a copy that is about to be restored. */
    void park(int sequence, TokenList tokens, Optional<Parked> kept) {
        if (tokens.size() < WORTH_PARKING || covered(tokens)) {
            return;
        }
        var first = rewinds.window().firstSaved(context.firstPosition(sequence), tokens.position(tokens.size()));
        parked.stream()
                .filter(old -> old.tokens.commonPrefix(tokens) == old.tokens.size())
                .filter(old -> reach(tokens, first, old.tokens.size()) > old.tokens.size() - WORTH_PARKING)
                .toList()
                .forEach(this::drop);
        if (context.stateBytes(sequence) > mostBytes) {
            return;
        }
        try {
            context.save(sequence)
                    .map(state -> new Parked(tokens, state, first))
                    .ifPresent(one -> add(one, kept));
        } catch (OutOfMemoryError exhausted) {
            LOG.debugf("sequence not parked tokens=%d reason=\"%s\"", (Integer) tokens.size(), exhausted.getMessage());
        }
    }

    /** The copy with the longest common beginning with a prompt, if any has at least so many tokens of it. */
    Optional<Parked> best(TokenList prompt, int least) {
        return parked.stream()
                .filter(one -> usable(one, prompt) >= least)
                .max(Comparator.comparingInt(one -> usable(one, prompt)));
    }

    /** How many tokens of a prompt's beginning the best copy holds. */
    int most(TokenList prompt) {
        return parked.stream().mapToInt(one -> usable(one, prompt)).max().orElse(0);
    }

    /** How many tokens of a prompt's beginning some copy has, whether they can be gone on from or not. */
    int common(TokenList prompt) {
        return parked.stream()
                .mapToInt(one -> one.tokens.commonPrefix(prompt))
                .max()
                .orElse(0);
    }

    /** All copies, the one that has waited longest first. */
    Iterable<Parked> all() {
        return parked;
    }

    /** Puts a copy back into the cache; false, with nothing left of that sequence, if there is no room. */
    boolean restore(Parked one, int sequence) {
        parked.remove(one);
        parked.addLast(one);
        return context.restore(sequence, one.state);
    }

    @Override
    public void close() {
        while (!parked.isEmpty()) {
            drop(parked.peekFirst());
        }
    }

    private boolean covered(TokenList tokens) {
        return parked.stream()
                .filter(one -> one.tokens.commonPrefix(tokens) == tokens.size())
                .anyMatch(one -> reach(one.tokens, one.first, tokens.size()) > tokens.size() - WORTH_PARKING);
    }

    private void add(Parked one, Optional<Parked> kept) {
        parked.addLast(one);
        bytes += one.state.bytes();
        while (bytes > mostBytes) {
            drop(parked.stream()
                    .filter(other -> kept.filter(other::equals).isEmpty())
                    .findFirst()
                    .orElseThrow());
        }
    }

    private void drop(Parked one) {
        parked.remove(one);
        bytes -= one.state.bytes();
        one.state.close();
    }

    private int usable(Parked one, TokenList prompt) {
        var common = one.tokens.commonPrefix(prompt);
        // The last token of a prompt is always decoded again.
        var most = Math.min(common, prompt.size() - 1);
        return reach(one.tokens, one.first, most);
    }

    /** How many of the first {@code count} tokens of a copy, in all layers from a position on, can be gone on from. */
    private int reach(TokenList tokens, int first, int count) {
        return rewinds.reach(tokens, count, count == tokens.size(), () -> first);
    }

    /**
     * Tokens and what the cache held of them.
     *
     * @param first position from which on all layers have all
     */
    record Parked(TokenList tokens, SequenceState state, int first) {}
}
