// SPDX-License-Identifier: Apache-2.0
package dev.puna.engine.local;

import dev.puna.engine.token.TokenList;
import dev.puna.llama.Context;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/**
 * The places for sequences in one KV cache, and what earlier sequences left there to be used again.
 *
 * <p>A new prompt gets the idle slot that holds the most of its beginning, or a copy of that beginning from whichever slot has
 * it: the cache is unified, so a copy shares cells and costs no memory. What idle slots hold beyond a little is
 * {@linkplain PrefixCache copied out} while others run. <b>Threads:</b> the decode loop's.
 */
final class CacheSlots implements AutoCloseable {

    /** To decode fewer tokens than this again is faster than to copy them. */
    private static final int WORTH_COPYING = 8;

    /** To decode fewer tokens than this again is faster than to restore them from the prefix cache. */
    private static final int WORTH_RESTORING = 64;

    /** To decode fewer tokens than this again takes little time. */
    private static final int SHORT_PREFIX = 128;

    /** Cells that idle slots may hold beside running sequences; the cache's use is counted in units of so many. */
    private static final int IDLE_CELLS = 256;

    private final Context context;

    /** Whether the model's memory cannot forget just a part (recurrent models): a prompt can only go on from all that a slot holds. */
    private final boolean wholeOnly;

    private final AttentionWindow window;
    private final List<CacheSlot> slots = new ArrayList<>();
    private final PrefixCache prefixCache;
    private final Optional<KeptPrefixes> kept;
    private final Optional<KeptConversations> conversations;
    private long uses;

    /**
     * @param wake lets the loop look again whether a sequence can be placed
     */
    CacheSlots(NativeModel model, Runnable wake) {
        this.context = model.context();
        this.wholeOnly = model.model().recurrent();
        this.window = new AttentionWindow(model.model().attentionWindow());
        this.prefixCache = new PrefixCache(context, model.memory().cache() / 2, wholeOnly, window);
        this.kept = model.openPrefixes()
                .map(store -> new KeptPrefixes(store, model, wholeOnly || window.length() > 0, wake));
        this.conversations = kept.filter(_ -> model.keepsConversations())
                .map(disk -> new KeptConversations(disk, context, slots, prefixCache));
        for (var id = 0; id < model.spec().sequences(); id++) {
            slots.add(new CacheSlot(id));
        }
    }

    /** Gives the sequence a slot, with as much of its prompt as is known; false while all are taken or some of it is read from disk. */
    boolean place(Sequence sequence, long now) {
        var prompt = sequence.tokens();
        if (slots.stream().noneMatch(CacheSlot::idle)
                || kept.filter(disk -> disk.reads(prompt, inMemory(prompt))).isPresent()) {
            return false;
        }
        var alone = sequence.seeded() && slots.stream().allMatch(CacheSlot::idle) && known(prompt) < SHORT_PREFIX;
        var pristine =
                slots.stream().filter(slot -> alone && slot.pristine(prompt)).findFirst();
        var own = pristine.or(() -> bestIdle(prompt));
        if (own.isEmpty()) {
            return false;
        }
        var slot = own.get();
        if (alone) {
            empty(pristine);
        }
        var anew = alone && pristine.isEmpty();
        var prefix = anew ? 0 : bring(slot, prompt);
        if (sequence.seeded() && prefix < SHORT_PREFIX && prefix < prompt.size() - 1) {
            // Of a short prompt with a seed the cache has all or nothing: the rest of it would round otherwise.
            context.remove(slot.id, 0, -1);
            prefix = 0;
        }
        slot.occupy(sequence, prefix);
        if (anew) {
            slot.startPristine(prompt.size() - 1);
        }
        sequence.placeIn(slot, prefix, now);
        kept.ifPresent(disk -> disk.plan(sequence, running() == 1));
        if (!seededRuns()) {
            parkIdle();
        }
        return true;
    }

    boolean keepsPrefixes() {
        return kept.isPresent();
    }

    /** Keeps what a sequence holds on disk if a step has ended where that was planned. */
    void passed(Sequence sequence) {
        kept.ifPresent(disk -> disk.passed(sequence, running() == 1));
    }

    private long running() {
        return slots.stream().filter(slot -> !slot.idle()).count();
    }

    /**
     * Nothing is to be done: waits to be woken. Conversations are kept meanwhile if that is wanted.
     *
     * @param nobodyWaits whether what was read from disk is of no use any more
     */
    void rest(Object blocker, boolean nobodyWaits) {
        if (nobodyWaits) {
            kept.ifPresent(KeptPrefixes::dropRead);
        }
        conversations.ifPresentOrElse(talks -> talks.rest(blocker), () -> LockSupport.park(blocker));
    }

