// SPDX-License-Identifier: Apache-2.0
package dev.puna.engine.local;

import static java.util.Objects.requireNonNull;

import dev.puna.engine.speculation.Guesser;
import dev.puna.engine.token.TokenList;
import java.util.Comparator;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** One sequence number of the KV cache: the sequence that uses it, and the tokens that it holds. */
final class CacheSlot {

    final int id;

    /** When the slot was last given back; the content of the least recent one is dropped first. */
    long lastUse;

    /** Tokens from the start that were computed in an empty cache, in one go: computing them again gives the same numbers. */
    private int pristine;

    /** Whether some of what it holds may lie in cells of another slot, too. */
    private boolean shares;

    private TokenList tokens = new TokenList(new int[0]);

    private @Nullable Sequence owner;

    private @Nullable Guesser guesser;

    CacheSlot(int id) {
        this.id = id;
    }

    boolean idle() {
        return owner == null;
    }

    /** The tokens that an earlier sequence left in the slot; only while it is idle. */
    TokenList tokens() {
        return tokens;
    }

    /** How many tokens the slot holds in the cache. */
    int size() {
        return owner == null ? tokens.size() : owner.decoded();
    }

    /** How many tokens from the start of a prompt the slot holds already. */
    int commonPrefix(TokenList prompt) {
        return owner == null
                ? tokens.commonPrefix(prompt)
                : Math.min(owner.reusable(), owner.tokens().commonPrefix(prompt));
    }

    /** How many tokens from the start another sequence may use just as well as the one that decoded them. */
    int reusable() {
        return owner == null ? tokens.size() : owner.reusable();
    }

    /** The cache position at which the content behind so many tokens begins. */
    int position(int index) {
        return (owner == null ? tokens : owner.tokens()).position(index);
    }

    /** Whether the slot holds all tokens of a prompt but its last one, computed as in an empty cache. */
    boolean pristine(TokenList prompt) {
        return pristine > 0 && pristine == prompt.size() - 1 && commonPrefix(prompt) >= pristine;
    }

    /** Records that so many tokens from the start were computed in an empty cache. */
    void startPristine(int count) {
        pristine = count;
    }

    /** Whether some of what it holds may lie in cells of another slot, too. */
    boolean shares() {
        return shares;
    }

    /** Records that it was copied from another slot, or another one from it. */
    void share() {
        shares = true;
    }

    /** Records that only the first tokens are left in the slot; only while it is idle. */
    void truncate(int size) {
        tokens.truncate(size);
        keepPristine(size);
    }

    private void keepPristine(int left) {
        pristine = left < pristine ? 0 : pristine;
    }

    /** Gives the slot to a sequence that continues after so many of its tokens. */
    void occupy(Sequence sequence, int prefix) {
        tokens = new TokenList(new int[0]);
        owner = sequence;
        guesser = new Guesser(sequence.tokens());
        keepPristine(prefix);
    }

    /** Guesses what follows in the sequence that uses the slot. */
    Guesser guesser() {
        return requireNonNull(guesser, "nobody uses the slot");
    }

    /** Whether a sequence with a seed uses the slot, whose numbers other sequences should not change. */
    boolean seeded() {
        return owner != null && owner.seeded();
    }

    /** An empty idle slot, else the least recently used one. */
    static Optional<CacheSlot> oldestIdle(Stream<CacheSlot> slots) {
        return slots.filter(CacheSlot::idle)
                .min(Comparator.<CacheSlot>comparingInt(slot -> slot.size() == 0 ? 0 : 1)
                        .thenComparingLong(slot -> slot.lastUse));
    }

    /** Whether a sequence uses the slot. */
    boolean isOf(Sequence sequence) {
        return owner == sequence;
    }

    /** Gives the slot back with the tokens of its sequence. */
    void release(long now) {
        if (owner != null) {
            tokens = owner.tokens();
            tokens.truncate(owner.reusable());
            keepPristine(tokens.size());
            owner = null;
            guesser = null;
        }
        lastUse = now;
    }

    /** Records that the slot is empty. */
    void forget() {
        tokens = new TokenList(new int[0]);
        pristine = 0;
        shares = false;
    }
}
