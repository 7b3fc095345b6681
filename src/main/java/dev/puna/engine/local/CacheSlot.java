// SPDX-License-Identifier: Apache-2.0
package dev.puna.engine.local;

import dev.puna.engine.token.TokenList;
import org.jspecify.annotations.Nullable;

/** One sequence number of the KV cache: whose it is, and which tokens lie there. */
final class CacheSlot {

    final int id;

    /** When it was last given back; the least recent is forgotten first. */
    long lastUse;

    /** Tokens from the start that were computed in an empty cache, in one go: computing them again gives the same numbers. */
    private int pristine;

    private TokenList tokens = new TokenList(new int[0]);

    private @Nullable Sequence owner;

    CacheSlot(int id) {
        this.id = id;
    }

    boolean idle() {
        return owner == null;
    }

    /** What an earlier sequence left here; only while idle. */
    TokenList tokens() {
        return tokens;
    }

    /** Tokens in the cache here. */
    int size() {
        return owner == null ? tokens.size() : owner.decoded();
    }

    /** How many tokens of a prompt lie here already, from its start. */
    int commonPrefix(TokenList prompt) {
        return owner == null
                ? tokens.commonPrefix(prompt)
                : Math.min(owner.reusable(), owner.tokens().commonPrefix(prompt));
    }

    /** How many tokens from the start are as good for another sequence as for the one that put them here. */
    int reusable() {
        return owner == null ? tokens.size() : owner.reusable();
    }

    /** Where what lies here behind so many tokens begins. */
    int position(int index) {
        return (owner == null ? tokens : owner.tokens()).position(index);
    }

    /** Whether all tokens of a prompt but its last one lie here as an empty cache would get them. */
    boolean pristine(TokenList prompt) {
        return pristine > 0 && pristine == prompt.size() - 1 && commonPrefix(prompt) >= pristine;
    }

    /** Says that so many tokens from the start are computed in an empty cache. */
    void startPristine(int count) {
        pristine = count;
    }

    /** Says that only the first tokens are left here; only while idle. */
    void truncate(int size) {
        tokens.truncate(size);
        keepPristine(size);
    }

    private void keepPristine(int left) {
        pristine = left < pristine ? 0 : pristine;
    }

    /** Gives the slot to a sequence that goes on from so many of the tokens here. */
    void occupy(Sequence sequence, int prefix) {
        tokens = new TokenList(new int[0]);
        owner = sequence;
        keepPristine(prefix);
    }

    /** Whether a sequence runs here whose numbers the others should not change. */
    boolean seeded() {
        return owner != null && owner.seeded();
    }

    /** Gives the slot back with what its sequence has put there. */
    void release(long now) {
        if (owner != null) {
            tokens = owner.tokens();
            tokens.truncate(owner.reusable());
            keepPristine(tokens.size());
            owner = null;
        }
        lastUse = now;
    }

    /** Says that nothing lies here any more. */
    void forget() {
        tokens = new TokenList(new int[0]);
        pristine = 0;
    }
}