    @Override
    public void close() {
        kept.ifPresent(KeptPrefixes::hurry);
        conversations.ifPresent(KeptConversations::keepAll);
        kept.ifPresent(KeptPrefixes::close);
        prefixCache.close();
    }

    void release(CacheSlot slot) {
        var left = slot.reusable();
        var broken = left < slot.size() && !cutTo(slot, slot.position(left));
        slot.release(++uses);
        if (broken) {
            clear(slot);
        }
    }

    /**
     * Takes the tokens of {@code [from, to)} out of a sequence. Where the cache can, the later ones move up in it, as in
     * llama.cpp's server; else they are decoded again.
     */
    void cut(Sequence sequence, int from, int to) {
        var tokens = sequence.tokens();
        var first = tokens.position(from);
        var next = tokens.position(to);
        if (sequence.slot().isEmpty()) {
            tokens.removeRange(from, to);
            sequence.rollback(0);
            return;
        }
        var slot = sequence.place();
        var moves = to <= sequence.decoded()
                && context.canShift()
                && seesEnough(slot, sequence, first, next)
                && unshared(slot, sequence, to)
                && context.remove(slot.id, first, next);
        tokens.removeRange(from, to);
        if (moves) {
            context.shift(slot.id, next, -1, first - next);
            sequence.shifted(to - from, wholeOnly ? 0 : from);
        } else if (cutTo(slot, first)) {
            sequence.rollback(from);
        } else {
            expel(sequence);
        }
    }

    /** Whether a sequence can continue after a cut: its attention windows may reach to tokens before the cut. */
    private boolean seesEnough(CacheSlot slot, Sequence sequence, int first, int next) {
        var end = sequence.nextPosition() - (next - first);
        return end - window.length() >= first || window.covers(context.firstPosition(slot.id), end);
    }

    /** Removes everything from a position on from the cache; false if the rest is of no use or nothing could be removed. */
    boolean cutTo(CacheSlot slot, int position) {
        return context.remove(slot.id, position, -1) && window.covers(context.firstPosition(slot.id), position);
    }

    /** Whether no other running sequence uses the cells of a sequence's tokens from an index on; idle slots give theirs up for it. */
    private boolean unshared(CacheSlot own, Sequence sequence, int from) {
        var common = slots.stream()
                .filter(slot -> slot != own && !wholeOnly)
                .filter(slot -> Math.min(sequence.reusable(), slot.commonPrefix(sequence.tokens())) > from)
                .toList();
        if (!common.stream().allMatch(CacheSlot::idle)) {
            return false;
        }
        for (var slot : common) {
            if (cutTo(slot, slot.position(from))) {
                slot.truncate(from);
            } else {
                clear(slot);
            }
        }
        return true;
    }

    /** Removes all tokens of a sequence from the cache; the sequence keeps its slot and decodes them again. */
    void expel(Sequence sequence) {
        sequence.slot().ifPresent(this::clear);
        sequence.rollback(0);
    }

    /** Empties all slots and the cache, after a failure that leaves the content of the cache unknown. */
    void clearAll() {
        context.clear();
        slots.forEach(CacheSlot::forget);
    }

    /** Drops the content of the least recently used idle slot; false when all idle slots are empty. */
    boolean forgetOldest() {
        var oldest = slots.stream()
                .filter(slot -> slot.idle() && slot.size() > 0)
                .min(Comparator.comparingLong(slot -> slot.lastUse));
        oldest.ifPresent(this::park);
        return oldest.isPresent();
    }

    /** How many tokens of a prompt's beginning some slot or the prefix cache holds. */
    private int known(TokenList prompt) {
        var parked = prefixCache.best(prompt, SHORT_PREFIX).isPresent() ? SHORT_PREFIX : 0;
        return Math.max(Math.max(parked, read(prompt)), usable(bestSource(prompt), prompt));
    }

    /** How many tokens of a prompt's beginning have been read from disk. */
    private int read(TokenList prompt) {
        return kept.map(disk -> disk.ready(prompt)).orElse(0);
    }

    /** How many tokens of a prompt's beginning can be had without the disk. */
    private int inMemory(TokenList prompt) {
        var held = slots.stream()
                .filter(slot -> slot.idle() || !wholeOnly)
                .mapToInt(slot -> usable(slot, prompt))
                .max()
                .orElse(0);
        return Math.max(prefixCache.most(prompt), held);
    }

