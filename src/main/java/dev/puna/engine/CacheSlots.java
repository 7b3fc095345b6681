// SPDX-License-Identifier: Apache-2.0
package dev.puna.engine;

import dev.puna.llama.Context;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * The places for sequences in one KV cache, and what earlier sequences left there to be used again.
 *
 * <p>A new prompt gets the idle slot that holds the most of its beginning, or a copy of that beginning from whichever slot has
 * it: the cache is unified, so a copy shares cells and costs no memory. <b>Threads:</b> the decode loop's.
 */
final class CacheSlots {

    /** Fewer tokens than this are decoded again sooner than copied. */
    private static final int WORTH_COPYING = 8;

    private final Context context;
    private final boolean wholeOnly;
    private final List<CacheSlot> slots = new ArrayList<>();
    private long uses;

    /**
     * @param wholeOnly whether the model's memory cannot forget just a part (recurrent models): only a prompt that goes on from all
     *     that a slot holds can use it
     */
    CacheSlots(Context context, int count, boolean wholeOnly) {
        this.context = context;
        this.wholeOnly = wholeOnly;
        for (var id = 0; id < count; id++) {
            slots.add(new CacheSlot(id));
        }
    }

    /** A slot for the sequence, with as much of its prompt as the cache knows; empty when all are taken. */
    boolean place(Sequence sequence, long now) {
        var prompt = sequence.tokens;
        var own = bestIdle(prompt);
        if (own.isEmpty()) {
            return false;
        }
        var slot = own.get();
        // The last token is always decoded again: its logits are needed.
        var prefix = Math.min(slot.commonPrefix(prompt), prompt.size() - 1);
        var source = wholeOnly ? slot : bestSource(prompt);
        var sourcePrefix = Math.min(source.commonPrefix(prompt), prompt.size() - 1);
        if (source != slot && sourcePrefix >= prefix + WORTH_COPYING) {
            context.remove(slot.id, 0, -1);
            context.copy(source.id, slot.id, 0, sourcePrefix);
            prefix = sourcePrefix;
        } else {
            prefix = keep(slot, prefix);
        }
        slot.forget();
        slot.occupy(sequence);
        sequence.place(slot, prefix, now);
        return true;
    }

    void release(CacheSlot slot) {
        slot.release(++uses);
    }

    /** Takes all tokens of a sequence out of the cache; it keeps its slot and decodes them again. */
    void expel(Sequence sequence) {
        if (sequence.slot != null) {
            clear(sequence.slot);
        }
        sequence.decoded = 0;
    }

    /** Empties everything, after a failure that leaves the cache in doubt. */
    void clearAll() {
        context.clear();
        slots.forEach(CacheSlot::forget);
    }

    /** Forgets what the least recently used idle slot holds; false when there is nothing left to forget. */
    boolean forgetOldest() {
        var oldest = slots.stream()
                .filter(slot -> slot.idle() && slot.size() > 0)
                .min(Comparator.comparingLong(slot -> slot.lastUse));
        oldest.ifPresent(this::clear);
        return oldest.isPresent();
    }

    private void clear(CacheSlot slot) {
        context.remove(slot.id, 0, -1);
        slot.forget();
    }

    private int keep(CacheSlot slot, int prefix) {
        if (prefix == slot.size()) {
            return prefix;
        }
        if (prefix > 0 && !wholeOnly && context.remove(slot.id, prefix, -1)) {
            return prefix;
        }
        context.remove(slot.id, 0, -1);
        return 0;
    }

    /**
     * The idle slot that wastes least: one whose content the prompt mostly goes on from, else an empty one, else the least
     * recently used.
     */
    private Optional<CacheSlot> bestIdle(TokenList prompt) {
        var idle = slots.stream().filter(CacheSlot::idle).toList();
        var continued = idle.stream()
                .filter(slot -> slot.size() > 0 && slot.commonPrefix(prompt) * 2 >= slot.size())
                .max(Comparator.comparingInt(slot -> slot.commonPrefix(prompt)));
        return continued.or(() -> idle.stream()
                .min(Comparator.<CacheSlot>comparingInt(slot -> slot.size() == 0 ? 0 : 1)
                        .thenComparingLong(slot -> slot.lastUse)));
    }

    private CacheSlot bestSource(TokenList prompt) {
        return slots.stream()
                .max(Comparator.comparingInt(slot -> slot.commonPrefix(prompt)))
                .orElseThrow();
    }
}
