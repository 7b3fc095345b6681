// SPDX-License-Identifier: Apache-2.0
package dev.puna.engine.local;

import dev.puna.engine.checkpoint.AttentionWindow;
import dev.puna.engine.checkpoint.Rewinds;
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

    private final Rewinds rewinds;
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
        var cacheBytes = model.memory().cache();
        this.rewinds = new Rewinds(
                context,
                model.model().recurrent(),
                new AttentionWindow(model.model().attentionWindow()),
                model.vocabulary().endsOfAnswers(),
                cacheBytes);
        this.prefixCache = new PrefixCache(context, rewinds.forWholeSequences(cacheBytes), rewinds);
        this.kept = model.openPrefixes().map(store -> new KeptPrefixes(store, model, slots, rewinds.needed(), wake));
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
        var common = rewinds.needed() ? common(prompt) : 0;
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
        rewinds.plan(sequence.landmarks(), prompt, prefix, common);
        kept.ifPresent(disk -> disk.plan(sequence, running() == 1));
        passed(sequence);
        if (!seededRuns()) {
            parkIdle();
        }
        rewinds.dropUnheld(this::holds);
        return true;
    }

    /** Whether it is of use to know where the system parts of prompts end. */
    boolean wantsSystemParts() {
        return kept.isPresent() || rewinds.needed();
    }

    /** Keeps what a sequence holds, on disk and as a checkpoint, if a step has ended where that was planned. */
    void passed(Sequence sequence) {
        kept.ifPresent(disk -> disk.passed(sequence, running() == 1));
        var decoded = sequence.decoded();
        if (sequence.slot().isPresent() && sequence.reusable() == decoded) {
            var slot = sequence.place().id;
            rewinds.passed(sequence.landmarks(), slot, sequence.tokens(), decoded, () -> running() == 1, this::holds);
        }
    }

    /** A step's events have been told: keeps on disk what was left for that time. */
    void eventsTold() {
        kept.ifPresent(disk -> disk.keepLater(this::spare, running() <= 1));
    }

    /** An idle slot that is empty or was emptied for it, unless that gives up cells beside a sequence with a seed. */
    private Optional<CacheSlot> spare(CacheSlot source) {
        var idle = CacheSlot.oldestIdle(
                slots.stream().filter(slot -> slot != source && (slot.size() == 0 || !seededRuns())));
        idle.filter(slot -> slot.size() > 0).ifPresent(this::park);
        return idle;
    }

    /** Whether the cache, or what was copied out of it, holds all of some tokens. */
    private boolean holds(TokenList tokens) {
        return common(tokens) == tokens.size();
    }

    /** How many tokens of a prompt's beginning the cache, or what was copied out of it, holds. */
    private int common(TokenList prompt) {
        var held =
                slots.stream().mapToInt(slot -> slot.commonPrefix(prompt)).max().orElse(0);
        return Math.max(held, prefixCache.common(prompt));
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
        rewinds.close();
    }

    void release(CacheSlot slot) {
        var left = slot.reusable();
        var whole = left == slot.size();
        slot.release(++uses);
        if (!whole) {
            cut(slot, left);
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
                && rewinds.canShift()
                && seesEnough(slot, sequence, first, next)
                && unshared(slot, sequence, to)
                && context.remove(slot.id, first, next);
        tokens.removeRange(from, to);
        if (moves) {
            context.shift(slot.id, next, -1, first - next);
            sequence.shifted(to - from, rewinds.recurrent() ? 0 : from);
        } else {
            rewind(sequence, Math.min(from, sequence.decoded()));
        }
    }

    /** Whether a sequence can continue after a cut: its attention windows may reach to tokens before the cut. */
    private boolean seesEnough(CacheSlot slot, Sequence sequence, int first, int next) {
        var end = sequence.nextPosition() - (next - first);
        return end - rewinds.window().length() >= first || rewinds.window().covers(context.firstPosition(slot.id), end);
    }

    /** Takes out of the cache what it holds of a sequence behind {@code count} tokens, and what cannot be gone on from then. */
    void rewind(Sequence sequence, int count) {
        // Of keys that are still to be rotated it is not known which were.
        var left = sequence.slot()
                .filter(_ -> !sequence.shiftPending())
                .map(slot -> rewinds.cut(slot.id, sequence.tokens(), count))
                .orElse(0);
        if (left == 0 && sequence.decoded() > 0) {
            expel(sequence);
        } else if (left < sequence.decoded()) {
            sequence.rollback(left);
        }
    }

    /** Cuts what an idle slot holds back to {@code count} tokens, or as many fewer as it takes. */
    private void cut(CacheSlot slot, int count) {
        slot.truncate(rewinds.cut(slot.id, slot.tokens(), count));
    }

    /** Whether no other running sequence uses the cells of a sequence's tokens from an index on; idle slots give theirs up for it. */
    private boolean unshared(CacheSlot own, Sequence sequence, int from) {
        var common = slots.stream()
                .filter(slot -> slot != own && (!rewinds.recurrent() || (slot.shares() && own.shares())))
                .filter(slot -> Math.min(sequence.reusable(), slot.commonPrefix(sequence.tokens())) > from)
                .toList();
        if (!common.stream().allMatch(CacheSlot::idle)) {
            return false;
        }
        for (var slot : common) {
            if (rewinds.recurrent()) {
                park(slot);
            } else {
                cut(slot, from);
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
        var held = slots.stream().mapToInt(slot -> usable(slot, prompt)).max().orElse(0);
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
        var here = usable(slot, prompt);
        var source = bestSource(prompt);
        var shared = usable(source, prompt);
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
            source.share();
            slot.share();
            return rewinds.cut(slot.id, prompt, shared);
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
        return prefix == held.size() ? prefix : rewinds.cut(slot.id, prompt, prefix);
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
        return continued.or(() -> CacheSlot.oldestIdle(idle.stream()));
    }

    private CacheSlot bestSource(TokenList prompt) {
        return slots.stream()
                .max(Comparator.comparingInt(slot -> usable(slot, prompt)))
                .orElseThrow();
    }

    /** How many tokens of a prompt's beginning a slot has that the rest can be computed after. */
    private int usable(CacheSlot slot, TokenList prompt) {
        // The last token is always decoded again: its logits are needed.
        var common = Math.min(slot.commonPrefix(prompt), prompt.size() - 1);
        return rewinds.reach(prompt, common, common == slot.size(), () -> context.firstPosition(slot.id));
    }
}