    /**
     * Takes everything out of the cache but what one slot holds, so that the next tokens get the cells that they would get in a
     * new cache: attention adds up in the order of cells, and in another order it rounds otherwise.
     */
    private void empty(Optional<CacheSlot> kept) {
        slots.stream()
                .filter(slot -> slot.size() > 0 && kept.filter(slot::equals).isEmpty())
                .forEach(this::park);
        if (kept.isEmpty()) {
            clearAll();
        }
    }

    /** Whether a sequence with a seed runs: cells given up now would be given to its next tokens, out of their order. */
    private boolean seededRuns() {
        return slots.stream().anyMatch(CacheSlot::seeded);
    }

    /** Brings the longest known beginning of a prompt into an idle slot; returns its number of tokens. */
    private int bring(CacheSlot slot, TokenList prompt) {
        // The last token is always decoded again: its logits are needed.
        var most = prompt.size() - 1;
        var here = Math.min(usable(slot, prompt), most);
        var source = wholeOnly ? slot : bestSource(prompt);
        var shared = Math.min(usable(source, prompt), most);
        var best = prefixCache.best(prompt, Math.max(read(prompt), Math.max(here, shared)) + WORTH_RESTORING);
        if (best.isPresent()) {
            prefixCache.park(slot.id, slot.tokens(), best);
            clear(slot);
            return prefixCache.restore(best.get(), slot.id)
                    ? keep(slot, best.get().tokens(), prompt)
                    : 0;
        }
        if (read(prompt) >= Math.max(here, shared) + WORTH_RESTORING) {
            park(slot);
            return kept.flatMap(disk -> disk.restore(slot.id))
                    .map(tokens -> keep(slot, tokens, prompt))
                    .orElse(0);
        }
        if (source != slot && shared >= here + WORTH_COPYING) {
            park(slot);
            context.copy(source.id, slot.id, 0, prompt.position(shared));
            return shared;
        }
        if (here * 2 < slot.size()) {
            prefixCache.park(slot.id, slot.tokens());
        }
        return keep(slot, slot.tokens(), prompt);
    }

    /** Moves the oldest idle sequences out of the cache, so that the attention of running ones does not read their cells. */
    private void parkIdle() {
        var idle = slots.stream()
                .filter(slot -> slot.idle() && slot.size() > 0)
                .sorted(Comparator.comparingLong(slot -> slot.lastUse))
                .toList();
        var cells = idle.stream().mapToInt(CacheSlot::size).sum();
        for (var slot : idle) {
            if (cells <= IDLE_CELLS) {
                return;
            }
            cells -= slot.size();
            park(slot);
        }
    }

    private void park(CacheSlot slot) {
        prefixCache.park(slot.id, slot.tokens());
        clear(slot);
    }

    private void clear(CacheSlot slot) {
        context.remove(slot.id, 0, -1);
        slot.forget();
    }

    /** Cuts what a slot holds down to the beginning of a prompt, but for the prompt's last token; tells how much is left. */
    private int keep(CacheSlot slot, TokenList held, TokenList prompt) {
        var prefix = Math.min(held.commonPrefix(prompt), prompt.size() - 1);
        if (prefix == held.size()) {
            return prefix;
        }
        if (prefix > 0 && !wholeOnly && cutTo(slot, prompt.position(prefix))) {
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
        var most = seededRuns() ? 1 : 2;
        var continued = idle.stream()
                .filter(slot -> slot.size() > 0 && slot.commonPrefix(prompt) * most >= slot.size())
                .max(Comparator.comparingInt(slot -> slot.commonPrefix(prompt)));
        return continued.or(() -> idle.stream()
                .min(Comparator.<CacheSlot>comparingInt(slot -> slot.size() == 0 ? 0 : 1)
                        .thenComparingLong(slot -> slot.lastUse)));
    }

    private CacheSlot bestSource(TokenList prompt) {
        return slots.stream()
                .max(Comparator.comparingInt(slot -> usable(slot, prompt)))
                .orElseThrow();
    }

    /** How many tokens of a prompt's beginning a slot has that the rest can be computed after. */
    private int usable(CacheSlot slot, TokenList prompt) {
        var common = Math.min(slot.commonPrefix(prompt), prompt.size() - 1);
        return common == slot.size() || window.covers(context.firstPosition(slot.id), prompt.position(common))
                ? common
                : 0;
    }
}
