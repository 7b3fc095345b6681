// SPDX-License-Identifier: Apache-2.0
package dev.puna.engine.local;

import dev.puna.engine.token.TokenList;
import org.jspecify.annotations.Nullable;

/** One sequence number of the KV cache: whose it is, and which tokens lie there. */
final class CacheSlot {

    final int id;

    /** When it was last given back; the least recent is forgotten first. */
    long lastUse;

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

    /** Says that only the first tokens are left here; only while idle. */
    void truncate(int size) {
        tokens.truncate(size);
    }

    void occupy(Sequence sequence) {
        owner = sequence;
    }

    /** Gives the slot back with what its sequence has put there. */
    void release(long now) {
        if (owner != null) {
            tokens = owner.tokens();
            tokens.truncate(owner.reusable());
            owner = null;
        }
        lastUse = now;
    }

    /** Says that nothing lies here any more. */
    void forget() {
        tokens = new TokenList(new int[0]);
    }
}
